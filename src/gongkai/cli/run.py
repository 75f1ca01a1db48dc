"""``gongkai run``: prepare, start the web server, the worker, the publisher and the builder, look after them until Ctrl-C."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import click

from gongkai.config.cluster import DatabaseUnavailable
from gongkai.config.database import EmbeddedServer
from gongkai.config.doctor.database import OLDEST_POSTGRESQL
from gongkai.config.env import BadEnvironment, read_environment
from gongkai.config.manage import use_settings
from gongkai.config.parenting import die_with_parent
from gongkai.config.startup import (
    NotReady,
    builder_command,
    check_home,
    check_port,
    child_environment,
    collect_static,
    hold_home,
    migrate,
    migrations_missing,
    publisher_command,
    web_command,
    worker_command,
)
from gongkai.config.supervisor import Child, LogFile, Supervisor

ANSWER_SECONDS = 120  # a busy small machine renders its first page slowly; one that ended is noticed at once
BEGAN = time.monotonic()


def _say(line: str) -> None:
    click.echo(f"[{time.monotonic() - BEGAN:5.1f} 秒] {line}")


@click.command()
@click.option("--port", type=int, help="网页服务的端口（默认取 GONGKAI_PORT）。")
@click.option("--bind", help="网页服务监听的地址（默认取 GONGKAI_BIND）。")
@click.option("--no-demo", is_flag=True, help="首次启动时不装入示例城市。")
@click.option("--verbose", is_flag=True, help="把各进程的日志也显示在屏幕上。")
@click.option("--prepare-only", is_flag=True, hidden=True)
def run(port: int | None, bind: str | None, no_demo: bool, verbose: bool, prepare_only: bool) -> None:
    """启动内置数据库、网页服务和后台任务；按 Ctrl-C 全部停止。"""
    if port is not None:
        os.environ["GONGKAI_PORT"] = str(port)
    if bind:
        os.environ["GONGKAI_BIND"] = bind
    try:
        if prepare_only:
            prepare(no_demo=no_demo)
        else:
            serve(no_demo=no_demo, verbose=verbose)
    except (NotReady, BadEnvironment, DatabaseUnavailable) as error:
        click.echo(f"无法启动：{error}", err=True)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        click.echo("已停止。")
        raise SystemExit(130) from None


def serve(*, no_demo: bool, verbose: bool) -> None:
    """Start everything and stay until told to stop. Raises NotReady, BadEnvironment or DatabaseUnavailable."""
    env = read_environment()
    settings_module = use_settings()
    home: Path = env["GONGKAI_HOME"]
    check_home(home)
    with hold_home(home):
        check_port(env["GONGKAI_BIND"], env["GONGKAI_PORT"])
        server = None if env["DATABASE_URL"] else EmbeddedServer(home, buffers=env["GONGKAI_DATABASE_MB"], tell=_say)
        environment = child_environment(env, settings_module)
        logs = home / "logs"
        children = [
            Child("web", "网页服务", web_command(env), environment, logs, verbose),
            Child("worker", "后台任务", worker_command(env), environment, logs, verbose, follows_database=True),
            Child("publisher", "定时发布", publisher_command(), environment, logs, verbose, follows_database=True),
            Child("builder", "静态网站", builder_command(), environment, logs, verbose, follows_database=True),
        ]
        supervisor = Supervisor(children, server, _say, logs)
        try:
            if server is not None:
                server.start()
                _say("内置数据库已就绪。")
            signins = _prepare_apart(environment, logs, no_demo=no_demo)
            supervisor.listen_to_signals()
            supervisor.start_children()
            if _wait_for_answer(supervisor, children[0], environment["GONGKAI_BASE_URL"], env):
                _welcome(env, environment["GONGKAI_BASE_URL"], signins)
        except BaseException:
            supervisor.stop()
            raise
        supervisor.run()
    click.echo("已全部停止，数据保留在 " + str(home))


def _prepare_apart(environment: dict[str, str], logs: Path, *, no_demo: bool) -> list[str]:
    """Prepare in a process of its own, which gives its memory back; return the lines about demo sign-ins."""
    command = [sys.executable, "-m", "gongkai", "run", "--prepare-only", *(["--no-demo"] if no_demo else [])]
    log = LogFile(logs, "prepare")
    signins: list[str] = []
    said: list[str] = []
    process = subprocess.Popen(
        command,
        env={**environment, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            message = _message(line)
            if message is None:
                log.line(line)
                said.append(line.strip())
            elif "step" in message:
                _say(message["step"])
            else:
                signins = list(message["signins"])
        code = process.wait()
    except BaseException:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    finally:
        process.stdout.close()
        log.close()
    if code:
        last = next((line for line in reversed(said) if line), "")
        raise NotReady(f"准备数据没有成功（{last[:200]}）；详情见 {logs / 'prepare.log'}。")
    return signins


def _message(line: str) -> dict[str, Any] | None:
    if not line.startswith('{"gongkai": '):
        return None
    try:
        found: dict[str, Any] = json.loads(line)["gongkai"]
    except ValueError:
        return None
    return found


def prepare(*, no_demo: bool) -> None:
    """Bring database and static files up to date; load the sample city into a new database. Runs as its own process."""

    def tell(line: str) -> None:
        print(json.dumps({"gongkai": {"step": line}}, ensure_ascii=False), flush=True)

    from gongkai.config.manage import setup

    setup(database=False)
    from django.db import OperationalError, connection

    env = read_environment()
    home: Path = env["GONGKAI_HOME"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            version = int(cursor.fetchone()[0]) // 10000
        if version < OLDEST_POSTGRESQL:
            raise NotReady(f"外部数据库是 PostgreSQL {version}，至少需要 {OLDEST_POSTGRESQL}。")
        demo_due = home / "demo.due"
        if migrations_missing(home):
            if not connection.introspection.table_names() and not no_demo:
                demo_due.touch()
            tell("正在建立或更新数据表…")
            migrate(home, tell)
    except OperationalError as error:
        raise NotReady(f"数据库不能使用：{' '.join(str(error).split())}") from None
    if no_demo:
        demo_due.unlink(missing_ok=True)
    if collect_static(home):
        tell("网页静态文件已更新。")
    signins = _demo(demo_due, tell)
    print(json.dumps({"gongkai": {"signins": signins}}, ensure_ascii=False), flush=True)


def _demo(due: Path, tell: Any) -> list[str]:
    """Load the sample city where it is due; return the lines about its sign-ins while it is there."""
    try:
        from gongkai.cli.demo import demo_ensure, demo_signins

        if due.exists():
            tell("正在装入示例城市…")
            demo_ensure()
        return demo_signins()
    except Exception as error:  # the sample city is a convenience: without it the service is still whole
        logging.getLogger(__name__).exception("the sample city could not be loaded")
        tell(f"示例城市没有装入（{_one_line(error)}）；可以稍后运行 gongkai demo load。")
        return []
    finally:
        due.unlink(missing_ok=True)  # not reached where this process was killed: the next start tries again


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _wait_for_answer(supervisor: Supervisor, web: Child, url: str, env: Any) -> bool:
    """Wait until the web server answers; False when told to stop meanwhile. Raises NotReady when it does not."""
    host = "127.0.0.1" if env["GONGKAI_BIND"] in {"0.0.0.0", "::"} else env["GONGKAI_BIND"]
    address = f"http://{f'[{host}]' if ':' in host else host}:{env['GONGKAI_PORT']}/"
    deadline = time.monotonic() + ANSWER_SECONDS
    while not supervisor.stopping:
        if not web.running():
            raise NotReady(f"网页服务没有启动成功（{web.how_it_ended()}）；详情见日志 web.log。")
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=20):
                return True
        except urllib.error.HTTPError as error:
            error.close()
            if error.code < 500:
                return True
            trouble = f"一直回答错误 {error.code}"
        except OSError:
            trouble = "一直没有应答"
        if time.monotonic() > deadline:
            raise NotReady(f"网页服务 {ANSWER_SECONDS} 秒里{trouble}；详情见日志 web.log。")
        time.sleep(0.1)
    return False


def _welcome(env: Any, url: str, signins: list[str]) -> None:
    _say("已启动。")
    click.echo(f"\n  工作台    {url}/admin/\n  公众网站  {url}/")
    for line in signins:
        click.echo(f"  {line}")
    click.echo(f"\n  数据目录  {env['GONGKAI_HOME']}\n  按 Ctrl-C 停止。\n")

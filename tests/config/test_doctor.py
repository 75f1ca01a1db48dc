"""``gongkai doctor``: each check sees its own kind of broken installation and says how to mend it."""

from __future__ import annotations

import errno
import json
import os
import shutil
import smtplib
import sys
import tempfile
from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from gongkai.cli import doctor as command
from gongkai.config.doctor import CHECKS, Check, Finding, Level, Situation, data, database, examine, machine, service
from gongkai.config.startup import hold_home
from gongkai.kernel.jobs.services import heartbeat_record

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PRODUCTION = "gongkai.config.settings.production"


@pytest.fixture
def situation(tmp_path: Path) -> Callable[..., Situation]:
    def make(production: bool = False, now: datetime = NOW, problem: str = "", **variables: str) -> Situation:
        module = PRODUCTION if production else "gongkai.config.settings.embedded"
        return Situation({"GONGKAI_HOME": str(tmp_path), **variables}, now, problem, module)

    return make


Make = Callable[..., Situation]


def seen(finding: Finding, level: Level, words: str) -> None:
    assert (finding.level, words in finding.message) == (level, True), finding
    assert bool(finding.remedy) == (level is not Level.FINE)


class TestMachine:
    def test_misses_a_new_python(self, situation: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        seen(machine.check_python(situation()), Level.FINE, "3.")
        monkeypatch.setattr(sys, "version_info", (3, 9, 2))
        seen(machine.check_python(situation()), Level.ERROR, "太旧")

    @pytest.mark.parametrize(
        ("production", "variables", "level", "words"),
        [
            (False, {}, Level.FINE, "单机方式"),
            (False, {"GONGKAI_PORT": "x"}, Level.ERROR, "GONGKAI_PORT 应是一个整数"),
            (True, {}, Level.ERROR, "缺少 GONGKAI_SECRET_KEY、DATABASE_URL"),
            (True, {"GONGKAI_SECRET_KEY": "short", "DATABASE_URL": "postgresql://x/y"}, Level.NOTICE, "不足 50 个字符"),
            (
                True,
                {
                    "GONGKAI_SECRET_KEY": "k" * 64,
                    "DATABASE_URL": "postgresql://x/y",
                    "GONGKAI_HTTPS": "true",
                    "GONGKAI_BASE_URL": "https://gk.example",
                },
                Level.FINE,
                "生产方式",
            ),
        ],
    )
    def test_reads_the_settings(
        self, situation: Make, production: bool, variables: dict[str, str], level: Level, words: str
    ) -> None:
        seen(machine.check_settings(situation(production, **variables)), level, words)

    @pytest.mark.parametrize(
        ("variables", "level", "words"),
        [
            ({}, Level.NOTICE, "没有设置网站名称、域名、网站标识码"),
            ({"GONGKAI_SITE_CODE": "36070"}, Level.ERROR, "10 位数字"),
            ({"GONGKAI_SITE_DOMAIN": "https://www.example/"}, Level.ERROR, "不带 http://"),
            ({"GONGKAI_SITE_ERRORS_URL": "errors.example"}, Level.ERROR, "https:// 开头"),
            (
                {
                    **dict.fromkeys(machine.SITE_FACTS, "https://a"),
                    "GONGKAI_SITE_CODE": "bm17000009",
                    "GONGKAI_SITE_DOMAIN": "a",
                },
                Level.FINE,
                "bm17000009",
            ),
        ],
    )
    def test_reads_what_the_site_is_registered_as(
        self, situation: Make, variables: dict[str, str], level: Level, words: str
    ) -> None:
        seen(machine.check_site(situation(**variables)), level, words)

    def test_sees_a_home_that_takes_no_files(self, situation: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        seen(machine.check_home(situation()), Level.FINE, "/")

        def fail(**_: Any) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

        monkeypatch.setattr(tempfile, "NamedTemporaryFile", fail)
        seen(machine.check_home(situation()), Level.ERROR, "不能写入")

    @pytest.mark.parametrize(
        ("free", "level"), [(100 * 1024**2, Level.ERROR), (1024**3, Level.NOTICE), (10 * 1024**3, Level.FINE)]
    )
    def test_sees_a_full_disk(self, situation: Make, monkeypatch: pytest.MonkeyPatch, free: int, level: Level) -> None:
        usage = namedtuple("usage", "total used free")(10**12, 10**12, free)
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
        seen(machine.check_disk(situation()), level, "剩余" if level is Level.FINE else "")

    def test_names_another_time_zone(self, situation: Make) -> None:
        seen(machine.check_time_zone(situation()), Level.FINE, "北京时间")
        seen(machine.check_time_zone(situation(now=NOW.astimezone(UTC))), Level.NOTICE, "UTC")


class TestRules:
    def test_counts_them(self, situation: Make) -> None:
        seen(data.check_rules(situation()), Level.FINE, "条规则")

    def test_misses_the_folder_of_local_ones(self, situation: Make) -> None:
        seen(data.check_rules(situation(GONGKAI_RULES_DIR="/nonexistent/rules")), Level.ERROR, "不存在")

    def test_sees_local_ones_that_cannot_be_read(self, situation: Make, tmp_path: Path) -> None:
        folder = tmp_path / "rules" / "cn-9999"
        folder.mkdir(parents=True)
        (folder / "bad.yaml").write_text("rules: [\n")
        check = next(check for check in CHECKS if check.name == "rules")
        (finding,) = examine(situation(GONGKAI_RULES_DIR=str(folder.parent)), [check])
        assert finding.level is Level.ERROR

    def test_says_what_is_wrong_with_local_ones(self, situation: Make, tmp_path: Path) -> None:
        folder = tmp_path / "rules" / "cn-9999"
        folder.mkdir(parents=True)
        (folder / "own.yaml").write_text(
            "layer: cn-9999\nrules:\n  - id: foi.fee.counting\n    kind: local\n    versions:\n"
            "      - {in_force_from: 2024-01-01, values: {scope: country}, citations: [本单位], status: verified}\n"
        )
        seen(data.check_rules(situation(GONGKAI_RULES_DIR=str(folder.parent))), Level.ERROR, "foi.fee.counting")


class TestService:
    def test_tells_whether_it_runs(self, situation: Make, tmp_path: Path) -> None:
        seen(service.check_service(situation()), Level.NOTICE, "没有在这个数据目录上运行")
        with hold_home(tmp_path):
            seen(service.check_service(situation()), Level.FINE, f"进程 {os.getpid()}")
        seen(service.check_service(situation()), Level.NOTICE, "没有在这个数据目录上运行")

    def test_sees_static_files_of_another_version(self, situation: Make, tmp_path: Path) -> None:
        seen(service.check_static(situation()), Level.ERROR, "静态文件")
        (tmp_path / "static.digest").write_text("older")
        seen(service.check_static(situation()), Level.ERROR, "静态文件")
        (tmp_path / "static.digest").write_text(service.static_digest())
        seen(service.check_static(situation()), Level.FINE, "一致")

    @pytest.mark.django_db
    def test_misses_the_worker(self, situation: Make, tmp_path: Path) -> None:
        seen(service.check_worker(situation()), Level.NOTICE, "从未运行过")
        heartbeat_record(now=NOW - timedelta(hours=1))
        with hold_home(tmp_path):
            seen(service.check_worker(situation()), Level.ERROR, "最近一次是 2026-03-02")
        heartbeat_record(now=NOW - timedelta(seconds=20))
        seen(service.check_worker(situation()), Level.FINE, "在工作")

    @pytest.mark.django_db
    def test_counts_failed_jobs(self, situation: Make) -> None:
        from django.db import connection

        seen(service.check_jobs(situation()), Level.FINE, "没有")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES ('default', 'x', '{}', 'failed')"
            )
        seen(service.check_jobs(situation()), Level.NOTICE, "1 个任务多次失败")

    def test_tries_the_mail_server(self, situation: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        seen(service.check_email(situation()), Level.NOTICE, "没有设置邮件服务")
        with_mail = situation(GONGKAI_EMAIL_URL="smtp://a%40b:p%3A@mail.example:587")

        class Refusing:
            def __init__(self, *_: Any, **__: Any) -> None:
                raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")

        monkeypatch.setattr(smtplib, "SMTP", Refusing)
        seen(service.check_email(with_mail), Level.ERROR, "mail.example 不能使用")
        said: list[tuple[str, ...]] = []

        class Willing:
            def __init__(self, *_: Any, **__: Any) -> None:
                pass

            def __enter__(self) -> Willing:
                return self

            def __exit__(self, *_: Any) -> None:
                pass

            def starttls(self) -> None:
                said.append(("starttls",))

            def login(self, user: str, password: str) -> None:
                said.append((user, password))

        monkeypatch.setattr(smtplib, "SMTP", Willing)
        seen(service.check_email(with_mail), Level.FINE, "可以使用，3 天以前的事情只发站内通知")
        assert said == [("starttls",), ("a@b", "p:")]


def answering(monkeypatch: pytest.MonkeyPatch, **answers: Any) -> None:
    """Make the database answer otherwise to queries that contain a word."""
    ask = database._ask

    def replaced(sql: str) -> Any:
        return next((value for word, value in answers.items() if word in sql), None) or ask(sql)

    monkeypatch.setattr(database, "_ask", replaced)


@pytest.mark.django_db
class TestDatabase:
    def test_tells_why_it_cannot_be_used(self, situation: Make) -> None:
        seen(database.check_connection(situation(problem="没有启动。")), Level.ERROR, "没有启动")
        seen(database.check_connection(situation()), Level.FINE, "内置数据库")

    def test_sees_an_old_version(self, situation: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        seen(database.check_version(situation()), Level.FINE, "PostgreSQL")
        answering(monkeypatch, server_version_num="140010")
        seen(database.check_version(situation()), Level.ERROR, "PostgreSQL 14 太旧")

    def test_sees_that_writes_are_not_safe(self, situation: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        answering(monkeypatch, fsync="on", full_page_writes="on", synchronous_commit="local")
        seen(database.check_durability(situation()), Level.FINE, "写入磁盘")
        monkeypatch.undo()
        answering(monkeypatch, fsync="off", full_page_writes="on", synchronous_commit="off")
        seen(database.check_durability(situation()), Level.ERROR, "fsync、synchronous_commit 是关闭的")

    def test_sees_another_encoding(self, situation: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        seen(database.check_encoding(situation()), Level.FINE, "UTF8")
        answering(monkeypatch, encoding="SQL_ASCII")
        seen(database.check_encoding(situation()), Level.ERROR, "SQL_ASCII")

    @pytest.mark.parametrize(("seconds", "level"), [(5, Level.NOTICE), (-3600, Level.ERROR)])
    def test_sees_clocks_that_disagree(
        self, situation: Make, monkeypatch: pytest.MonkeyPatch, seconds: int, level: Level
    ) -> None:
        seen(database.check_clocks(situation()), Level.FINE, "一致")
        answering(monkeypatch, clock_timestamp=datetime.now(UTC) + timedelta(seconds=seconds))
        seen(database.check_clocks(situation()), level, "数据库相差")

    def test_misses_a_migration(self, situation: Make, tmp_path: Path) -> None:
        seen(database.check_migrations(situation()), Level.FINE, "一致")
        (tmp_path / "migrating").touch()
        seen(database.check_migrations(situation()), Level.ERROR, "不是这个版本")


@pytest.mark.django_db
class TestData:
    @pytest.mark.parametrize(
        ("now", "level", "words"),
        [
            (NOW, Level.FINE, "2026 年"),
            (NOW.replace(month=11, day=1), Level.NOTICE, "还没有 2027 年"),
            (NOW.replace(year=2031), Level.ERROR, "没有 2031 年"),
        ],
    )
    def test_misses_a_calendar_year(self, situation: Make, now: datetime, level: Level, words: str) -> None:
        seen(data.check_calendar(situation(now=now)), level, words)

    def test_sees_an_audit_entry_that_was_changed(self, situation: Make) -> None:
        from django.db import connection

        from gongkai.kernel.accounts.actor import Actor
        from gongkai.kernel.audit.actions import register_actions
        from gongkai.kernel.audit.services import record

        seen(data.check_audit(situation()), Level.FINE, "还没有记录")
        register_actions({"doctor.test.done": "试验"})
        actor = Actor.system("doctor")
        record(actor=actor, action="doctor.test.done", target_type="t", target_id=1, summary="原文", now=NOW)
        seen(data.check_audit(situation()), Level.FINE, "完好")
        with connection.cursor() as cursor:  # as somebody with the database's own password could
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
            cursor.execute("UPDATE audit_entry SET summary = '改写'")
            cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
        seen(data.check_audit(situation()), Level.ERROR, "与其摘要不符")

    def test_sees_a_stored_file_that_is_gone(self, situation: Make, settings, tmp_path: Path) -> None:
        from gongkai.kernel.accounts.actor import Actor
        from gongkai.kernel.files.selectors import file_path
        from gongkai.kernel.files.services import file_store

        settings.FILES_DIR = tmp_path / "files"
        file = file_store(actor=Actor.system("doctor"), upload=b"abc", name="甲.txt", now=NOW)
        seen(data.check_files(situation()), Level.FINE, "一致")
        file_path(file=file).unlink()
        seen(data.check_files(situation()), Level.ERROR, "甲.txt")

    def test_sees_the_sample_city_in_production(self, situation: Make) -> None:
        from gongkai.cli.demo.loading import LOADED
        from gongkai.kernel.accounts.actor import Actor
        from gongkai.kernel.audit.services import record

        seen(data.check_demo(situation(production=True)), Level.FINE, "没有示例数据")
        actor = Actor.system("demo")
        record(actor=actor, action=LOADED, target_type="demo", target_id="city", summary="装入示例市", now=NOW)
        seen(data.check_demo(situation()), Level.FINE, "有示例城市")
        seen(data.check_demo(situation(production=True)), Level.ERROR, "生产环境中有示例城市")


class TestExamine:
    def test_asks_nothing_of_a_database_that_is_away(self, situation: Make) -> None:
        findings = {finding.name: finding for finding in examine(situation(problem="没有启动。"))}
        assert findings["database"].level is Level.ERROR
        waiting = {check.name for check in CHECKS if check.needs_database}
        assert {name for name, finding in findings.items() if finding.message == "数据库不可用，没有检查。"} == waiting

    def test_turns_a_check_that_breaks_into_a_finding(self, situation: Make) -> None:
        def break_down(_: Situation) -> Finding:
            raise RuntimeError("the\nfloor gave way")

        (finding,) = examine(situation(), [Check("floor", "地面", break_down)])
        assert (finding.level, finding.title) == (Level.ERROR, "地面")
        assert "RuntimeError：the floor gave way" in finding.message

    def test_every_check_has_a_name_of_its_own(self) -> None:
        assert len({check.name for check in CHECKS}) == len(CHECKS)
        assert len({check.title for check in CHECKS}) == len(CHECKS)


class TestCommand:
    @pytest.fixture(autouse=True)
    def _two_findings(self, monkeypatch: pytest.MonkeyPatch, situation: Make) -> None:
        findings = [
            Finding(Level.FINE, "3.11.7", "", "python", "Python 版本"),
            Finding(Level.ERROR, "磁盘将满。", "腾出空间。", "disk", "磁盘空间"),
        ]
        monkeypatch.setattr(command, "look", situation)
        monkeypatch.setattr(command, "examine", lambda _: findings)

    def test_shows_each_finding_and_its_remedy(self) -> None:
        result = CliRunner().invoke(command.doctor)
        assert result.exit_code == 1
        assert result.output.splitlines()[:3] == [
            "正常  Python 版本：3.11.7",
            "错误  磁盘空间：磁盘将满。",
            "      怎样改正：腾出空间。",
        ]
        assert "1 处错误，0 处需要注意。" in result.output

    def test_gives_json(self) -> None:
        result = CliRunner().invoke(command.doctor, ["--json"])
        found = json.loads(result.output)
        assert [entry["level"] for entry in found] == ["ok", "error"]
        assert set(found[1]) == {"name", "title", "level", "message", "remedy"}

"""The embedded database server: joined, left, killed, damaged."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from gongkai.config import cluster
from gongkai.config.database import (
    DatabaseUnavailable,
    EmbeddedServer,
    data_folder,
    database_settings,
    log_folder,
    socket_folder,
)


@pytest.fixture(scope="module")
def cluster_home(make_home: Callable[[], Path]) -> Iterator[Path]:
    """A home whose data folder is made once; each test leaves it stopped and whole."""
    home = make_home()
    server = EmbeddedServer(home, durable=False)
    server.start()
    server.stop()
    yield home
    end_server(home)


@pytest.fixture
def home(cluster_home: Path) -> Iterator[Path]:
    yield cluster_home
    end_server(cluster_home)


def end_server(home: Path) -> None:
    process = cluster.postmaster(data_folder(home))
    if process is not None:
        process.send_signal(signal.SIGQUIT)
        psutil.wait_procs([process], timeout=10)


@pytest.fixture
def fresh(make_home: Callable[[], Path]) -> Path:
    return make_home()


@pytest.fixture
def copied_home(cluster_home: Path, fresh: Path) -> Path:
    """A stopped copy of the data folder that a test may break."""
    end_server(cluster_home)
    shutil.copytree(data_folder(cluster_home), data_folder(fresh), ignore=shutil.ignore_patterns(".s.PGSQL*"))
    data_folder(fresh).chmod(0o700)
    (data_folder(fresh) / "postmaster.pid").unlink(missing_ok=True)
    return fresh


def ask(home: Path, sql: str) -> object:
    with psycopg.connect(
        host=str(socket_folder(home)), user="postgres", dbname="gongkai", autocommit=True
    ) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None  # type: ignore[index]


class TestEmbeddedServer:
    def test_serves_a_database_that_only_its_account_can_reach(self, home: Path) -> None:
        server = EmbeddedServer(home)
        server.start()
        assert ask(home, "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'gongkai'") == "UTF8"
        assert ask(home, "SHOW fsync") == "on"
        assert ask(home, "SHOW listen_addresses") == ""
        assert stat.S_IMODE(data_folder(home).stat().st_mode) == 0o700
        assert stat.S_IMODE((socket_folder(home) / ".s.PGSQL.5432").stat().st_mode) == 0o700
        server.stop()
        assert server.pid() is None

    def test_stays_until_its_last_holder_lets_go(self, home: Path) -> None:
        first, second = EmbeddedServer(home, durable=False), EmbeddedServer(home, durable=False)
        first.start()
        second.start()
        pid = first.pid()
        assert pid is not None
        assert second.pid() == pid
        first.stop()
        assert second.pid() == pid
        second.stop()
        assert second.pid() is None

    def test_starts_again_after_it_was_killed_and_keeps_what_was_committed(self, home: Path) -> None:
        server = EmbeddedServer(home)
        server.start()
        ask(home, "CREATE TABLE IF NOT EXISTS kept (n int)")
        ask(home, "INSERT INTO kept VALUES (7)")
        pid = server.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while server.answers() and time.monotonic() < deadline:
            time.sleep(0.02)
        server.start()
        assert server.pid() not in (None, pid)
        assert ask(home, "SELECT max(n) FROM kept") == 7
        server.stop()

    def test_does_not_take_another_process_for_a_server(self, home: Path) -> None:
        (data_folder(home) / "postmaster.pid").write_text(f"{os.getpid()}\n{data_folder(home)}\n1\n5432\n\n\n\nready\n")
        server = EmbeddedServer(home, durable=False)
        assert server.pid() is None
        server.start()
        assert server.pid() not in (None, os.getpid())
        server.stop()

    def test_ends_what_a_killed_server_left_working(self, home: Path) -> None:
        server = EmbeddedServer(home, durable=False)
        server.start()
        pid = server.pid()
        assert pid is not None
        workers = psutil.Process(pid).children()
        for process in workers:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.suspend()  # a worker that is busy does not notice at once that its postmaster has gone
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
        server.start()
        assert ask(home, "SELECT 1") == 1
        server.stop()

    def test_makes_its_data_folder_anew_when_making_it_was_interrupted(self, fresh: Path) -> None:
        half = data_folder(fresh).with_name("postgres.new")
        half.mkdir()
        (half / "PG_VERSION").write_text("18\n")
        server = EmbeddedServer(fresh, durable=False)
        server.start()
        assert server.pid() is not None
        server.stop()
        assert not half.exists()

    def test_keeps_its_log_beside_the_others(self, home: Path) -> None:
        server = EmbeddedServer(home, durable=False)
        server.start()
        server.stop()
        assert list(log_folder(home).glob("postgres-*.log"))


class TestRefusals:
    def refusal(self, home: Path) -> str:
        with pytest.raises(DatabaseUnavailable) as caught:
            EmbeddedServer(home, durable=False).start()
        assert "\n" not in str(caught.value)
        return str(caught.value)

    def test_says_that_the_folder_is_of_another_version(self, copied_home: Path) -> None:
        (data_folder(copied_home) / "PG_VERSION").write_text("15\n")
        assert "是 PostgreSQL 15 的，本程序内置的是 18" in self.refusal(copied_home)

    @pytest.mark.parametrize("part", ["PG_VERSION", "global/pg_control"])
    def test_says_that_the_folder_is_not_whole(self, copied_home: Path, part: str) -> None:
        (data_folder(copied_home) / part).unlink()
        assert f"不完整或已损坏（缺少 {part}）" in self.refusal(copied_home)

    def test_says_that_the_folder_is_damaged(self, copied_home: Path) -> None:
        (data_folder(copied_home) / "global" / "pg_control").write_bytes(b"\0" * 8192)
        said = self.refusal(copied_home)
        assert "不完整或已损坏" in said
        assert "请从备份恢复" in said

    def test_does_not_touch_a_folder_that_is_not_its_own(self, fresh: Path) -> None:
        data_folder(fresh).mkdir()
        (data_folder(fresh) / "letters.txt").write_text("something else")
        assert "缺少 PG_VERSION" in self.refusal(fresh)
        assert (data_folder(fresh) / "letters.txt").read_text() == "something else"

    def test_says_that_the_home_is_no_folder(self, fresh: Path) -> None:
        (fresh / "home").write_text("a file")
        assert "内置数据库" in self.refusal(fresh / "home")

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ('could not write to file "base/1": No space left on device', "磁盘已满"),
            ('could not open directory "pg_wal": Permission denied', "没有权限读写"),
            ("could not locate a valid checkpoint record at 0/15", "不完整或已损坏"),
            ("something new", "没有启动成功（数据目录 /srv/postgres）：something new"),
        ],
    )
    def test_explains_what_postgresql_said(self, said: str, sentence: str) -> None:
        assert sentence in cluster.explain(Path("/srv/postgres"), said)


class TestSocketFolder:
    def test_is_the_data_folder_where_the_path_is_short(self) -> None:
        assert socket_folder(Path("/srv/gongkai")) == Path("/srv/gongkai/postgres")

    def test_is_a_short_one_of_its_own_where_the_path_is_too_long(self) -> None:
        long, longer = Path("/srv") / ("x" * 120), Path("/srv") / ("x" * 121)
        assert len(str(socket_folder(long))) < 60
        assert socket_folder(long) == socket_folder(long)
        assert socket_folder(long) != socket_folder(longer)

    def test_serves_from_a_long_path(self, fresh: Path) -> None:
        home = fresh / ("目录" * 20) / "var"
        server = EmbeddedServer(home, durable=False)
        server.start()
        assert ask(home, "SELECT 1") == 1
        server.stop()
        shutil.rmtree(socket_folder(home))


class TestMemory:
    def test_is_what_was_asked_for(self, home: Path) -> None:
        server = EmbeddedServer(home, buffers=200)
        server.start()
        assert ask(home, "SHOW shared_buffers") == "200MB"
        server.stop()


class TestDatabaseSettings:
    def test_points_at_the_embedded_server_without_an_address(self) -> None:
        settings = database_settings("", Path("/srv/gongkai"))
        assert (settings["HOST"], settings["NAME"]) == ("/srv/gongkai/postgres", "gongkai")

    def test_reads_an_address(self) -> None:
        settings = database_settings("postgresql://u:p@db.example:5433/gk", Path("/srv/gongkai"))
        assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", 5433, "gk")
        assert settings["CONN_HEALTH_CHECKS"] is True

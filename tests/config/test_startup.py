"""What has to hold before anything is served."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from gongkai.config import startup
from gongkai.config.env import Environment
from gongkai.config.startup import NotReady


class TestCheckHome:
    def test_makes_the_folder(self, tmp_path: Path) -> None:
        startup.check_home(tmp_path / "a" / "b")
        assert list((tmp_path / "a" / "b").iterdir()) == []

    @pytest.mark.parametrize(
        ("number", "words"),
        [(errno.EACCES, "不能写入（Permission denied）"), (errno.ENOSPC, "磁盘已满"), (errno.EROFS, "不能写入")],
    )
    def test_refuses_a_folder_that_takes_no_files(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
    ) -> None:
        def fail(**_: Any) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(tempfile, "NamedTemporaryFile", fail)
        with pytest.raises(NotReady) as caught:
            startup.check_home(tmp_path)
        assert words in str(caught.value)

    def test_refuses_a_full_disk(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        usage = namedtuple("usage", "total used free")(10**12, 10**12, 100 * 1024**2)
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
        with pytest.raises(NotReady, match="只剩 100 MB"):
            startup.check_home(tmp_path)


class TestHoldHome:
    def test_lets_one_in_and_names_it_to_the_next(self, tmp_path: Path) -> None:
        with startup.hold_home(tmp_path), pytest.raises(NotReady, match=f"进程 {os.getpid()}"):
            startup.hold_home(tmp_path)
        startup.hold_home(tmp_path).close()

    def test_is_free_again_when_its_holder_was_killed(self, tmp_path: Path) -> None:
        code = "import sys, time; from pathlib import Path; from gongkai.config.startup import hold_home; "
        code += "seat = hold_home(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
        with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            with pytest.raises(NotReady, match=f"进程 {holder.pid}"):
                startup.hold_home(tmp_path)
            holder.kill()
        startup.hold_home(tmp_path).close()


class TestCheckPort:
    def test_names_the_process_that_has_it(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(NotReady, match=rf"端口 {port} 已被占用（进程 {os.getpid()}：.*--port {port + 1}"):
                startup.check_port("127.0.0.1", port)
        startup.check_port("127.0.0.1", port)

    @pytest.mark.parametrize(
        ("address", "port", "words"),
        [("127.0.0.1", 0, "1 到 65535"), ("203.0.113.9", 8000, "不能在地址 203.0.113.9 上监听")],
    )
    def test_refuses(self, address: str, port: int, words: str) -> None:
        with pytest.raises(NotReady, match=words):
            startup.check_port(address, port)


@pytest.mark.django_db
class TestMigrationsMissing:
    def test_is_content_with_a_migrated_database(self, tmp_path: Path) -> None:
        assert not startup.migrations_missing(tmp_path)

    def test_sees_one_that_was_not_applied(self, tmp_path: Path) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'workplans'")
            assert cursor.rowcount > 0
        assert startup.migrations_missing(tmp_path)

    def test_migrates_once_where_two_programs_start_together(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said: list[str] = []

        def beside_another(*words: object, **options: object) -> None:
            (tmp_path / "migrating").unlink()  # the other one was first, and has ended

        monkeypatch.setattr("django.core.management.call_command", beside_another)
        startup.migrate(tmp_path, said.append)
        assert said == [] and not startup.migrations_missing(tmp_path)

    def test_sees_that_migrating_was_interrupted(self, tmp_path: Path) -> None:
        (tmp_path / "migrating").touch()
        assert startup.migrations_missing(tmp_path)

    def test_names_what_django_would_apply(self, tmp_path: Path) -> None:
        from django.db import connection
        from django.db.migrations.executor import MigrationExecutor

        executor = MigrationExecutor(connection)
        assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


class TestCollectStatic:
    def test_works_only_when_something_changed(self, tmp_path: Path, settings: Any) -> None:
        settings.STATIC_ROOT = str(tmp_path / "static")
        assert startup.collect_static(tmp_path)
        assert (tmp_path / "static" / "wagtailadmin").is_dir()
        assert not startup.collect_static(tmp_path)
        (tmp_path / "static.digest").write_text("of an older version")
        assert startup.collect_static(tmp_path)


class TestChildEnvironment:
    @pytest.mark.parametrize(
        ("bind", "address"),
        [
            ("127.0.0.1", "http://127.0.0.1:9000"),
            ("0.0.0.0", "http://127.0.0.1:9000"),
            ("::1", "http://[::1]:9000"),
            ("10.0.0.5", "http://10.0.0.5:9000"),
        ],
    )
    def test_knows_the_address_it_will_be_reached_at(
        self, monkeypatch: pytest.MonkeyPatch, bind: str, address: str
    ) -> None:
        monkeypatch.delenv("GONGKAI_BASE_URL", raising=False)
        env = Environment({"GONGKAI_BIND": bind, "GONGKAI_PORT": "9000"})
        assert startup.child_environment(env, "x")["GONGKAI_BASE_URL"] == address

    def test_keeps_the_address_that_was_given(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GONGKAI_BASE_URL", "https://gk.example")
        assert startup.child_environment(Environment({}), "x")["GONGKAI_BASE_URL"] == "https://gk.example"

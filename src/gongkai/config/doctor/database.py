"""Checks of the database server and of what is in it."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gongkai.config.doctor.finding import Finding, Situation, error, fine, notice
from gongkai.config.startup import migrations_missing

OLDEST_POSTGRESQL = 15
SKEW_NOTICED, SKEW_WRONG = timedelta(seconds=2), timedelta(seconds=60)


def _ask(sql: str) -> Any:
    """Return the one value that a query gives."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return row[0] if row else None


def check_connection(situation: Situation) -> Finding:
    """Does the database answer?"""
    if situation.database_problem:
        return error(
            situation.database_problem, "运行 make run（或 gongkai run）；外部数据库请检查 DATABASE_URL 和网络。"
        )
    return fine("外部数据库" if situation.env["DATABASE_URL"] else "内置数据库")


def check_version(situation: Situation) -> Finding:
    """Is PostgreSQL new enough?"""
    number = int(_ask("SHOW server_version_num"))
    if number < OLDEST_POSTGRESQL * 10000:
        return error(f"PostgreSQL {number // 10000} 太旧。", f"升级到 {OLDEST_POSTGRESQL} 或更高版本。")
    return fine(f"PostgreSQL {number // 10000}.{number % 10000}")


def check_durability(situation: Situation) -> Finding:
    """Is what was acknowledged really on the disk?"""
    values = {name: _ask(f"SHOW {name}") for name in ("fsync", "full_page_writes", "synchronous_commit")}
    off = [name for name, value in values.items() if value == "off"]
    if off:
        return error(
            f"{'、'.join(off)} 是关闭的，断电或崩溃会丢失已经确认的数据。",
            "在 PostgreSQL 的设置里打开它们（默认就是打开的），然后重新加载。",
        )
    return fine("已确认的数据都已写入磁盘")


def check_encoding(situation: Situation) -> Finding:
    """Does the database hold UTF-8?"""
    encoding = _ask("SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()")
    if encoding != "UTF8":
        return error(f"数据库的编码是 {encoding}，生僻字会存不进去。", "用 UTF8 编码另建数据库，再导入数据。")
    return fine("UTF8")


def check_clocks(situation: Situation) -> Finding:
    """Do the application, the database and the file system agree on what time it is?"""
    before = datetime.now(UTC)
    database = _ask("SELECT clock_timestamp()")
    with tempfile.NamedTemporaryFile(dir=situation.home) as file:
        on_disk = datetime.fromtimestamp(Path(file.name).stat().st_mtime, UTC)
    middle = before + (datetime.now(UTC) - before) / 2
    skews = {"数据库": abs(database - middle), "文件系统": abs(on_disk - middle)}
    worst = max(skews.values())
    if worst < SKEW_NOTICED:
        return fine("程序、数据库、文件系统的时间一致")
    words = "、".join(
        f"{name}相差 {skew.total_seconds():.0f} 秒" for name, skew in skews.items() if skew >= SKEW_NOTICED
    )
    finding = error if worst >= SKEW_WRONG else notice
    return finding(f"与本机时间不一致：{words}。", "在各台机器上启用时间同步（如 chrony 或 systemd-timesyncd）。")


def check_migrations(situation: Situation) -> Finding:
    """Were all migrations of this version applied?"""
    if migrations_missing(situation.home):
        return error("数据表不是这个版本的。", "备份后运行 gongkai migrate（gongkai run 启动时也会自动更新）。")
    return fine("与程序一致")

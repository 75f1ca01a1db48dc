"""What has to hold before any long work: room on the disk, a folder one may write to, a free port."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import tempfile
from pathlib import Path

from bootstrap_parts.progress import Stop

NEEDED_BYTES = 2 * 1024**3
NEEDED_AGAIN_BYTES = 300 * 1024**2


def check_folder(folder: Path) -> None:
    """Raise Stop unless files can be made in ``folder`` (made if missing)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".gongkai-"):
            pass
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Stop(f"磁盘已满，目录 {folder} 写不进任何文件；请腾出空间后重新运行。") from None
        if isinstance(error, FileExistsError | NotADirectoryError):
            raise Stop(f"{folder} 不是目录；请改用别的目录（GONGKAI_HOME）。") from None
        raise Stop(
            f"目录 {folder} 不能写入（{os.strerror(error.errno or 0)}）；请改正它的属主或权限，或把代码放到自己的目录中。"
        ) from None


def check_disk(folder: Path, *, first: bool) -> None:
    """Raise Stop when there is too little room: 2 GB for a first installation, 300 MB later."""
    needed = NEEDED_BYTES if first else NEEDED_AGAIN_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Stop(
            f"磁盘空间不足：{folder} 所在的磁盘只剩 {free // 1024**2} MB，{'首次安装' if first else '运行'}"
            f"至少需要 {needed // 1024**2} MB；请腾出空间后重新运行。"
        )


def check_port(address: str, port: int) -> None:
    """Raise Stop when the port cannot be had, naming who has it where that can be found out."""
    if not 1 <= port <= 65535:
        raise Stop(f"端口应在 1 到 65535 之间，现在是 {port}；请改正 GONGKAI_PORT。")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Stop(
                    f"端口 {port} 已被占用{port_holder(port)}；请先停止它，或换一个端口：GONGKAI_PORT={port + 1} make run。"
                ) from None
            if error.errno == errno.EACCES:
                raise Stop(f"没有权限使用端口 {port}；请换一个 1024 以上的端口，如 GONGKAI_PORT=8000。") from None
            raise Stop(f"不能在 {address} 上监听（{os.strerror(error.errno or 0)}）；请改正 GONGKAI_BIND。") from None


def port_holder(port: int) -> str:
    """Return 「（进程 … ）」for the process that listens on the port, or nothing where Linux does not let us see it."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for fields in (row.split() for row in rows):
            if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    for process in sorted(Path("/proc").glob("[0-9]*"), key=lambda path: int(path.name)) if inodes else []:
        try:
            if any(os.readlink(handle) in inodes for handle in (process / "fd").iterdir()):
                words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                return f"（进程 {process.name}：{words[:80]}）"
        except OSError:
            continue
    return ""

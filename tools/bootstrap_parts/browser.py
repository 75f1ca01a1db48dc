"""Chromium and a Chinese font for the browser tests, from the system's packages: nothing is downloaded past them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from bootstrap_parts.environment import install_packages
from bootstrap_parts.progress import Stop, say

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_SIGNS = ("CJK", "wqy", "SourceHan", "Noto*SC")


def find_browser() -> str | None:
    """Return the path of an installed Chromium."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def has_chinese_font() -> bool:
    """Return whether a font with Chinese characters lies in one of the usual folders."""
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(next(f.rglob(f"*{sign}*"), None) for f in folders if f.is_dir() for sign in FONT_SIGNS)


def prepare_browser(log: Path) -> None:
    """Install what is missing as root, or raise Stop saying how to."""
    missing = ([] if find_browser() else ["chromium"]) + ([] if has_chinese_font() else ["fonts-noto-cjk"])
    if not missing:
        return
    hint = (
        f"浏览器测试需要 {'、'.join(missing)}：请以管理员身份运行 apt-get install {' '.join(missing)}，"
        f"或设置 GONGKAI_SKIP_BROWSER=1 跳过浏览器测试。"
    )
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Stop(hint)
    say(f"安装系统软件包 {'、'.join(missing)}（浏览器测试用）…")
    install_packages(missing, log, hint)

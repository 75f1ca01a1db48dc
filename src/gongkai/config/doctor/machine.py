"""Checks of the machine and the settings; none of them needs Django or a database."""

from __future__ import annotations

import platform
import shutil
import sys
from zoneinfo import ZoneInfoNotFoundError

from gongkai.config.doctor.finding import BEIJING, Finding, Situation, error, fine, notice
from gongkai.config.env import BadEnvironment, Environment
from gongkai.config.startup import NEEDED_BYTES, NotReady
from gongkai.config.startup import check_home as require_home

OLDEST_PYTHON = (3, 11)
COMFORTABLE_BYTES = 2 * 1024**3
SHORT_SECRET = 50


def check_python(situation: Situation) -> Finding:
    """Is Python new enough?"""
    version = platform.python_version()
    if sys.version_info[:2] < OLDEST_PYTHON:
        return error(f"Python {version} 太旧。", "安装 Python 3.11 或更高版本，重新运行 make run。")
    return fine(version)


def check_settings(situation: Situation) -> Finding:
    """Can every variable be read, and do the production ones hold what production needs?"""
    try:
        env = Environment(situation.source)
    except BadEnvironment as bad:
        return error(str(bad).replace("\n", ""), "按 docs/settings.md 改正这些环境变量。")
    if not situation.production:
        return fine("单机方式" if not env["DATABASE_URL"] else "单机方式，外部数据库")
    missing = [name for name in ("GONGKAI_SECRET_KEY", "DATABASE_URL") if not env[name]]
    if missing:
        return error(f"生产方式缺少 {'、'.join(missing)}。", "按 docs/settings.md 补上。")
    weak = []
    if len(env["GONGKAI_SECRET_KEY"]) < SHORT_SECRET:
        weak.append(f"GONGKAI_SECRET_KEY 不足 {SHORT_SECRET} 个字符")
    if not env["GONGKAI_HTTPS"]:
        weak.append("没有启用 GONGKAI_HTTPS")
    if env["GONGKAI_BASE_URL"].startswith("http://127.0.0.1"):
        weak.append("GONGKAI_BASE_URL 还是本机地址，邮件里的链接别人打不开")
    if weak:
        return notice(f"生产方式：{'；'.join(weak)}。", "按 docs/settings.md 调整后重新启动。")
    return fine("生产方式")


def check_home(situation: Situation) -> Finding:
    """Can files be written where the data lies?"""
    try:
        require_home(situation.home)
    except NotReady as reason:
        return error(str(reason), "改正后重新运行 gongkai doctor。")
    return fine(str(situation.home))


def check_disk(situation: Situation) -> Finding:
    """Is there room on the disk?"""
    folder = next(path for path in (situation.home, *situation.home.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    words = f"剩余 {free / 1024**3:.1f} GB"
    if free < NEEDED_BYTES:
        return error(f"磁盘将满：{words}。", f"腾出空间；少于 {NEEDED_BYTES // 1024**2} MB 时服务不再启动。")
    if free < COMFORTABLE_BYTES:
        return notice(f"磁盘空间偏少：{words}。", "清理日志和旧备份，或扩大磁盘。")
    return fine(words)


def check_time_zone(situation: Situation) -> Finding:
    """Does Beijing time exist here, and does the machine's own time zone agree?"""
    try:
        beijing = situation.now.astimezone(BEIJING)
    except ZoneInfoNotFoundError:
        return error("找不到 Asia/Shanghai 时区的数据。", "安装系统的 tzdata 软件包。")
    if situation.now.utcoffset() != beijing.utcoffset():
        return notice(
            f"机器的时区是 {situation.now.tzname()}；期限按北京时间计算，不受影响，但系统日志里的时刻会与屏幕上的不同。",
            "可以把系统时区设为北京时间：timedatectl set-timezone Asia/Shanghai。",
        )
    return fine("北京时间")

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
from gongkai.rulebook.site import meta_rules

OLDEST_PYTHON = (3, 11)
COMFORTABLE_BYTES = 2 * 1024**3
SHORT_SECRET = 50
SITE_FACTS = {
    "GONGKAI_SITE_NAME": "网站名称",
    "GONGKAI_SITE_DOMAIN": "域名",
    "GONGKAI_SITE_CODE": "网站标识码",
    "GONGKAI_SITE_ICP": "ICP 备案号",
    "GONGKAI_SITE_POLICE": "公安备案号",
    "GONGKAI_SITE_HOST": "主办单位",
    "GONGKAI_SITE_KEEPER": "承办单位",
    "GONGKAI_SITE_CONTACT": "联系方式",
    "GONGKAI_SITE_ERRORS_URL": "“找错”网址",
}


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


def check_site(situation: Situation) -> Finding:
    """Is known what the site is registered as, and of the right form? What is missing is left out of its pages."""
    env = situation.env
    code, domain, errors_url = (env[f"GONGKAI_SITE_{one}"] for one in ("CODE", "DOMAIN", "ERRORS_URL"))
    wrong = []
    if code and not meta_rules().tags["SiteIDCode"].fits(code):
        wrong.append(f"GONGKAI_SITE_CODE 应是 10 位数字（国务院部门为 bm 加 8 位数字），现在是“{code}”")
    if "/" in domain:
        wrong.append(f"GONGKAI_SITE_DOMAIN 应是不带 http:// 和斜杠的域名，现在是“{domain}”")
    if errors_url and not errors_url.startswith(("https://", "http://")):
        wrong.append(f"GONGKAI_SITE_ERRORS_URL 应以 https:// 开头，现在是“{errors_url}”")
    if wrong:
        return error(f"{'；'.join(wrong)}。", "按 docs/settings.md 改正后重新启动。")
    missing = [title for name, title in SITE_FACTS.items() if not env[name]]
    if missing:
        return notice(
            f"没有设置{'、'.join(missing)}，公开页面的标签和页脚不写这些内容。", "按 docs/settings.md 的“网站”补上。"
        )
    return fine(f"{env['GONGKAI_SITE_NAME']}，{code}")


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

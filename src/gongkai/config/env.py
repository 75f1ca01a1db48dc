"""Every environment variable the product reads, declared once with type, default and help.

``docs/settings.md`` is made from this table (``python -m gongkai.config.env``) and a test compares the two. Wrong
values are reported all together, in Chinese, before anything starts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class BadEnvironment(Exception):
    """One or more environment variables hold a value that cannot be used; ``str()`` lists all of them."""


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, how its text is read, its default (as text) and what it is for."""

    name: str
    kind: str
    default: str
    help: str
    group: str


VARIABLES: tuple[Variable, ...] = (
    Variable("GONGKAI_HOME", "path", "var", "数据目录：内置数据库、上传文件、日志、密钥都在其中。", "基本"),
    Variable("GONGKAI_SETTINGS", "text", "", "运行方式：embedded（默认）、production、test。", "基本"),
    Variable("DATABASE_URL", "text", "", "外部 PostgreSQL（15 及以上）的地址；留空则使用内置数据库。", "基本"),
    Variable("GONGKAI_SECRET_KEY", "secret", "", "签名密钥；留空时在数据目录中生成一个（生产方式必须给出）。", "基本"),
    Variable(
        "GONGKAI_PLACE", "text", "青麓市（示例）", "本地名称，用于识别“市政府各部门”一类的说法和页面标题。", "本地"
    ),
    Variable("GONGKAI_LAYER", "text", "cn", "本地规则层，如 cn-3607（赣州）、cn-360783（龙南）。", "本地"),
    Variable("GONGKAI_RULES_DIR", "text", "", "本单位自己的规则文件目录；只能收紧，不能放宽法定期限。", "本地"),
    Variable("GONGKAI_SITE_NAME", "text", "", "网站的规范名称（备案名称）；留空则用“本地名称+政务公开”。", "网站"),
    Variable(
        "GONGKAI_SITE_DOMAIN", "text", "", "网站域名，不带 http://，如 www.example.gov.cn；留空则页面不写。", "网站"
    ),
    Variable(
        "GONGKAI_SITE_CODE",
        "text",
        "",
        "政府网站标识码：10 位数字，国务院部门为 bm 加 8 位数字；留空则页面不写。",
        "网站",
    ),
    Variable("GONGKAI_SITE_ICP", "text", "", "ICP 备案号，写在页脚；留空则不写。", "网站"),
    Variable("GONGKAI_SITE_POLICE", "text", "", "公安备案号，写在页脚；留空则不写。", "网站"),
    Variable("GONGKAI_SITE_HOST", "text", "", "主办单位，写在页脚；留空则用“本地名称+人民政府”。", "网站"),
    Variable("GONGKAI_SITE_KEEPER", "text", "", "承办单位，写在页脚；留空则不写。", "网站"),
    Variable("GONGKAI_SITE_CONTACT", "text", "", "联系方式（电话或邮箱），写在页脚；留空则不写。", "网站"),
    Variable(
        "GONGKAI_SITE_ERRORS_URL",
        "text",
        "",
        "“政府网站找错”的网址（https:// 开头，由登记系统分配）；留空则页脚不放入口。",
        "网站",
    ),
    Variable(
        "GONGKAI_KIOSK_IDLE_SECONDS",
        "integer",
        "120",
        "服务大厅自助终端：多少秒没有人操作就清空内容、回到终端首页（最后 20 秒提醒，最短 30 秒）。",
        "网站",
    ),
    Variable("GONGKAI_BIND", "text", "127.0.0.1", "网页服务监听的地址。", "网络"),
    Variable("GONGKAI_PORT", "integer", "8000", "网页服务监听的端口。", "网络"),
    Variable("GONGKAI_HOSTS", "list", "localhost,127.0.0.1,[::1]", "允许访问的主机名，逗号分隔。", "网络"),
    Variable("GONGKAI_BASE_URL", "text", "http://127.0.0.1:8000", "对外的网址，用在通知和邮件里。", "网络"),
    Variable("GONGKAI_PROXIES", "integer", "0", "前面有几层可信的反向代理；0 表示直接对外。", "网络"),
    Variable("GONGKAI_HTTPS", "boolean", "false", "是否经 HTTPS 对外服务（安全 Cookie、HSTS）。", "网络"),
    Variable(
        "GONGKAI_LINK_CHECK",
        "boolean",
        "true",
        "是否由后台检查正文中的站外链接；服务器不能访问互联网时设为 false，否则会把所有链接都报告为打不开。",
        "网络",
    ),
    Variable(
        "GONGKAI_LINK_CHECK_INSIDE",
        "list",
        "",
        "检查链接时允许访问的内部网段或地址（如 10.2.0.0/16），逗号分隔；留空则一律不访问本机和内部网络。",
        "网络",
    ),
    Variable("GONGKAI_WEB_WORKERS", "integer", "1", "网页服务进程数。", "性能"),
    Variable("GONGKAI_WEB_THREADS", "integer", "4", "每个网页服务进程的线程数。", "性能"),
    Variable("GONGKAI_JOB_CONCURRENCY", "integer", "2", "后台任务同时执行的数量。", "性能"),
    Variable(
        "GONGKAI_DATABASE_MB",
        "integer",
        "0",
        "内置数据库用多少内存（MB）保存读过的数据；0 表示本机（或容器）内存的八分之一，不少于 128，不多于 2048。"
        "另设 DATABASE_URL 的，由那台数据库自己决定。",
        "性能",
    ),
    Variable(
        "GONGKAI_IMPORT_READERS",
        "integer",
        "0",
        "批量导入时同时读取文件的进程数；0 表示与处理器核数相同。每个进程最多占用 3 GB 内存，通常不到 200 MB。",
        "性能",
    ),
    Variable(
        "GONGKAI_FOI_LEGALITY",
        "text",
        "partial,denied",
        "依申请公开：哪几类拟答复须经合法性审查才能签发，用逗号分开：granted、partial、denied、unable、refused、other；"
        "留空则不要求。",
        "本地",
    ),
    Variable(
        "GONGKAI_SEARCH_PER_MINUTE",
        "integer",
        "60",
        "站内检索：同一地址一分钟内最多检索多少次（所有进程合计）；0 表示不限。",
        "安全",
    ),
    Variable(
        "GONGKAI_API_PER_MINUTE",
        "integer",
        "120",
        "开放接口：同一地址一分钟内最多请求多少次（所有进程合计）；0 表示不限。",
        "安全",
    ),
    Variable(
        "GONGKAI_TOKEN_PER_MINUTE",
        "integer",
        "600",
        "需要令牌的接口：同一令牌一分钟内最多请求多少次（所有进程合计）；0 表示不限。",
        "安全",
    ),
    Variable(
        "GONGKAI_SEALED_KEYS",
        "secret",
        "",
        "个人信息的加密密钥，新的在前，逗号分隔，写作“名称:密钥”（32 字节的 URL 安全 base64）；"
        "留空时用数据目录中的 sealed_keys 文件，第一次使用时生成。请另外备份：密钥丢失，个人信息就打不开。",
        "安全",
    ),
    Variable(
        "GONGKAI_PROOF_WORK",
        "integer",
        "50000",
        "公开表单防机器提交：浏览器最多要试多少次（一般不到一秒）；浏览器不运行脚本的改为回答一道加减法；0 表示不用。",
        "安全",
    ),
    Variable("GONGKAI_UPLOAD_MB", "integer", "50", "单个上传文件的上限（MB）。", "安全"),
    Variable(
        "GONGKAI_IMPORT_MB", "integer", "1024", "批量导入的压缩包，以及一次上传全部文件合计的上限（MB）。", "安全"
    ),
    Variable("GONGKAI_SESSION_MINUTES", "integer", "60", "无操作多少分钟后需要重新登录。", "安全"),
    Variable(
        "GONGKAI_EMAIL_URL", "text", "", "发送邮件的服务，如 smtp://user:pass@host:587；留空则只发站内通知。", "邮件"
    ),
    Variable("GONGKAI_EMAIL_FROM", "text", "gongkai@localhost", "邮件的发件人。", "邮件"),
    Variable(
        "GONGKAI_NOTICE_EMAIL_DAYS",
        "integer",
        "3",
        "站内通知发不发邮件：事情发生超过几天的通知只留在站内，不再发邮件（如刚配好邮件服务、后台任务停过几天之后）；"
        "0 表示不限。",
        "邮件",
    ),
    Variable(
        "GONGKAI_ALERT_CONFIRM_DAYS",
        "integer",
        "3",
        "检索提醒：登记后几天内没有点确认链接的，连同邮箱地址一起删除。",
        "邮件",
    ),
    Variable("GONGKAI_LOG_LEVEL", "text", "INFO", "日志级别：DEBUG、INFO、WARNING、ERROR。", "日志"),
    Variable("GONGKAI_SKIP_BROWSER", "boolean", "false", "make test 不安装浏览器，跳过浏览器测试。", "测试"),
)

_TRUE = {"1", "true", "yes", "on", "是"}
_FALSE = {"0", "false", "no", "off", "否", ""}


def _boolean(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ValueError


_READERS: Mapping[str, Callable[[str], Any]] = {
    "text": str,
    "secret": str,
    "path": lambda text: Path(text).expanduser().resolve(),
    "integer": int,
    "boolean": _boolean,
    "list": lambda text: [part.strip() for part in text.split(",") if part.strip()],
}
_EXPECTED = {"integer": "一个整数", "boolean": "true 或 false", "path": "一个路径", "list": "逗号分隔的若干项"}


class Environment:
    """The declared variables, read and typed once; ``env["GONGKAI_PORT"]`` gives the value."""

    def __init__(self, source: Mapping[str, str]) -> None:
        """Read every declared variable from ``source``; raises BadEnvironment naming all that cannot be read."""
        self._values: dict[str, Any] = {}
        wrong = []
        for variable in VARIABLES:
            text = source.get(variable.name, "").strip() or variable.default
            try:
                self._values[variable.name] = _READERS[variable.kind](text)
            except ValueError:
                wrong.append(f"环境变量 {variable.name} 应是{_EXPECTED[variable.kind]}，现在是“{text}”。")
        known = {variable.name for variable in VARIABLES}
        wrong.extend(
            f"没有名为 {name} 的设置，请核对拼写（可用的设置见 docs/settings.md）。"
            for name in sorted(source)
            if name.startswith("GONGKAI_") and name not in known
        )
        if wrong:
            raise BadEnvironment("\n".join(wrong))

    def __getitem__(self, name: str) -> Any:
        return self._values[name]


def read_environment() -> Environment:
    """Read the process environment."""
    return Environment(os.environ)


def as_markdown() -> str:
    """Return ``docs/settings.md``: every variable by group, with type, default and help."""
    lines = ["# 设置", "", "由 `python -m gongkai.config.env` 生成，请勿手工修改。所有设置都是环境变量。", ""]
    for group in dict.fromkeys(variable.group for variable in VARIABLES):
        lines += [f"## {group}", "", "| 变量 | 类型 | 默认值 | 说明 |", "|---|---|---|---|"]
        for variable in VARIABLES:
            if variable.group == group:
                default = f"`{variable.default}`" if variable.default else "（空）"
                lines.append(f"| `{variable.name}` | {variable.kind} | {default} | {variable.help} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    print(as_markdown(), end="")

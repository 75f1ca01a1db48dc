"""The first page that a new site begins with: useful before anybody has edited it."""

from __future__ import annotations

from typing import Any

Block = tuple[str, dict[str, Any]]
ENTRIES = (
    ("信息公开指南", "/info/columns/A/", "公开范围、获取方式、申请流程", "gk-plan"),
    ("信息公开制度", "/info/columns/B/", "法规、规章和有关规定", "gk-file"),
    ("法定主动公开内容", "/info/columns/C/", "条例第二十条规定的各类信息", "gk-ledger"),
    ("信息公开年报", "/info/columns/D/", "历年工作年度报告", "gk-chart"),
    ("依申请公开", "/apply/", "申请获取没有主动公开的信息", "gk-edit"),
)
SERVICES = (
    ("单位目录", "/units/", "各单位的职责、地址、办公时间和电话", "gk-unit"),
    ("全部公开信息", "/info/", "按栏目、单位、日期查文件", "gk-search"),
    ("审计锚点", "/audit/anchors/", "核对操作记录没有被改动", "gk-audit"),
    ("开放接口", "/api/", "机器可读的信息和每日数据包", "gk-export"),
)


def home_words(*, primary: bool, name: str) -> tuple[str, str]:
    """Return headline and lead of a new first page; an empty lead lets the page say whose site it is."""
    return ("政策、办事、进度，一查便知", "") if primary else (name, "")


def home_body(*, primary: bool, entries: tuple[tuple[str, str, str, str], ...] = ENTRIES) -> list[Block]:
    """Return the blocks of a new first page."""
    body: list[Block] = [
        ("news", {"title": "最新公开", "source": "", "count": "8", "wide": True}),
        ("entries", {"title": "政府信息公开", "links": [_link(*one) for one in entries]}),
        ("topics", {"title": "专题", "count": "3"}),
        ("columns", {"title": "按栏目查"}),
    ]
    if primary:
        body.append(("plans", {"title": "工作要点落实情况"}))
    return [
        *body,
        ("cards", {"title": "还可以查", "links": [_link(*one) for one in SERVICES]}),
        ("units", {"title": "按单位查"}),
    ]


def _link(text: str, url: str, note: str, icon: str) -> dict[str, str]:
    return {"text": text, "url": url, "note": note, "icon": icon}

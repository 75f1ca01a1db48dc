"""Facts of an item with nothing wrong about it, to be spoilt one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from gongkai.domain.gate import GateRules, ReleaseFacts, RouteFacts
from gongkai.domain.items import ItemContent, UnitRef
from gongkai.rulebook import Rulebook
from gongkai.rulebook.gate import gate_rules

TODAY = date(2026, 3, 2)


@cache
def rules() -> GateRules:
    return gate_rules(on=TODAY, rulebook=Rulebook.load(), own_hosts=["www.qingxi.gov.cn"])


def paragraph(text: str, key: str = "p1") -> dict[str, Any]:
    return {"id": key, "type": "paragraph", "value": f"<p>{text}</p>"}


CLEAN = ItemContent(
    kind="notice",
    title="关于做好春季防汛工作的通知",
    body=(paragraph("请各单位按时完成任务。"),),
    issuer=UnitRef(1, "青溪县人民政府办公室"),
    doc_no="青府办字〔2026〕5号",
    written_on=date(2026, 2, 20),
    issued_on=date(2026, 2, 25),
    attribute="proactive",
    grounds=("art19",),
)


def facts(content: ItemContent = CLEAN, **more: Any) -> ReleaseFacts:
    """The facts of a content whose route is complete, unless told otherwise."""
    digest = content.digest()
    given: dict[str, Any] = {"route": RouteFacts(True, True, digest), "known_grounds": frozenset({"art19"})}
    return ReleaseFacts(content=content, digest=digest, today=TODAY, **{**given, **more})


def said(**changes: Any) -> ItemContent:
    return replace(CLEAN, **changes)


def body(*blocks: dict[str, Any]) -> ItemContent:
    return said(body=blocks)

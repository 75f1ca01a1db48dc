"""Checking a text while it is typed: JSON in, findings with offsets out. Nothing is written."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_POST

from gongkai.features.disclosure.selectors.drafts import draft_get
from gongkai.features.disclosure.staff.edit_form import pictures_of
from gongkai.features.disclosure.staff.reading import Reading, reading_of_form
from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.content import Field, FieldFinding, check_fields, safe_context, sentence
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.wordlists.permissions import can_keep_words
from gongkai.kernel.wordlists.selectors import content_rules
from gongkai.kernel.wordlists.services import allowed_add

MOST_CHARACTERS = 200_000
MOST_FIELDS = 2_000
MOST_TOLD = 300
"""Findings sent back, gravest first; a text with more is not read to the end by anybody."""
GRADES = ("L1", "L2", "L3", "L4")


class BadRequest(Exception):
    """What was sent is not what the editor sends; ``status`` is that of HTTP."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        self.sentence, self.status = sentence, status
        super().__init__(sentence)


@require_POST
@staff_view
def check(request: HttpRequest) -> HttpResponse:
    """Check the fields of an editor; see ``docs/domain/gate.md`` for the form of question and answer."""
    started = time.perf_counter()
    try:
        data = _json(request)
        fields, labels = _fields(data)
        unit_id = _unit(data)
    except BadRequest as bad:
        return JsonResponse({"issues": [bad.sentence]}, status=bad.status)
    reading = _reading(request, data)
    rules = content_rules(on=timezone.localdate(), unit_id=unit_id)
    found = check_fields(fields, rules=rules)
    may_allow = can_keep_words(request.actor, unit_id)
    counts = dict.fromkeys(GRADES, 0)
    for one in found:
        counts[one.finding.grade.value] += 1
    return JsonResponse(
        {
            "findings": [
                _told(one, fields[one.number].text, labels[one.number], may_allow) for one in found[:MOST_TOLD]
            ],
            "counts": counts,
            "more": max(len(found) - MOST_TOLD, 0),
            "may_allow": may_allow,
            "reading": reading.as_data() if reading is not None else None,
            "ms": round((time.perf_counter() - started) * 1000, 1),
        }
    )


def _reading(request: HttpRequest, data: Mapping[str, Any]) -> Reading | None:
    """Look over the form that came along (``item`` and ``form``, pairs of name and value); None where none did."""
    item_id, pairs = data.get("item"), data.get("form")
    if isinstance(item_id, bool) or not isinstance(item_id, int) or not isinstance(pairs, list):
        return None
    form = QueryDict(mutable=True)
    for pair in pairs:
        if isinstance(pair, list) and len(pair) == 2:
            form.appendlist(str(pair[0]), str(pair[1]))
    try:
        content = draft_get(actor=request.actor, item_id=item_id).content
    except (NotPermitted, Refused):
        return None
    pictures = pictures_of(request.actor, item_id)
    return reading_of_form(form, content=content, pictures=pictures, on=timezone.localdate())


@require_POST
@staff_view
def check_allow(request: HttpRequest) -> HttpResponse:
    """Put a word on the allow-list of the unit, from the panel of the editor."""
    try:
        data = _json(request)
        unit_id = _unit(data)
        allowed_add(
            actor=request.actor,
            word=_text(data, "word"),
            context=_text(data, "context"),
            reason=_text(data, "reason"),
            unit_id=unit_id,
            now=timezone.now(),
        )
    except BadRequest as bad:
        return JsonResponse({"issues": [bad.sentence]}, status=bad.status)
    except NotPermitted as refused:
        return JsonResponse({"issues": refused.sentences()}, status=403)
    except Refused as refused:
        return JsonResponse({"issues": refused.sentences()}, status=422)
    return JsonResponse({"allowed": True})


def _told(one: FieldFinding, text: str, label: str, may_allow: bool) -> dict[str, Any]:
    finding = one.finding
    return {
        "key": one.key,
        "label": label,
        "start": _utf16(text, finding.start),
        "end": _utf16(text, finding.end),
        "grade": finding.grade.value,
        "code": finding.code,
        "message": sentence(finding),
        "shown": finding.shown,
        "replacement": finding.replacement if finding.code == "content.wording" else "",
        "context": safe_context(finding),
        "line": finding.place.line if finding.place else None,
        "may_allow": may_allow and finding.code == "content.wording",
    }


def _utf16(text: str, at: int) -> int:
    """Return an offset as a browser counts it: characters beyond the basic plane are two."""
    before = text[:at]
    # The longest sign tells without looking at each whether any is beyond the plane.
    return at if not before or max(before) <= "\uffff" else at + sum(1 for sign in before if sign > "\uffff")


def _json(request: HttpRequest) -> Mapping[str, Any]:
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("提交的内容不是 JSON。") from error
    if not isinstance(data, dict):
        raise BadRequest("提交的内容应是一个对象。")
    return data


def _fields(data: Mapping[str, Any]) -> tuple[list[Field], list[str]]:
    given = data.get("fields")
    if given is None and isinstance(data.get("text"), str):
        given = [{"key": "text", "label": "正文", "text": data["text"]}]
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise BadRequest("没有要检查的文字（fields）。")
    if len(given) > MOST_FIELDS or sum(len(str(one.get("text", ""))) for one in given) > MOST_CHARACTERS:
        raise BadRequest(f"文字超过 {MOST_CHARACTERS} 字，请保存后在“发布检查”中查看。", 413)
    fields = [
        Field(
            key=str(one.get("key", "")),
            text=str(one.get("text", "")),
            label=str(one.get("column", "")),
            headers=tuple(str(head) for head in one.get("headers") or ())
            if isinstance(one.get("headers"), list)
            else (),
        )
        for one in given
    ]
    return fields, [str(one.get("label", "")) for one in given]


def _unit(data: Mapping[str, Any]) -> int | None:
    unit = data.get("unit")
    if unit in (None, ""):
        return None
    if isinstance(unit, bool) or not str(unit).isascii() or not str(unit).isdigit() or len(str(unit)) > 18:
        raise BadRequest("单位编号不对。")
    return int(unit)


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise BadRequest("提交的内容写法不对。")
    return value

"""Reading JSON that was sent: strictly, with every fault named by its place (``applicant.phone``) and told at once."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest

from gongkai.domain.issues import Issue
from gongkai.kernel.api.refusals import TooLarge, WrongType
from gongkai.kernel.errors import Refused

MEGABYTE = 1024 * 1024
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udfff]")
_BREAK = re.compile(r"[\t\r\n\u2028\u2029]")
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w-]+)\"?", re.ASCII)


def body_object(request: HttpRequest, *, most: int) -> dict[str, Any]:
    """Return the JSON object that was sent, of at most ``most`` bytes; raises WrongType, TooLarge, Refused."""
    kind, _, rest = request.META.get("CONTENT_TYPE", "").partition(";")
    charset = _CHARSET.search(rest)
    plain = request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower() in ("", "identity")
    utf8 = charset is None or charset[1].lower() in ("utf-8", "utf8")
    if kind.strip().lower() != "application/json" or not utf8 or not plain:
        raise WrongType(Issue("api.body.type"))
    told = request.META.get("CONTENT_LENGTH") or "0"
    if (told.isascii() and told.isdigit() and int(told[:18]) > most) or len(data := request.read(most + 1)) > most:
        raise TooLarge(Issue("api.body.large", values={"most": most // MEGABYTE}))
    if not data.strip():
        raise Refused(Issue("api.body.empty"))
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as wrong:
        raise Refused(Issue("api.body.json")) from wrong
    if not isinstance(found, dict):
        raise Refused(Issue("api.body.object"))
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Refused(Issue("api.member.twice", _shown(name), {"name": _shown(name)}))
        found[name] = value
    return found


def _no_number(written: str) -> float:
    raise ValueError(written)


def _shown(name: str) -> str:
    return _CONTROL.sub("", name)[:40]


class Members:
    """The members of one JSON object. Each reading notes what is wrong with its member in ``issues`` and goes on.

    ``null`` is as if the member were not there. Call ``finish`` last: what nobody has read is told, too.
    """

    def __init__(self, data: Mapping[str, Any], issues: list[Issue], path: str = "") -> None:
        self.data, self.issues, self.path = data, issues, path
        self._known: list[str] = []

    def text(self, name: str, *, most: int, needed: bool = False, lines: bool = False) -> str:
        """Read words, blanks at both ends off; line breaks only with ``lines``. Empty where there are none."""
        value = self._take(name, needed=needed)
        if value is None:
            return ""
        if not isinstance(value, str):
            return self._wrong("api.member.text", name, "")
        if _CONTROL.search(value) or (not lines and _BREAK.search(value)):
            return self._wrong("api.member.characters", name, "")
        value = value.strip()
        if len(value) > most:
            return self._wrong("api.member.long", name, "", most=most)
        if needed and not value:
            return self._wrong("api.member.missing", name, "")
        return value

    def number(self, name: str, *, least: int, most: int) -> int | None:
        """Read a whole number that has to be there."""
        value = self._take(name, needed=True)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            return self._wrong("api.member.number", name, None, least=least, most=most)
        return value

    def day(self, name: str, *, first: date, last: date) -> date | None:
        """Read a day between two others, None where there is none."""
        value = self._take(name)
        if value is None:
            return None
        try:
            found = date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
        except ValueError:
            found = None
        if found is None or not first <= found <= last:
            return self._wrong("api.member.day", name, None, first=first, last=last)
        return found

    def choice(self, name: str, choices: Collection[str], *, default: str = "") -> str:
        """Read one of several words; it has to be there unless there is a default."""
        value = self._take(name, needed=not default)
        if value is None:
            return default
        if not isinstance(value, str) or value not in choices:
            return self._wrong("api.member.choice", name, default, choices="、".join(choices))
        return value

    def flag(self, name: str) -> bool:
        """Read true or false; false where nothing is said."""
        value = self._take(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        return bool(self._wrong("api.member.flag", name, False))

    def object(self, name: str, *, needed: bool = False) -> Members | None:
        """Read an object within this one."""
        value = self._take(name, needed=needed)
        if value is None:
            return None
        if not isinstance(value, dict):
            return self._wrong("api.member.object", name, None)
        return Members(value, self.issues, f"{self._place(name)}.")

    def objects(self, name: str, *, most: int) -> Iterator[Members]:
        """Read a list of objects, at most so many."""
        value = self._take(name)
        if value is None:
            return
        if not isinstance(value, list) or len(value) > most:
            self._wrong("api.member.list", name, None, most=most)
            return
        for number, one in enumerate(value):
            place = f"{self._place(name)}[{number}]"
            if isinstance(one, dict):
                yield Members(one, self.issues, f"{place}.")
            else:
                self.issues.append(Issue("api.member.object", place, {"name": place}))

    def data_of(self, name: str, *, most: int) -> bytes:
        """Read bytes in Base64 that have to be there, at most so many."""
        value = self._take(name, needed=True)
        if value is None:
            return b""
        try:
            found = base64.b64decode(value.encode("ascii"), validate=True) if isinstance(value, str) else b""
        except (binascii.Error, UnicodeError):
            found = b""
        if not found:
            return self._wrong("api.member.base64", name, b"")
        if len(found) > most:
            return self._wrong("api.member.file_large", name, b"", most=most // MEGABYTE)
        return found

    def finish(self) -> None:
        """Tell the members that nobody has asked for."""
        for name in self.data:
            if name not in self._known:
                shown = f"{self.path}{_shown(name)}"
                known = "、".join(self._known)
                self.issues.append(Issue("api.member.unknown", shown, {"name": shown, "known": known}))

    def _take(self, name: str, *, needed: bool = False) -> Any:
        self._known.append(name)
        value = self.data.get(name)
        if value is None and needed:
            self._wrong("api.member.missing", name, None)
        return value

    def _place(self, name: str) -> str:
        return f"{self.path}{name}"

    def _wrong(self, code: str, name: str, instead: Any, **values: object) -> Any:
        place = self._place(name)
        self.issues.append(Issue(code, place, {"name": place, **values}))
        return instead

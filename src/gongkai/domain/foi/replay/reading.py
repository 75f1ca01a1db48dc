"""From the nodes of a case file to its cases; all faults at once, each with its line and what was expected there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from gongkai.domain.foi.dispositions import DispositionRules
from gongkai.domain.foi.replay.beside import LETTERS, about, letter_beside, read_option, unknown
from gongkai.domain.foi.replay.heading import read_expected, read_head
from gongkai.domain.foi.replay.receipts import RECEIPT_KINDS
from gongkai.domain.foi.replay.script import Script, Told
from gongkai.domain.foi.replay.source import Node, keys, read_date, read_documents, split_dated
from gongkai.domain.foi.replay.values import Values
from gongkai.domain.foi.replay.vocabulary import (
    EVENTS,
    HEAD,
    OPTIONS,
    TRUE_WORDS,
    find,
    find_event,
    normal,
)
from gongkai.domain.issues import Issue

CASES = frozenset({"cases", "案件列表", "案件"})
# Head keys that also stand over several cases and hold for those that do not say otherwise.
SHARED = frozenset({"layer", "today", "channel", "applicant", "delivery", "name", "note"})
# Head keys that may be told as events of their own.
_OF_EVENT = frozenset({"channel", "disposition", "delivery", "grounds", "applicant"})
# Head keys by which a mapping in a list is a case and not an event.
_OF_CASE = frozenset({"name", "events", "expect", "applicant", "layer", "today"})
# A mapping of this name around a case; where the name is that of an event, one without a day is such a mapping.
_AROUND = frozenset({"application", "foi_case", "申请"})
# Keys that only hold something for others to repeat (``&name``, ``<<: *name``), or stand for all cases.
_DEFAULTS = frozenset({"defaults", "default", "common", "base", "template", "templates", "anchors", "默认", "公用"})
# Keys under which what stands beside an event may be gathered.
_BESIDE = frozenset({"data", "details", "detail", "payload", "params", "attributes", "attrs", "args", "fields", "附加"})


# A key and its value without the colon and the space between them that make them two.
_GLUED = re.compile(r"^\w+\s*(?:：|:(?!\s))")


def _aside(key: Node) -> bool:
    """Tell whether a key is the writer's own (``x-…``)."""
    return normal(key.text or "").startswith("x_")


def read_scripts(text: str, results: DispositionRules) -> tuple[list[Script], list[Issue]]:
    """Return the cases of a file that could be read, and everything that is wrong with the others.

    ``results`` are the dispositions that a file may name.
    """
    documents, problems = read_documents(text)
    if problems:
        return [], problems
    reader = _Reader(Values(results))
    for document in documents:
        reader.take(document)
    return reader.scripts, reader.values.problems


class _Reader:
    """Walks over the documents of one file."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.scripts: list[Script] = []
        self.order = 0

    def take(self, node: Node, shared: Mapping[str, Node] | None = None, name: str = "") -> None:
        """Take in a document, a list of cases, or one case."""
        if node.text is not None:
            glued = _GLUED.match(node.text) is not None
            code = "foi.replay.colon" if glued else "foi.replay.no_case"
            return self.values.fault(code, node.line, text=node.shape)
        if node.items is not None:
            if not node.items:
                return self.values.fault("foi.replay.no_events", node.line)
            if all(self.is_event(one) for one in node.items):
                return self.case(node, shared or {}, name)
            for one in node.items:
                self.take(one, shared)
            return None
        lists = [value for key, value in node.pairs or () if self.is_list_of_cases(key, value)]
        if not lists:
            return self.case(node, shared or {}, name)
        common = dict(shared or {})
        for key, value in node.pairs or ():
            head = find(HEAD, key.text or "")
            if self.is_list_of_cases(key, value):
                continue
            if head in SHARED:
                common[head] = value
            elif normal(key.text or "") in _DEFAULTS and value.pairs is not None:
                for inner, given in value.pairs:
                    name_of = find(HEAD, inner.text or "")
                    if name_of in SHARED:
                        common[name_of] = given
            elif not _aside(key):
                known = f"几件案件之上可以写：{'、'.join(('cases', *sorted(SHARED)))}。"
                self.values.fault("foi.replay.key", key.line, key.text or "", close="", known=known)
        for value in lists:
            if value.empty:
                self.values.fault("foi.replay.no_events", value.line)
            for one in value.items or ():
                self.take(one, common)
            for named, one in value.pairs or ():
                self.take(one, common, named.text or "")
        return None

    @staticmethod
    def is_list_of_cases(key: Node, value: Node) -> bool:
        """Tell whether a pair holds several cases."""
        return normal(key.text or "") in CASES and value.text is None

    def is_event(self, node: Node) -> bool:
        """Tell whether a node in a list is an event of one case rather than a case of its own."""
        if node.pairs is None:
            return node.text is not None
        if self.typed(node) is not None:
            return True
        heads = {head for key in keys(node) if (head := find(HEAD, key)) is not None}
        if heads & _OF_CASE - ({"name"} if len(node.pairs) == 1 else set()) and len(node.pairs) > 1:
            return False
        events = [(found, key) for key in keys(node) if (found := find_event(key)) is not None]
        # Beside a letter the day of its delivery or answer may stand: {fee_notice: …, received: …}.
        letter = bool(events) and (events[0][0] in LETTERS or events[0][0].endswith("_sent"))
        return sum(not (letter and find(OPTIONS, key)) for _, key in events[1:]) < 1

    @staticmethod
    def typed(node: Node) -> Node | None:
        """The word that names the event of an entry written ``{event: …, on: …}``; None where no such word is."""
        pairs = node.pairs or ()
        if not any(find(OPTIONS, key.text or "") == "on" for key, _ in pairs):
            return None
        for key, value in pairs:
            text, word = key.text or "", value.text or ""
            names = find(OPTIONS, text) == "event" or find(HEAD, text) == "name"
            if names and (find_event(word) is not None or find(HEAD, word) in _OF_EVENT):
                return value
        return None

    def case(self, node: Node, shared: Mapping[str, Node], name: str) -> None:
        """Take in one case."""
        script = Script(line=node.line, name=name)
        faults = len(self.values.problems)
        own: set[str] = set()
        if node.items is not None:
            self.events(script, node.items, own)
        for key, value in node.pairs or ():
            self.pair(script, key, value, own)
        for head, value in shared.items():
            if head not in own and head != "note":
                self.head(script, head, value, head)
        whole = len(self.values.problems) == faults
        if whole and not script.told:
            self.values.fault("foi.replay.no_events", node.line)
        elif whole and not any(told.kind in RECEIPT_KINDS for told in script.told):
            self.values.fault("foi.replay.no_receipt", node.line)
        if len(self.values.problems) == faults:
            self.scripts.append(script)

    def pair(self, script: Script, key: Node, value: Node, own: set[str]) -> None:
        """One key of a case: an event, something of the head, or a day with what happened on it."""
        text = key.text or ""
        head, event = find(HEAD, text), find_event(text)
        around = normal(text) in _AROUND and value.pairs is not None
        if around and not any(find(OPTIONS, k.text or "") == "on" for k, _ in value.pairs or ()):
            head = "events"
        elif _aside(key) or (normal(text) in _DEFAULTS and value.text is None):
            return
        if head in ("name", "events") and value.text is None:
            if value.items is not None:
                self.events(script, value.items, own)
            else:
                for inner, told in value.pairs or ():
                    self.pair(script, inner, told, own)
        elif head == "expect":
            read_expected(self.values, script, value)
        elif head is not None:
            own.add(head)
            self.head(script, head, value, text)
        elif event is not None:
            self.event(script, event, text, value, {})
        elif read_date(text) is not None:
            self.on_day(script, key, value)
        else:
            unknown(self.values, key, {**EVENTS, **HEAD})

    def events(self, script: Script, nodes: Iterable[Node], own: set[str]) -> None:
        """The entries of a list."""
        for node in nodes:
            if node.text is not None:
                dated = split_dated(node.text)
                if dated is None:
                    self.values.fault("foi.replay.entry", node.line, text=node.shape)
                else:
                    self.on_day(script, Node(node.line, dated[0]), Node(node.line, dated[1]))
            elif node.items is not None:
                self.events(script, node.items, own)
            else:
                self.entry(script, node, own)

    def entry(self, script: Script, node: Node, own: set[str]) -> None:
        """One entry written as keys and values."""
        pairs = node.pairs or ()
        typed = self.typed(node)
        event = [(k, v, found) for k, v in pairs if (found := find_event(k.text or "")) is not None]
        if typed is None and not event:
            typed = next((v for k, v in pairs if find(OPTIONS, k.text or "") == "event" and v.text is not None), None)
        if event and typed is None:
            # A word that may also stand beside an event ({answered_on: …, consultation_sent: …}) is the event only alone.
            key, value, kind = next((one for one in event if find(OPTIONS, one[0].text or "") is None), event[0])
            rest = [(k, v) for k, v in pairs if k is not key]
            self.event(script, kind, key.text or "", value, dict(self.options(script, rest, own)))
        elif typed is not None:
            named = find_event(typed.text or "")
            rest = [(k, v) for k, v in pairs if v is not typed]
            head = find(HEAD, typed.text or "") if named is None else None
            given = dict(self.options(script, rest, own))
            if head in _OF_EVENT:
                self.head_as_event(script, head, typed, given, own)
            elif named is None:
                unknown(self.values, typed, EVENTS)
            elif "on" not in given:
                self.values.fault("foi.replay.no_date", node.line, typed.text or "")
            else:
                self.event(script, named, typed.text or "", given.pop("on"), given)
        elif len(pairs) == 1 and find(HEAD, pairs[0][0].text or "") == "disposition" and pairs[0][1].pairs is not None:
            self.decided(script, pairs[0][1], own)
        else:
            for key, value in pairs:
                self.pair(script, key, value, own)

    def head_as_event(self, script: Script, head: str, typed: Node, given: dict[str, Node], own: set[str]) -> None:
        """Something of the head told as an event of its own: ``{event: channel, on: …, value: online}``."""
        word = typed.text or ""
        value = next((given[one] for one in ("value", head, "outcome", "to", "ref") if one in given), None)
        if value is None:
            if head not in own:
                self.values.fault("foi.replay.no_value", typed.line, word)
        elif head == "disposition" and "on" in given:
            kept = ("grounds", "public_interest", "delivery")
            beside = {one: node for one, node in given.items() if one in kept}
            self.event(script, "disposition", word, given["on"], {**beside, "disposition": value})
        else:
            own.add(head)
            self.head(script, head, value, word)

    def decided(self, script: Script, node: Node, own: set[str]) -> None:
        """A disposition with its own keys and perhaps a day."""
        given = dict(self.options(script, node.pairs or (), own))
        for other in ("value", "outcome"):
            if other in given and "disposition" not in given:
                given["disposition"] = given.pop(other)
        if "on" in given:
            self.event(script, "disposition", "disposition", given.pop("on"), given)
        elif "disposition" in given:
            self.head(script, "disposition", given["disposition"], "disposition")
        else:
            self.values.fault("foi.replay.no_date", node.line, "disposition")

    def options(self, script: Script, pairs: Iterable[tuple[Node, Node]], own: set[str]) -> list[tuple[str, Node]]:
        """What stands beside an event; keys of the head are taken for the case."""
        found = []
        for key, value in pairs:
            text = key.text or ""
            option, head = find(OPTIONS, text), find(HEAD, text)
            if normal(text) in _BESIDE and value.pairs is not None:
                found += self.options(script, value.pairs, own)
            elif option == "note" or (head == "note" and option is None) or _aside(key):
                continue
            elif option is not None:
                found.append((option, value))
            elif head is not None and head not in ("events", "expect"):
                own.add(head)
                self.head(script, head, value, text)
            else:
                unknown(self.values, key, OPTIONS)
        return found

    def on_day(self, script: Script, key: Node, value: Node) -> None:
        """A day with what happened on it: a word, a list of words, or an entry with its event named."""
        if value.items is not None:
            for one in value.items:
                self.on_day(script, key, one)
            return None
        if value.pairs is not None:
            return self.told_on_day(script, key, value)
        kind = find_event(value.text or "")
        if kind is None:
            return unknown(self.values, value, EVENTS)
        return self.event(script, kind, value.text or "", key, {})

    def told_on_day(self, script: Script, key: Node, entry: Node) -> None:
        """What happened on a day, written as keys: ``{event: replied, …}`` or ``{replied: {…}, disposition: …}``."""
        pairs = entry.pairs or ()
        day = (Node(key.line, "on"), key)
        if any(find(OPTIONS, k.text or "") == "event" for k, _ in pairs):
            return self.entry(script, Node(entry.line, pairs=(day, *pairs)), set())
        named = [(k, v) for k, v in pairs if find_event(k.text or "") or find(HEAD, k.text or "") in _OF_EVENT]
        if not named:
            return self.values.fault("foi.replay.no_event", entry.line, key.text or "")
        rest = [one for one in pairs if one not in named]
        for word, value in named:
            typed = (Node(word.line, "event"), word)
            beside = value.pairs if value.pairs is not None else self.meant(word, value)
            self.entry(script, Node(word.line, pairs=(day, typed, *beside, *rest)), set())
        return None

    @staticmethod
    def meant(word: Node, value: Node) -> tuple[tuple[Node, Node], ...]:
        """One word behind the name of an event whose day is known: what the event is about (``replied: partial``)."""
        kind = find_event(word.text or "")
        name = about(kind) if kind is not None else "value"
        return () if value.empty or normal(value.text or "") in TRUE_WORDS else ((Node(value.line, name), value),)

    def event(self, script: Script, kind: str, key: str, value: Node, given: dict[str, Node]) -> None:
        """One event: a day, a mapping with a day, or a list of either."""
        if value.items is not None:
            for one in value.items:
                self.event(script, kind, key, one, given)
            return None
        if value.pairs is not None:
            given = {**given, **dict(self.options(script, value.pairs, set()))}
            if "on" not in given:
                return self.values.fault("foi.replay.no_date", value.line, key)
            value = given.pop("on")
        elif value.empty and "on" in given:
            value = given.pop("on")
        elif value.empty:
            return self.values.fault("foi.replay.no_date", value.line, key)
        elif "on" in given and read_date(value.text or "") is None:
            given = {**{k.text or "": v for k, v in self.meant(Node(value.line, kind), value)}, **given}
            value = given.pop("on")
        on = self.values.day(value, key)
        self.order += 1
        told = Told(kind, on or date.max, value.line, self.order)
        beside: list[Told] = []
        for option, node in given.items():
            if option in ("delivered", "answered"):
                self.order += 1
                beside += letter_beside(self.values, told, option, node, self.order)
            else:
                read_option(self.values, script, told, option, node)
        if told.told_on is not None:  # an extension counts from the day the applicant is told
            told.approved_on, told.on = told.approved_on or told.on, told.told_on
        if on is not None:
            script.told += [told, *(replace(one, ref=told.ref, answer=told.answer) for one in beside)]
        return None

    def head(self, script: Script, head: str, node: Node, key: str) -> None:
        """Something of the head of a case."""
        if head == "disposition":
            self.disposition(script, node, key)
        else:
            read_head(self.values, script, head, node, key)

    def disposition(self, script: Script, node: Node, key: str) -> None:
        """A disposition without a day belongs to the reply before it, else to the one that follows or the last."""
        if node.pairs is not None:
            return self.decided(script, node, set())
        code = self.values.disposition(node, key, script.remarks)
        waiting = [told for told in script.told if told.kind == "replied" and not told.disposition]
        if waiting:
            waiting[-1].disposition = code
        elif script.disposition and code and script.disposition != code:
            self.values.fault("foi.replay.two_dispositions", node.line, key, first=script.disposition, second=code)
        else:
            script.disposition = code
        return None

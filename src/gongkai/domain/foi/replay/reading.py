"""From the nodes of a case file to its cases; all faults at once, each with its line and what was expected there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from gongkai.domain.foi.dispositions import DispositionRules
from gongkai.domain.foi.replay.beside import LETTERS, letter_beside, read_option, unknown
from gongkai.domain.foi.replay.receipts import RECEIPT_KINDS
from gongkai.domain.foi.replay.script import Expected, Script, Told
from gongkai.domain.foi.replay.source import Node, keys, read_date, read_documents, split_dated
from gongkai.domain.foi.replay.values import Values
from gongkai.domain.foi.replay.vocabulary import (
    APPLICANTS,
    CHANNELS,
    DELIVERIES,
    EVENTS,
    EXPECTED,
    HEAD,
    OPTIONS,
    find,
    normal,
)
from gongkai.domain.issues import Issue

CASES = frozenset({"cases", "案件列表", "案件"})
# Head keys that also stand over several cases and hold for those that do not say otherwise.
SHARED = frozenset({"layer", "today", "channel", "applicant", "delivery", "name", "note"})
# Head keys by which a mapping in a list is a case and not an event.
_OF_CASE = frozenset({"name", "events", "expect", "applicant", "layer", "today"})
_APPLICANT_KIND = frozenset({"kind", "type", "class", "category", "类型", "类别"})


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
            return self.values.fault("foi.replay.no_case", node.line, text=node.shape)
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
            else:
                known = f"几件案件之上可以写：{'、'.join(('cases', *sorted(SHARED)))}。"
                self.values.fault("foi.replay.key", key.line, key.text or "", close="", known=known)
        for value in lists:
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
        heads = {head for key in keys(node) if (head := find(HEAD, key)) is not None}
        if heads & _OF_CASE - ({"name"} if len(node.pairs) == 1 else set()) and len(node.pairs) > 1:
            return False
        events = [(found, key) for key in keys(node) if (found := find(EVENTS, key)) is not None]
        # Beside a letter the day of its delivery or answer may stand: {fee_notice: …, received: …}.
        letter = bool(events) and (events[0][0] in LETTERS or events[0][0].endswith("_sent"))
        return sum(not (letter and find(OPTIONS, key)) for _, key in events[1:]) < 1

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
        head, event = find(HEAD, text), find(EVENTS, text)
        if head in ("name", "events") and value.text is None:
            if value.items is not None:
                self.events(script, value.items, own)
            else:
                for inner, told in value.pairs or ():
                    self.pair(script, inner, told, own)
        elif head == "expect":
            self.expect(script, value)
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
        typed = next((v for k, v in pairs if find(OPTIONS, k.text or "") == "event" and v.text is not None), None)
        event = [(k, v, found) for k, v in pairs if (found := find(EVENTS, k.text or "")) is not None]
        if event:
            key, value, kind = event[0]
            rest = [(k, v) for k, v in pairs if k is not key]
            self.event(script, kind, key.text or "", value, dict(self.options(script, rest, own)))
        elif typed is not None:
            named = find(EVENTS, typed.text or "")
            rest = [(k, v) for k, v in pairs if v is not typed]
            given = dict(self.options(script, rest, own))
            head = find(HEAD, typed.text or "")
            if named is None and head is not None and "value" in given:
                own.add(head)
                self.head(script, head, given["value"], typed.text or "")
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

    def decided(self, script: Script, node: Node, own: set[str]) -> None:
        """A disposition with its own keys: with a day it is the draft of the reply."""
        given = dict(self.options(script, node.pairs or (), own))
        if "on" in given:
            self.event(script, "drafted", "disposition", given.pop("on"), given)
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
            if option == "note" or head == "note":
                continue
            if option is not None:
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
            given = dict(self.options(script, value.pairs, set()))
            named = given.pop("event", None)
            if named is None:
                return self.values.fault("foi.replay.no_event", value.line, key.text or "")
            word = named
        else:
            given, word = {}, value
        kind = find(EVENTS, word.text or "")
        if kind is None:
            return unknown(self.values, word, EVENTS)
        return self.event(script, kind, word.text or "", key, given)

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
        values = self.values
        match head:
            case "name" | "ref":
                setattr(script, head, values.words(node, key))
            case "layer":
                script.layer = values.words(node, key)
            case "channel":
                script.channel = values.choice(node, key, CHANNELS)
            case "applicant":
                inner = [v for k, v in node.pairs or () if normal(k.text or "") in _APPLICANT_KIND]
                script.applicant = values.choice(inner[0] if inner else node, key, APPLICANTS)
            case "delivery":
                script.delivery = values.choice(node, key, DELIVERIES)
            case "today":
                script.today = values.day(node, key)
            case "disposition":
                self.disposition(script, node, key)
            case "grounds":
                script.grounds = values.known_grounds(node, key)

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

    def expect(self, script: Script, node: Node) -> None:
        """What the file expects of the case."""
        if node.pairs is None:
            return self.values.fault("foi.replay.expect", node.line, text=node.shape)
        for key, value in node.pairs:
            name = find(EXPECTED, key.text or "")
            if name is None:
                unknown(self.values, key, EXPECTED)
            elif value.pairs is not None:
                self.values.fault("foi.replay.text", value.line, key.text or "", text=value.shape)
            else:
                script.expected.append(Expected(name, self.values.several(value, key.text or ""), key.line))
        return None

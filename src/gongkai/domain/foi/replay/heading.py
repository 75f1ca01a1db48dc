"""Reading the head of a case in a case file, and what the file expects of it."""

from __future__ import annotations

from gongkai.domain.foi.replay.beside import unknown
from gongkai.domain.foi.replay.script import Expected, Script
from gongkai.domain.foi.replay.source import Node
from gongkai.domain.foi.replay.values import Values
from gongkai.domain.foi.replay.vocabulary import APPLICANTS, CHANNELS, DELIVERIES, EXPECTED, find, normal

_APPLICANT_KIND = frozenset({"kind", "type", "class", "category", "类型", "类别"})


def read_head(values: Values, script: Script, head: str, node: Node, key: str) -> None:
    """Something of the head of a case that is not its result."""
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
        case "grounds":
            script.grounds = values.known_grounds(node, key)


def read_expected(values: Values, script: Script, node: Node) -> None:
    """What the file expects of the case."""
    if node.pairs is None:
        return values.fault("foi.replay.expect", node.line, text=node.shape)
    for key, value in node.pairs:
        name = find(EXPECTED, key.text or "")
        if name is None:
            unknown(values, key, EXPECTED)
        elif value.pairs is not None:
            values.fault("foi.replay.text", value.line, key.text or "", text=value.shape)
        else:
            script.expected.append(Expected(name, values.several(value, key.text or ""), key.line))
    return None

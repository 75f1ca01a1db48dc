"""The action codes that may be recorded, each with the label people read.

A feature registers its codes where its services live::

    register_actions({"workplans.item.submit": "提交工作事项", "workplans.item.accept": "验收工作事项"})
"""

from __future__ import annotations

import re
from collections.abc import Mapping

FORM = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,3}")

_labels: dict[str, str] = {}
_targets: dict[str, str] = {}


class UnknownAction(LookupError):
    """An action code was recorded that no feature has registered; a mistake in the program."""


def register_actions(labels: Mapping[str, str]) -> None:
    """Register action codes (``feature.object.verb``) with their Chinese labels; the same again is no mistake.

    Raises ValueError for a code of another form, an empty label, or a code that is taken with another label.
    """
    for code, label in labels.items():
        if not FORM.fullmatch(code):
            raise ValueError(f"{code!r} is no action code: feature.object.verb in small letters")
        if not label:
            raise ValueError(f"the action {code} has no label")
        if _labels.get(code, label) != label:
            raise ValueError(f"the action {code} is registered already as {_labels[code]}")
        _labels[code] = label


def require_action(code: str) -> None:
    """Raise UnknownAction unless the code is registered."""
    if code not in _labels:
        raise UnknownAction(f"the action {code} is not registered; see gongkai.kernel.audit.actions.register_actions")


def action_label(code: str) -> str:
    """Return the label of a code, or the code itself where a feature was removed since."""
    return _labels.get(code, code)


def action_labels() -> dict[str, str]:
    """Return every registered code with its label, by code."""
    return dict(sorted(_labels.items()))


def register_targets(labels: Mapping[str, str]) -> None:
    """Register kinds of objects (``target_type``) with their Chinese names."""
    _targets.update(labels)


def target_label(target_type: str) -> str:
    """Return the name of a kind of object, or the kind itself where nobody named it."""
    return _targets.get(target_type, target_type)

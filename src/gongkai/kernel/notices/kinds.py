"""The kinds of notices a person may get, each with the label shown in the inbox and in the e-mail preferences.

A feature registers its kinds where its services live: ``register_kinds({"workplans.reminder": "到期提醒"})``.
"""

from __future__ import annotations

from collections.abc import Mapping

_labels: dict[str, str] = {}


def register_kinds(labels: Mapping[str, str]) -> None:
    """Register notice kinds with Chinese labels; raises ValueError when a kind is taken with another label."""
    for kind, label in labels.items():
        if not label or _labels.get(kind, label) != label:
            raise ValueError(f"the notice kind {kind} has no label, or is registered already as {_labels.get(kind)}")
        _labels[kind] = label


def kind_label(kind: str) -> str:
    """Return the label of a kind; an unregistered one shows as 其他."""
    return _labels.get(kind, "其他")


def kind_labels() -> dict[str, str]:
    """Return every registered kind with its label, by label."""
    return dict(sorted(_labels.items(), key=lambda pair: pair[1]))

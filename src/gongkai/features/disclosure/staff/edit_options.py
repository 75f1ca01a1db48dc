"""What the forms of items offer: kinds, subject classes, units, columns, grounds; asked for once a page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from gongkai.features.disclosure.selectors.directory import ColumnView, column_tree, walk
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.orgs.selectors import unit_list
from gongkai.rulebook.disclosure import Ground, disclosure_rules

ATTRIBUTE_NAMES = {"proactive": "主动公开", "on_application": "依申请公开", "withheld": "不予公开"}


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that a form of an item offers."""

    kinds: tuple[tuple[str, str], ...]
    subjects: tuple[tuple[str, str], ...]
    unit_ids: dict[str, int]
    columns: tuple[ColumnView, ...]

    def flat_columns(self, chosen: Collection[str] = ()) -> list[tuple[str, str]]:
        """Return (code, name) of all columns; those chosen before that are closed now come last."""
        known = [(column.code, column.name) for column in walk(self.columns)]
        codes = {code for code, _ in known}
        return known + [(code, f"{code}（已停用）") for code in chosen if code not in codes]


def kind_choices() -> tuple[tuple[str, str], ...]:
    """Return (code, name) of every kind of item."""
    return tuple((kind.code, kind.name) for kind in disclosure_rules().kinds.values())


def options_of(*, actor: Actor, today: date) -> Options:
    """Return what the editor offers on a day."""
    rules = disclosure_rules()
    return Options(
        kinds=kind_choices(),
        subjects=tuple((code, rules.subject_path(code).replace("\\", "＞")) for code in rules.subjects),
        unit_ids={unit.name: unit.pk for unit in unit_list(actor=actor, on=today)},
        columns=column_tree(),
    )


def usual_grounds(kind: str) -> tuple[str, ...]:
    """Return the grounds that items of a kind usually have, none for an unknown kind."""
    found = disclosure_rules().kinds.get(kind)
    return found.grounds if found is not None else ()


def grounds_by_attribute() -> list[tuple[str, str, list[Ground]]]:
    """Return (attribute, its name, the grounds that serve it)."""
    grounds = disclosure_rules().grounds.values()
    return [
        (code, name, [ground for ground in grounds if code in ground.attributes])
        for code, name in ATTRIBUTE_NAMES.items()
    ]

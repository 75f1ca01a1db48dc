"""How often a column is proposed to be new, for columns whose keeper has not decided; see ``data/disclosure/cycles.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from gongkai.rulebook.schema import Status

FILE = "disclosure/cycles.yaml"


@dataclass(frozen=True, slots=True)
class Cycle:
    """A proposed cycle in calendar days with where it comes from; ``note`` says it in the words of the source."""

    days: int
    citation: str
    status: Status
    note: str = ""


@dataclass(frozen=True, slots=True)
class CycleRules:
    """Proposed cycles by the code of a column, and by a part of its name in the order in which they are tried."""

    by_code: Mapping[str, Cycle]
    by_word: tuple[tuple[str, Cycle], ...]

    def proposed(self, *, code: str, name: str) -> Cycle | None:
        """Return the cycle that is proposed for a column; None where nothing fits."""
        known = self.by_code.get(code)
        return known or next((cycle for word, cycle in self.by_word if word in name), None)


@cache
def cycle_rules() -> CycleRules:
    """Return the shipped rules, read once; raises ValueError when the file is not of its form."""
    text = (resources.files("gongkai.rulebook") / "data" / FILE).read_text(encoding="utf-8")
    return read_cycle_rules(text)


def read_cycle_rules(text: str) -> CycleRules:
    """Read the rules from the text of the file; raises ValueError naming what is wrong with it."""
    data = yaml.safe_load(text)
    try:
        sources = {name: (str(one["text"]), Status(one["status"])) for name, one in data["sources"].items()}

        def cycle(row: Mapping[str, object]) -> Cycle:
            days = row["days"]
            if not isinstance(days, int) or days < 1:
                raise ValueError(f"days must be a number from 1, not {days!r}")
            citation, status = sources[str(row["source"])]
            return Cycle(days, citation, status, str(row.get("note", "")))

        by_code: dict[str, Cycle] = {}
        for row in data["codes"]:
            for code in row["codes"]:
                if code in by_code:
                    raise ValueError(f"{code} stands twice")
                by_code[code] = cycle(row)
        by_word = tuple((str(word), cycle(row)) for row in data["words"] for word in row["words"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"data/{FILE}: {type(error).__name__}: {error}") from error
    return CycleRules(by_code, by_word)

"""What the rulebook says of each check of the gate: its grade, whether it stops, whether a second person may override it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gongkai.domain.issues import Basis
from gongkai.domain.monitoring import ReadingRules
from gongkai.domain.wording import Finding, Grade


@dataclass(frozen=True, slots=True)
class CheckRule:
    """One check: ``code`` names it and its sentence.

    ``stops`` keeps the item in the house; ``overridable`` lets two persons together decide otherwise. A check that
    does not stop needs no override.
    """

    code: str
    grade: Grade
    stops: bool
    overridable: bool
    basis: tuple[Basis, ...] = ()


@dataclass(frozen=True)
class GateRules:
    """All checks by code, and the words and numbers that they compare with.

    ``findings`` leads from (code of a finding, its grade or "") to the check that judges it. ``reading`` tells what
    hinders readers. ``own_hosts`` are the hosts of the place's own site, whose addresses count as internal.
    """

    checks: Mapping[str, CheckRule]
    findings: Mapping[tuple[str, str], str]
    reading: ReadingRules
    own_hosts: frozenset[str] = frozenset()
    version: str = ""

    def rule_of(self, finding: Finding) -> CheckRule:
        """Return the check that judges a finding; raises KeyError for a code that no rule names."""
        exact = self.findings.get((finding.code, finding.grade.value))
        return self.checks[exact if exact is not None else self.findings[finding.code, ""]]

"""Building the issues of the gate: grade, key and place travel in the values, so that every interface can show them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gongkai.domain.gate.facts import Found
from gongkai.domain.gate.keys import issue_key
from gongkai.domain.gate.rules import CheckRule, GateRules
from gongkai.domain.issues import Issue, Severity
from gongkai.domain.wording import Grade


@dataclass(slots=True)
class Collector:
    """Takes problems one by one and numbers those that would otherwise share a key."""

    rules: GateRules
    issues: list[Issue]
    _seen: dict[str, int]

    @classmethod
    def start(cls, rules: GateRules) -> Collector:
        """Begin with nothing found."""
        return cls(rules, [], {})

    def note(self, code: str, field: str, *, place: str = "", marks: tuple[object, ...] = (), **values: object) -> None:
        """Note that the check ``code`` found something; ``marks`` tell it apart from others of the same field.

        ``values`` fill the sentence. Raises KeyError for a check that the rules do not know.
        """
        self._keep(code, self.rules.checks[code], None, field, place, marks, values)

    def note_found(self, found: Found) -> None:
        """Note a finding of the content check under the rule that judges it."""
        finding = found.finding
        code = finding.code
        if code == "content.wording" and not finding.replacement:
            code = "content.wording_by_hand"
        values = {
            "shown": finding.shown,
            "replacement": finding.replacement,
            "context": finding.context,
            "remark": finding.remark,
            "found_by": finding.rule,
            "start": finding.start,
            "end": finding.end,
        }
        # The words around the place keep the key when a paragraph before it grows; offsets would not.
        marks = (found.place, finding.rule, finding.shown, finding.context)
        self._keep(code, self.rules.rule_of(finding), finding.grade, found.field, found.place, marks, values)

    def note_reading(self, issue: Issue, code: str, check: str, place: str) -> None:
        """Note what hinders readers, under ``code``, as the check ``check`` judges it; raises KeyError as ``note``."""
        rule = self.rules.checks[check]
        values = dict(issue.values)
        marks = (values["shown"],) if values.get("shown") else ()
        basis = issue.basis if code == issue.code else rule.basis
        self._keep(code, replace(rule, basis=basis), None, issue.field or "", place, marks, values)

    def _keep(
        self,
        code: str,
        rule: CheckRule,
        grade: Grade | None,
        field: str,
        place: str,
        marks: tuple[object, ...],
        values: dict[str, object],
    ) -> None:
        base = issue_key(code, field, *marks)
        number = self._seen[base] = self._seen.get(base, 0) + 1
        graded = grade or rule.grade
        self.issues.append(
            Issue(
                code=code,
                field=field,
                values={
                    **values,
                    "key": base if number == 1 else issue_key(code, field, *marks, number),
                    "check": rule.code,
                    "grade": graded.value,
                    "place": place,
                    "stops": rule.stops,
                    "overridable": rule.stops and rule.overridable,
                },
                severity=Severity.ERROR if rule.stops else Severity.NOTICE if graded is Grade.L4 else Severity.WARNING,
                basis=rule.basis,
            )
        )

"""How a service says no: one exception that carries every reason, never only the first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gongkai.domain.issues import Issue
from gongkai.rulebook.messages import describe


class Refused(Exception):
    """A service or selector declined; ``issues`` holds all reasons at once.

    ``str()`` gives the Chinese sentences, one a line; interfaces show ``sentences()``.
    """

    def __init__(self, issues: Issue | Iterable[Issue]) -> None:
        self.issues: tuple[Issue, ...] = (issues,) if isinstance(issues, Issue) else tuple(issues)
        if not self.issues:
            raise ValueError("a refusal needs at least one issue")
        super().__init__(self.issues)

    def __str__(self) -> str:
        return "\n".join(self.sentences())

    def sentences(self) -> list[str]:
        """Return one Chinese sentence an issue."""
        return [describe(issue) for issue in self.issues]

    def codes(self) -> list[str]:
        """Return the issue codes in order."""
        return [issue.code for issue in self.issues]


class NotPermitted(Refused):
    """The actor may not do this.

    ``ability`` names what was tried in Chinese (``修改单位``); without issues the standard sentence
    ``permission.denied`` is used.
    """

    def __init__(
        self,
        issues: Issue | Iterable[Issue] | None = None,
        *,
        ability: str = "进行此操作",
        values: Mapping[str, object] | None = None,
    ) -> None:
        if issues is None:
            issues = Issue("permission.denied", values={"ability": ability, **(values or {})})
        super().__init__(issues)

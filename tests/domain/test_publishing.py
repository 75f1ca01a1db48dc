"""When something may go out, moments, redirects, early and late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.publishing import (
    ApprovalStanding,
    GateStanding,
    ReleaseState,
    Standing,
    check_publication,
    check_schedule,
    in_words,
    last_of,
    punctuality,
)

READY = ReleaseState(
    title="通知",
    state="approved",
    state_name="审核通过",
    attribute="proactive",
    content_attribute="proactive",
    has_content=True,
    approval=ApprovalStanding.COMPLETE,
    gate=GateStanding.PASSED,
)
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def codes(**changes: object) -> list[str]:
    return [issue.code.removeprefix("publication.") for issue in check_publication(replace(READY, **changes))]


class TestCheckPublication:
    @pytest.mark.parametrize("state", ["approved", "scheduled", "withdrawn"])
    def test_lets_out_what_is_signed_and_checked(self, state: str) -> None:
        assert codes(state=state) == []

    @pytest.mark.parametrize(
        "state", ["drafting", "in_review", "returned", "published", "on_file", "archived", "discarded"]
    )
    def test_lets_nothing_else_out(self, state: str) -> None:
        assert codes(state=state) == ["state.not_approved"]

    @pytest.mark.parametrize("standing", [one for one in ApprovalStanding if one is not ApprovalStanding.COMPLETE])
    def test_asks_for_every_signature(self, standing: ApprovalStanding) -> None:
        assert codes(approval=standing) == [f"approval.{standing}"]

    @pytest.mark.parametrize("standing", [one for one in GateStanding if one is not GateStanding.PASSED])
    def test_asks_for_the_gate(self, standing: GateStanding) -> None:
        assert codes(gate=standing) == [f"gate.{standing}"]

    def test_attribute_counts_in_the_item_and_in_the_signed_text(self) -> None:
        assert codes(attribute="withheld") == codes(content_attribute="withheld") == ["attribute.not_proactive"]

    def test_tells_every_reason_at_once(self) -> None:
        found = codes(
            state="drafting", attribute="", approval=ApprovalStanding.MISSING, gate=GateStanding.MISSING, bundle="组合"
        )
        assert found == [
            "attribute.not_proactive",
            "state.not_approved",
            "approval.missing",
            "gate.missing",
            "bundle.together",
        ]

    def test_nothing_saved_is_reason_enough(self) -> None:
        assert codes(has_content=False, approval=ApprovalStanding.MISSING) == ["content.missing"]


class TestCheckSchedule:
    @pytest.mark.parametrize(
        ("publish", "unpublish", "since", "wanted"),
        [
            (1, None, None, []),
            (0, None, None, ["past"]),
            (-1, None, None, ["past"]),
            (1, 2, None, []),
            (2, 2, None, ["ends_before_it_begins"]),
            (None, 1, -5, []),
            (None, 1, 1, ["ends_before_it_begins"]),
            (-1, -2, None, ["past", "unpublish_past", "ends_before_it_begins"]),
        ],
    )
    def test_table(self, publish: int | None, unpublish: int | None, since: int | None, wanted: list[str]) -> None:
        def at(seconds: int | None) -> datetime | None:
            return None if seconds is None else NOW + timedelta(seconds=seconds)

        found = check_schedule(publish_at=at(publish), unpublish_at=at(unpublish), public_since=at(since), now=NOW)
        assert [issue.code.removeprefix("publication.schedule.") for issue in found] == wanted

    def test_moments_are_said_in_beijing_time(self) -> None:
        assert in_words(NOW) == "2026-03-02 09:00:00"


class TestLastOf:
    @given(st.dictionaries(st.integers(0, 9), st.integers(0, 9)), st.integers(0, 9))
    def test_ends_where_nothing_leads_on_or_says_that_it_is_a_circle(self, leads: dict[int, int], start: int) -> None:
        last = last_of(start, leads.get)
        if last is not None:
            assert last not in leads
        else:
            seen, here = set(), start
            while here not in seen:
                seen.add(here)
                here = leads[here]


class TestPunctuality:
    @pytest.mark.parametrize(
        ("law", "local", "published", "today", "standing", "light", "days"),
        [
            (None, None, None, 9, Standing.NO_DATE, "grey", None),
            (20, None, 20, 25, Standing.IN_TIME, "green", 0),
            (20, None, 21, 25, Standing.LATE, "red", 1),
            (20, 4, 3, 25, Standing.IN_TIME, "green", -1),
            (20, 4, 5, 25, Standing.LATE_LOCAL, "yellow", 1),
            (20, 4, 21, 25, Standing.LATE, "red", 17),
            (20, 4, None, 4, Standing.WAITING, "blue", 0),
            (20, 4, None, 5, Standing.OVERDUE_LOCAL, "yellow", 1),
            (20, 4, None, 21, Standing.OVERDUE, "red", 17),
        ],
    )
    def test_table(
        self, law: int | None, local: int | None, published: int | None, today: int, standing: Standing, light: str,
        days: int | None,
    ) -> None:  # fmt: skip
        def day(number: int | None) -> date | None:
            return None if number is None else date(2026, 3, number)

        found = punctuality(
            issued_on=date(2026, 3, 1), law_due_on=day(law), local_due_on=day(local), published_on=day(published),
            today=date(2026, 3, today),
        )  # fmt: skip
        assert (found.standing, found.light, found.days, found.before_issue) == (standing, light, days, False)

    def test_publication_before_the_day_of_issue_is_pointed_out(self) -> None:
        found = punctuality(
            issued_on=date(2026, 3, 9),
            law_due_on=date(2026, 4, 7),
            local_due_on=None,
            published_on=date(2026, 3, 8),
            today=date(2026, 3, 9),
        )
        assert found.before_issue

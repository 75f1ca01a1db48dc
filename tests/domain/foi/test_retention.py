"""How long a case is kept, and what destruction leaves of its events."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.foi import events as e
from gongkai.domain.foi.event_data import EVENT_TYPES, event_from_data, event_to_data, text_fields
from gongkai.domain.foi.evolving import replay
from gongkai.domain.foi.model import ConsultationKind, Delivery, Opinion, RemedyKind, RemedyOutcome
from gongkai.domain.foi.receipt import Channel
from gongkai.domain.foi.retention import GONE, Terms, erased_events, erased_values, kept_until, months_after

D = date(2026, 3, 2)
STORY = (
    e.Submitted(on=D, by="申请人", channel=Channel.IN_PERSON),
    e.Received(on=D),
    e.Registered(on=D, register_no="2026-0001"),
    e.Accepted(on=D),
    e.Consulted(on=D, kind=ConsultationKind.THIRD_PARTY, ref="诸葛守密", days=15),
    e.Consulted(on=D, kind=ConsultationKind.THIRD_PARTY, ref="乙公司", days=15),
    e.ConsultationAnswered(
        on=D, kind=ConsultationKind.THIRD_PARTY, opinion=Opinion.REFUSES, ref="诸葛守密", reason="电话13877665544"
    ),
    e.ConsultationAnswered(on=D, kind=ConsultationKind.THIRD_PARTY, opinion=Opinion.CONSENTS, ref="乙公司"),
    e.Drafted(on=D, disposition="partial", grounds=("art15_privacy",), public_interest="住守密巷"),
    e.Signed(on=D, signed_by="局长"),
    e.Sent(on=D, delivery=Delivery.POST),
    e.Replied(on=D),
    e.Closed(on=D, disposition="partial", evidence=("copy_provided",)),
    e.RemedyFiled(on=D, kind=RemedyKind.RECONSIDERATION, ref="赣府复〔2026〕3号诸葛守密"),
    e.RemedyDecided(
        on=D,
        kind=RemedyKind.RECONSIDERATION,
        outcome=RemedyOutcome.UPHELD,
        ref="赣府复〔2026〕3号诸葛守密",
    ),
)


class TestKeptUntil:
    @pytest.mark.parametrize(
        ("closed", "years", "last"),
        [
            (date(2026, 1, 1), 10, date(2036, 12, 31)),
            (date(2026, 12, 31), 10, date(2036, 12, 31)),
            (date(2024, 2, 29), 30, date(2054, 12, 31)),
        ],
    )
    def test_counts_whole_years_from_the_year_after_closing(self, closed: date, years: int, last: date) -> None:
        assert kept_until(closed, years) == last

    def test_is_longer_for_what_was_disputed(self) -> None:
        terms = Terms(10, 30, 12, 10)
        assert (terms.years(disputed=False), terms.years(disputed=True)) == (10, 30)


class TestMonthsAfter:
    @pytest.mark.parametrize(
        ("day", "months", "then"),
        [
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2024, 1, 31), 1, date(2024, 2, 29)),
            (date(2026, 3, 15), -12, date(2025, 3, 15)),
            (date(2026, 11, 30), 3, date(2027, 2, 28)),
        ],
    )
    def test_keeps_the_day_or_takes_the_last_of_the_month(self, day: date, months: int, then: date) -> None:
        assert months_after(day, months) == then


class TestErasedEvents:
    def test_leave_no_text_and_no_name(self) -> None:
        rows = erased_events([event_to_data(event) for event in STORY])
        told = str(rows)
        assert [word for word in ("诸葛", "13877665544", "守密", "乙公司", "局长", "申请人") if word in told] == []

    def test_tell_the_same_course(self) -> None:
        before = replay(STORY)
        after = replay([event_from_data(row) for row in erased_events([event_to_data(event) for event in STORY])])
        assert (after.stage, after.disposition, after.closed_on, after.register_no) == (
            before.stage,
            before.disposition,
            before.closed_on,
            before.register_no,
        )
        assert [(one.kind, one.outcome, one.decided_on) for one in after.remedies] == [
            (one.kind, one.outcome, one.decided_on) for one in before.remedies
        ]

    def test_keep_sides_apart_and_together(self) -> None:
        rows = erased_events([event_to_data(event) for event in STORY])
        refs = [row["ref"] for row in rows if row.get("ref")]
        assert refs[0] == refs[2] != refs[1] == refs[3]
        assert refs[4] == refs[5] not in refs[:4]

    def test_may_be_erased_again(self) -> None:
        once = erased_events([event_to_data(event) for event in STORY])
        assert erased_events(once) == once

    @given(st.sampled_from(sorted(EVENT_TYPES)), st.text(min_size=1, max_size=20))
    def test_every_kind_loses_every_free_text(self, kind: str, planted: str) -> None:
        planted = f"甲{planted}"
        kept = {"type", "disposition", "grounds", "evidence", "register_no", "split_from", "into"}
        row = {"type": kind, "on": "2026-03-02", **dict.fromkeys(text_fields(kind) - kept, planted)}
        assert planted not in erased_events([row])[0].values()


class TestErasedValues:
    def test_keep_days_numbers_and_codes_of_a_step(self) -> None:
        step = {"verb": "notify", "on": "2026-03-02", "days": 10, "organ": "某法院", "papers": [3], "text": "诸葛守密"}
        assert erased_values(step) == {**step, "organ": GONE, "text": GONE}

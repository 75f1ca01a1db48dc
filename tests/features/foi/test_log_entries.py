"""The log of answers: proposed when it may be, written in own words, checked, drafted as an item, taken down."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import RemedyKind, RemedyOutcome
from gongkai.features.disclosure.models import Item, Publication
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.features.foi.models import Application, CaseLink, CasePaper, LogEntry, LogObjection
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.log_entries import log_detail, log_page
from gongkai.features.foi.services import log_entries, log_objections, log_sweeps
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.notices.models import Notice
from gongkai.rulebook.disclosure import disclosure_rules
from tests.factories.disclosure import Bureau, fresh
from tests.factories.foi import ADDRESS, NAME, NUMBER, PHONE, Desk, person, request
from tests.factories.foi_after import closed, paper
from tests.factories.world import TODAY, World, moment

pytestmark = pytest.mark.django_db
LATER = date(2026, 4, 10)
WORDS = {
    "title": "学府路改造项目环评批复的答复",
    "asked": "申请公开一个道路改造项目的环境影响评价文件。",
    "answered": "已提供环境影响报告表的批复。",
}


@pytest.fixture
def waiting(desk: Desk) -> LogEntry:
    """A case whose answer was proposed by the nightly look."""
    closed(desk, TODAY)
    log_sweeps.log_entries_propose(now=moment(TODAY + timedelta(days=1)))
    return LogEntry.objects.get()


def draft(desk: Desk, entry: LogEntry, *, by: Actor | None = None, on: date = LATER, **more: Any) -> LogEntry:
    """Put an entry into words."""
    given = {**WORDS, **more}
    return log_entries.log_draft(actor=by or desk.clerk, entry_id=entry.pk, now=moment(on, 10), **given)


def refused(run: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        run()
    return sorted(set(caught.value.codes()))


def published(desk: Desk, entry: LogEntry) -> Item:
    """The entry's item, reviewed by others and released."""
    item = Item.objects.get(pk=draft(desk, entry).item_id)
    bureau = Bureau(desk.world, desk.unit)
    bureau.decide(fresh(item), now=moment(LATER, 11))
    bureau.sign(bureau.circulate(fresh(item), now=moment(LATER, 11)), now=moment(LATER, 12))
    publication_make(actor=bureau.office, item_id=item.pk, now=moment(LATER, 13))
    run_jobs()
    return fresh(item)


class TestPropose:
    def test_once_for_each_answer_that_gave_information(self, desk: Desk) -> None:
        application = closed(desk, TODAY)
        for _ in range(2):
            log_sweeps.log_entries_propose(now=moment(TODAY + timedelta(days=1)))
        entry = LogEntry.objects.get()
        assert (entry.application_id, entry.state) == (application.pk, "waiting")
        assert entry.ready_on == date(2026, 3, 30)  # twenty working days after closing
        assert (entry.title, entry.asked, entry.answered) == ("", "", "")  # nothing of the request is taken over

    def test_of_many_that_ask_for_the_same_one(self, desk: Desk) -> None:
        for number in range(3):
            closed(desk, TODAY, person=person(name=f"张三{number}"))
        closed(desk, TODAY, request=request(subject="另一件事"))
        assert log_sweeps.log_entries_propose(now=moment(TODAY)) == 2

    def test_not_what_was_denied_open_or_objected(self, desk: Desk) -> None:
        desk.taken()
        closed(desk, TODAY, no_log=True)
        application = desk.taken(request=request(subject="第三件事")).application
        desk.do(application, c.Withdraw(on=TODAY, statement="不要了"))
        assert log_sweeps.log_entries_propose(now=moment(TODAY)) == 0

    def test_one_that_stays_out_keeps_no_other_out_that_asks_for_the_same(self, desk: Desk) -> None:
        paper, part = desk.taken(no_log=True).application, closed(desk, TODAY)
        CaseLink.objects.create(source=paper, target=part, kind="split", on=TODAY, made_at=moment(TODAY))
        other = closed(desk, TODAY, person=person(name="李四"))
        assert log_sweeps.log_entries_propose(now=moment(TODAY)) == 1
        assert LogEntry.objects.get().application_id == other.pk

    def test_by_hand_with_every_reason_against(self, desk: Desk) -> None:
        application = desk.taken(no_log=True).application
        run = partial(log_entries.log_propose, actor=desk.clerk, application_id=application.pk, now=moment(TODAY))
        assert refused(run) == ["foi.log.objected", "foi.log.open"]

    def test_by_hand_for_an_answered_one(self, desk: Desk) -> None:
        application = closed(desk, TODAY)
        run = partial(log_entries.log_propose, actor=desk.clerk, application_id=application.pk, now=moment(TODAY))
        run()
        assert refused(run) == ["foi.log.proposed"]

    def test_offices_hear_once_a_week_that_something_is_ready(self, desk: Desk, waiting: LogEntry) -> None:
        assert log_sweeps.log_entries_remind(now=moment(date(2026, 3, 20))) == 0
        assert log_sweeps.log_entries_remind(now=moment(LATER)) == 2
        assert log_sweeps.log_entries_remind(now=moment(LATER, 15)) == 0
        notice = Notice.objects.filter(kind="foi.log").first()
        assert notice is not None and "学府路" not in notice.title + notice.body


class TestDraft:
    def test_becomes_a_draft_item_of_the_unit_that_knows_nothing_of_the_case(
        self, desk: Desk, waiting: LogEntry
    ) -> None:
        entry = draft(desk, waiting)
        item = Item.objects.select_related("head").get(pk=entry.item_id)
        assert (item.unit, item.kind, item.title, item.state) == (
            desk.unit,
            "foi_answer",
            WORDS["title"],
            "drafting",
        )
        assert item.attribute == "" and item.columns == ["E-1"]
        assert item.head is not None
        for word in (NAME, PHONE, NUMBER, waiting.application.register_no, "全文"):
            assert word not in str(item.head.content) + item.head.text

    def test_not_before_the_waiting_time(self, desk: Desk, waiting: LogEntry) -> None:
        assert refused(lambda: draft(desk, waiting, on=date(2026, 3, 27))) == ["foi.log.waiting"]
        assert Item.objects.count() == 0

    def test_not_twice_but_anew_when_the_draft_was_discarded(self, desk: Desk, waiting: LogEntry) -> None:
        first = draft(desk, waiting).item_id
        assert refused(lambda: draft(desk, waiting)) == ["foi.log.drafted"]
        from gongkai.features.disclosure.services.items import item_discard

        assert first is not None
        item_discard(actor=desk.clerk, item_id=first, reason="重写", now=moment(LATER, 11))
        assert draft(desk, waiting).item_id != first

    def test_not_while_the_case_is_handled_again(self, desk: Desk, waiting: LogEntry) -> None:
        kind, number = RemedyKind.RECONSIDERATION, waiting.application
        desk.do(number, c.FileRemedy(on=date(2026, 3, 10), kind=kind))
        desk.do(number, c.DecideRemedy(on=date(2026, 3, 20), kind=kind, outcome=RemedyOutcome.CORRECTED))
        desk.do(number, c.Reopen(on=date(2026, 3, 23), reason="复议决定撤销"))
        assert "foi.log.open" in refused(lambda: draft(desk, waiting))

    @pytest.mark.parametrize("name", ["title", "asked", "answered"])
    @pytest.mark.parametrize(
        ("planted", "code"),
        [
            (NAME, "foi.log.hidden"),
            (PHONE, "foi.log.hidden"),
            (NUMBER, "foi.log.hidden"),
            (ADDRESS, "foi.log.hidden"),
            ("2026-0001", "foi.log.hidden"),
            ("13912345678", "foi.log.content"),
            ("110101199003071233", "foi.log.content"),
        ],
        ids=["name", "phone", "number", "address", "register", "other-phone", "other-number"],
    )
    def test_no_person_in_any_field(self, desk: Desk, waiting: LogEntry, name: str, planted: str, code: str) -> None:
        assert code in refused(lambda: draft(desk, waiting, **{name: f"{WORDS[name]}{planted}"}))
        assert Item.objects.count() == 0

    def test_not_the_applicants_own_words(self, desk: Desk, waiting: LogEntry) -> None:
        copied = waiting.application.description
        assert "foi.log.copied" in refused(lambda: draft(desk, waiting, asked=copied))

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.sampled_from([NAME, PHONE, NUMBER, "欧阳 晓明", "139-7970-1234", "２０２６－０００１"]),
        st.sampled_from(["title", "asked", "answered"]),
        st.text(alphabet="的了在申请答复，。 ·-（）", max_size=12),
    )
    def test_nothing_of_the_applicant_gets_through_whatever_stands_around(
        self, desk: Desk, waiting: LogEntry, planted: str, name: str, around: str
    ) -> None:
        with pytest.raises(Refused):
            draft(desk, waiting, **{name: f"{around}{planted}{around}"})

    def test_audit_tells_neither_applicant_nor_request(self, desk: Desk, waiting: LogEntry) -> None:
        draft(desk, waiting)
        told = " ".join(f"{one.summary} {one.details}" for one in Entry.objects.filter(action__startswith="foi.log"))
        assert told and not [word for word in (NAME, PHONE, NUMBER, "学府路") if word in told]


class TestPapers:
    @pytest.fixture
    def case(self, desk: Desk) -> Application:
        return closed(desk, TODAY)

    def entry(self, desk: Desk, case: Application) -> LogEntry:
        return log_entries.log_propose(actor=desk.clerk, application_id=case.pk, now=moment(TODAY))

    def test_go_along_under_neutral_names(self, desk: Desk, case: Application) -> None:
        kept = paper(desk, case, "record", f"{NAME}要的批复.txt", "项目批复全文，准予建设。".encode())
        entry = draft(desk, self.entry(desk, case), paper_ids=[kept.pk])
        item = Item.objects.select_related("head").get(pk=entry.item_id)
        assert item.head is not None
        assert [one["name"] for one in item.head.content["attachments"]] == ["附件1.txt"]
        assert NAME not in str(item.head.content)

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            (f"批复送达{NAME}。", "foi.log.paper_hidden"),
            ("联系人电话13912345678。", "foi.log.paper_content"),
            ("", "foi.log.paper_unread"),
        ],
        ids=["applicant", "somebody", "empty"],
    )
    def test_with_anybody_in_them_stay(self, desk: Desk, case: Application, text: str, code: str) -> None:
        kept = paper(desk, case, "record", "批复.txt", text.encode() or b"\n")
        assert code in refused(lambda: draft(desk, self.entry(desk, case), paper_ids=[kept.pk]))

    @pytest.mark.parametrize("kind", ["application", "supplement", "opinion", "evidence", "service", "remedy"])
    def test_of_other_kinds_stay(self, desk: Desk, case: Application, kind: str) -> None:
        kept = paper(desk, case, kind, "一份.txt", "没有个人信息。".encode())
        assert refused(lambda: draft(desk, self.entry(desk, case), paper_ids=[kept.pk])) == ["foi.log.paper"]

    def test_of_another_case_stay(self, desk: Desk, case: Application) -> None:
        other = paper(desk, desk.taken().application, "record", "一份.txt", "没有个人信息。".encode())
        assert refused(lambda: draft(desk, self.entry(desk, case), paper_ids=[other.pk])) == ["foi.log.paper"]

    def test_removed_ones_stay(self, desk: Desk, case: Application) -> None:
        kept = paper(desk, case, "redacted", "一份.txt", "没有个人信息。".encode())
        CasePaper.objects.filter(pk=kept.pk).update(removed_at=moment(TODAY), removed_reason="放错了")
        assert refused(lambda: draft(desk, self.entry(desk, case), paper_ids=[kept.pk])) == ["foi.log.paper"]


class TestRoles:
    @pytest.mark.parametrize("role", list(Role))
    def test_only_the_units_own_office_writes(self, desk: Desk, waiting: LogEntry, role: Role) -> None:
        may = role in (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)
        actor = desk.world.actor(role, desk.unit)
        if may:
            assert draft(desk, waiting, by=actor).item_id
        else:
            with pytest.raises((NotFound, NotPermitted)):
                draft(desk, waiting, by=actor)

    @pytest.mark.parametrize("role", list(Role))
    def test_another_unit_and_the_authority_see_nothing(self, world: World, waiting: LogEntry, role: Role) -> None:
        for unit in (world.finance, world.office, world.top):
            actor = world.actor(role, unit)
            with pytest.raises(NotFound):
                log_detail(actor=actor, entry_id=waiting.pk, now=moment(LATER), today=LATER)
            with pytest.raises(NotFound):
                log_entries.log_draft(actor=actor, entry_id=waiting.pk, now=moment(LATER), **WORDS)
            try:
                page = log_page(actor=actor, tab="ready", number=1, now=moment(LATER), today=LATER)
            except NotPermitted:
                continue
            assert page.lines == () and set(page.counts.values()) == {0}


class TestDecline:
    def test_with_a_reason_only(self, desk: Desk, waiting: LogEntry) -> None:
        decline = partial(log_entries.log_decline, actor=desk.clerk, entry_id=waiting.pk, now=moment(LATER))
        assert refused(partial(decline, reason=" ")) == ["foi.reason.missing"]
        decline(reason="只涉及个人")
        waiting.refresh_from_db()
        assert (waiting.state, waiting.reason) == ("declined", "只涉及个人")
        assert refused(lambda: draft(desk, waiting)) == ["foi.log.not_waiting"]


class TestRelease:
    def test_goes_out_by_two_persons_and_comes_down_with_its_reason(self, desk: Desk, waiting: LogEntry) -> None:
        item = published(desk, waiting)
        detail = log_detail(actor=desk.clerk, entry_id=waiting.pk, now=moment(LATER, 14), today=LATER)
        assert detail.line.stand is not None and detail.line.stand.public
        assert Publication.objects.get(item=item).title == WORDS["title"]
        log_entries.log_take_down(actor=desk.clerk, entry_id=waiting.pk, reason="内容已更新", now=moment(LATER, 15))
        detail = log_detail(actor=desk.clerk, entry_id=waiting.pk, now=moment(LATER, 16), today=LATER)
        assert detail.line.stand is not None
        assert (detail.line.stand.public, "内容已更新" in detail.line.stand.ended) == (False, True)

    def test_the_reason_names_nobody_either(self, desk: Desk, waiting: LogEntry) -> None:
        published(desk, waiting)
        reason = f"{NAME}要求撤下"
        down = partial(
            log_entries.log_take_down, actor=desk.clerk, entry_id=waiting.pk, reason=reason, now=moment(LATER, 15)
        )
        assert refused(down) == ["foi.log.hidden"]

    def test_nobody_takes_down_what_was_never_drafted(self, desk: Desk, waiting: LogEntry) -> None:
        down = partial(
            log_entries.log_take_down, actor=desk.clerk, entry_id=waiting.pk, reason="撤下", now=moment(LATER)
        )
        assert refused(down) == ["foi.log.not_drafted"]


class TestObjection:
    def test_on_the_form_keeps_the_answer_out(self, desk: Desk) -> None:
        application = desk.online(no_log=True).application
        said = LogObjection.objects.get(application=application)
        assert (said.way, said.said_on) == ("form", TODAY)

    def test_later_by_code_stops_a_waiting_entry(self, desk: Desk) -> None:
        taken = desk.taken()
        application = taken.application
        for command, who in (
            (c.Accept(on=TODAY), desk.clerk),
            (c.Withdraw(on=TODAY, statement="不要了"), desk.clerk),
        ):
            desk.do(application, command, by=who)
        LogEntry.objects.create(application=application, proposed_on=TODAY, ready_on=TODAY)
        log_objections.applicant_object(query_code=taken.query_code, now=moment(TODAY))
        log_objections.applicant_object(query_code=taken.query_code.lower(), now=moment(LATER))
        assert LogObjection.objects.get().said_on == TODAY
        assert LogEntry.objects.get().state == "objected"

    def test_discards_a_draft_that_nobody_reviews(self, desk: Desk, waiting: LogEntry) -> None:
        item_id = draft(desk, waiting).item_id
        log_objections.objection_record(actor=desk.clerk, application_id=waiting.application_id, now=moment(LATER, 12))
        waiting.refresh_from_db()
        assert waiting.state == "objected"
        assert Item.objects.get(pk=item_id).state == "discarded"
        assert refused(lambda: draft(desk, waiting)) == ["foi.log.objected"]

    def test_after_publication_the_office_is_told_until_it_is_down(self, desk: Desk, waiting: LogEntry) -> None:
        published(desk, waiting)
        day = LATER + timedelta(days=3)
        log_objections.objection_record(actor=desk.clerk, application_id=waiting.application_id, now=moment(day))
        urgent = Notice.objects.filter(kind="foi.log", level="urgent")
        people = urgent.count()
        assert people >= 2
        log_sweeps.log_entries_remind(now=moment(day + timedelta(days=1)))
        assert urgent.count() == 2 * people
        log_entries.log_take_down(actor=desk.clerk, entry_id=waiting.pk, reason="不再公开", now=moment(day, 15))
        log_sweeps.log_entries_remind(now=moment(day + timedelta(days=2)))
        waiting.refresh_from_db()
        assert (urgent.count(), waiting.state) == (2 * people, "objected")

    def test_of_a_split_paper_holds_for_its_parts(self, desk: Desk, waiting: LogEntry) -> None:
        from gongkai.features.foi.models import CaseLink

        source = desk.taken(no_log=True, request=request(subject="原来的一份")).application
        CaseLink.objects.create(
            source=source, target=waiting.application, kind="split", on=TODAY, made_at=moment(TODAY)
        )
        assert refused(lambda: draft(desk, waiting)) == ["foi.log.objected"]

    def test_is_recorded_by_the_units_office_alone(self, world: World, desk: Desk, waiting: LogEntry) -> None:
        for role in Role:
            with pytest.raises((NotFound, NotPermitted)):
                log_objections.objection_record(
                    actor=world.actor(role, world.office),
                    application_id=waiting.application_id,
                    now=moment(LATER),
                )
        assert LogObjection.objects.count() == 0


class TestItemKind:
    def test_stands_in_a_column_of_its_own(self) -> None:
        rules = disclosure_rules()
        assert rules.columns[rules.kinds[log_entries.ITEM_KIND].column].name == "答复公开"

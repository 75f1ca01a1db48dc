"""The sign-off through the services: each step by each role, separation, all reasons at once, audit and history."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.domain.ledger import State, Verb
from gongkai.features.workplans import permissions, selectors, services
from gongkai.features.workplans.models import Check, LedgerEntry, WorkItem
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.world import NOW, SYSTEM, TODAY, World

URL = "https://www.example.gov.cn/a.html"


def add_evidence(actor: Actor, item: WorkItem) -> None:
    services.evidence_add(
        actor=actor, item_id=item.pk, title="公开页面", kind="url", url=URL, occurred_on=TODAY, now=NOW
    )


class TestWholeWay:
    def test_goes_from_assigned_to_closed_with_a_trace_of_each_step(self, world: World) -> None:
        doer = world.actor(Role.DRAFTER, world.finance)
        checker = world.actor(Role.DISCLOSURE_OFFICE, world.justice)
        item = world.item(world.plan(), lead=world.justice, responsible=world.finance, due_on=date(2026, 6, 30))
        services.item_start(actor=doer, item_id=item.pk, now=NOW)
        services.item_report_progress(actor=doer, item_id=item.pk, text="已完成一半", percent=50, now=NOW)
        add_evidence(doer, item)
        services.item_submit(actor=doer, item_id=item.pk, text="全部完成", now=NOW)
        services.item_return(actor=checker, item_id=item.pk, reason="缺少附件", now=NOW)
        services.item_submit(actor=doer, item_id=item.pk, text="已补附件", now=NOW)
        services.item_accept(actor=checker, item_id=item.pk, now=NOW)
        closed = services.item_close(actor=checker, item_id=item.pk, now=NOW)
        assert (closed.state, closed.attention_on, closed.percent) == ("closed", None, 100)
        verbs = list(LedgerEntry.objects.filter(item=item).order_by("pk").values_list("verb", flat=True))
        assert verbs == ["start", "report", "evidence_add", "submit", "return", "submit", "accept", "close"]
        audited = Entry.objects.filter(target_type="workplans.item", target_id=str(item.pk)).order_by("sequence")
        assert [e.action.rpartition(".")[2] for e in audited] == [
            "start", "report", "add", "submit", "return", "submit", "accept", "close",
        ]  # fmt: skip
        history = selectors.item_history(actor=checker, item_id=item.pk, today=TODAY)
        assert [row.verb_name for row in history][:2] == ["销号", "验收"]
        assert history[3].reason == "缺少附件"

    def test_reopened_item_needs_a_new_acceptance(self, world: World) -> None:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        item = self.closed(world)
        reopened = services.item_reopen(actor=office, item_id=item.pk, reason="又出现问题", now=NOW)
        assert (reopened.state, reopened.accepted_by_id, reopened.closed_at) == ("reopened", None, None)
        assert reopened.attention_on == date(2026, 6, 30)
        with pytest.raises(Refused) as refusal:
            services.item_close(actor=office, item_id=item.pk, now=NOW)
        assert "ledger.close.not_accepted" in refusal.value.codes()

    def closed(self, world: World) -> WorkItem:
        doer = world.actor(Role.DRAFTER, world.finance)
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        item = world.item(world.plan(), responsible=world.finance, due_on=date(2026, 6, 30))
        services.item_submit(actor=doer, item_id=item.pk, text="完成", now=NOW)
        services.item_accept(actor=office, item_id=item.pk, now=NOW)
        services.item_close(actor=office, item_id=item.pk, reason="口头确认", now=NOW)
        return item


class TestSeparation:
    def test_submitter_may_neither_accept_nor_close(self, world: World) -> None:
        actor = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        item = world.item(world.plan(), lead=world.office, responsible=world.office)
        services.item_submit(actor=actor, item_id=item.pk, text="完成", now=NOW)
        with pytest.raises(Refused) as refusal:
            services.item_accept(actor=actor, item_id=item.pk, now=NOW)
        assert refusal.value.codes() == ["ledger.separation.submitter"]
        colleague = world.actor(Role.DISCLOSURE_OFFICE_HEAD, world.office)
        services.item_accept(actor=colleague, item_id=item.pk, now=NOW)
        with pytest.raises(Refused) as refusal:
            services.item_close(actor=actor, item_id=item.pk, now=NOW)
        assert refusal.value.codes() == ["ledger.separation.submitter", "ledger.close.no_evidence"]

    def test_job_may_not_sign_for_a_person(self, world: World) -> None:
        item = world.item(world.plan(), responsible=world.finance)
        with pytest.raises(NotPermitted):
            services.item_submit(actor=SYSTEM, item_id=item.pk, text="完成", now=NOW)

    def test_database_holds_the_separation_too(self, world: World) -> None:
        from django.db import IntegrityError, transaction

        user = world.person(Role.DRAFTER, world.finance)
        item = world.item(world.plan(), responsible=world.finance)
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkItem.objects.filter(pk=item.pk).update(
                state="accepted", submitted_by=user, submitted_on=TODAY, accepted_by=user, accepted_at=NOW
            )


class TestRefusals:
    @pytest.mark.parametrize(
        ("step", "arguments", "codes"),
        [
            (services.item_submit, {"text": " "}, ["ledger.owner.missing", "ledger.text.missing"]),
            (services.item_accept, {}, ["ledger.state.not_possible"]),
            (services.item_return, {"reason": ""}, ["ledger.state.not_possible", "ledger.reason.missing"]),
            (services.item_cancel, {"reason": ""}, ["ledger.reason.missing"]),
            (services.item_reopen, {"reason": ""}, ["ledger.state.not_possible", "ledger.reason.missing"]),
            (services.item_start, {}, ["ledger.owner.missing"]),
            (services.item_close, {}, ["ledger.state.not_possible", "ledger.close.not_accepted", "ledger.close.no_evidence"]),
            (
                services.item_report_progress,
                {"text": "", "percent": 120, "occurred_on": date(2026, 3, 3)},
                ["ledger.text.missing", "workplans.percent.range", "workplans.day.future"],
            ),
        ],
    )  # fmt: skip
    def test_every_reason_is_told_and_nothing_changes(
        self,
        world: World,
        step: object,
        arguments: dict[str, object],
        codes: list[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        actor = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        item = world.item(world.plan())
        monkeypatch.setitem(permissions.BY_VERB, Verb.START, permissions.can_manage_item)  # type: ignore[arg-type]
        monkeypatch.setitem(permissions.BY_VERB, Verb.SUBMIT, permissions.can_manage_item)  # type: ignore[arg-type]
        monkeypatch.setitem(permissions.BY_VERB, Verb.REPORT, permissions.can_manage_item)  # type: ignore[arg-type]
        before = Entry.objects.count()
        with pytest.raises(Refused) as refusal:
            step(actor=actor, item_id=item.pk, now=NOW, **arguments)  # type: ignore[operator]
        assert refusal.value.codes() == codes
        assert all(refusal.value.sentences())
        item.refresh_from_db()
        assert (item.state, Entry.objects.count()) == ("assigned", before)

    def test_archived_plan_stands_still(self, world: World) -> None:
        doer = world.actor(Role.DRAFTER, world.finance)
        plan = world.plan(state="archived", archived_at=NOW)
        item = world.item(plan, responsible=world.finance)
        with pytest.raises(Refused) as refusal:
            services.item_start(actor=doer, item_id=item.pk, now=NOW)
        assert refusal.value.codes() == ["ledger.plan.not_active"]

    def test_unknown_item_is_not_found(self, world: World) -> None:
        with pytest.raises(selectors.NotFound):
            services.item_start(actor=world.actor(Role.DRAFTER, world.finance), item_id=999_999, now=NOW)

    def test_closing_a_standing_duty_and_missed_checks_needs_a_reason(self, world: World) -> None:
        doer = world.actor(Role.DRAFTER, world.finance)
        checker = world.actor(Role.DISCLOSURE_OFFICE, world.justice)
        item = world.item(world.plan(), lead=world.justice, responsible=world.finance, standing=True)
        add_evidence(doer, item)
        services.item_submit(actor=doer, item_id=item.pk, text="完成", now=NOW)
        services.item_accept(actor=checker, item_id=item.pk, now=NOW)
        Check.objects.create(item=item, kind="milestone", label="六月底前", due_on=TODAY, opened_at=NOW)
        with pytest.raises(Refused) as refusal:
            services.item_close(actor=checker, item_id=item.pk, now=NOW)
        assert refusal.value.codes() == ["ledger.close.standing", "ledger.close.check_short"]
        closed = services.item_close(actor=checker, item_id=item.pk, reason="职责已移交", now=NOW)
        assert closed.state_reason == "职责已移交"
        assert Check.objects.get(item=item).state == "void"


# Who may take which step on an item led by 司法局, done by 财政局, of a plan of the government office.
MATRIX: dict[tuple[Role, str], set[Verb]] = {
    (Role.DISCLOSURE_OFFICE, "office"): {
        Verb.ASSIGN, Verb.SPLIT, Verb.ACCEPT, Verb.RETURN, Verb.CLOSE, Verb.REOPEN, Verb.CANCEL, Verb.CHANGE_DUE,
    },
    (Role.DISCLOSURE_OFFICE_HEAD, "office"): {
        Verb.ASSIGN, Verb.SPLIT, Verb.ACCEPT, Verb.RETURN, Verb.CLOSE, Verb.REOPEN, Verb.CANCEL, Verb.CHANGE_DUE,
    },
    (Role.UNIT_LEADER, "office"): set(),
    (Role.SUPERVISOR, "office"): set(),
    (Role.SYSTEM_ADMINISTRATOR, "office"): set(),
    (Role.DISCLOSURE_OFFICE, "justice"): {
        Verb.ASSIGN, Verb.SPLIT, Verb.START, Verb.REPORT, Verb.SUBMIT, Verb.ACCEPT, Verb.RETURN, Verb.CLOSE,
    },
    (Role.UNIT_LEADER, "justice"): {Verb.ACCEPT, Verb.RETURN, Verb.CLOSE},
    (Role.DRAFTER, "justice"): {Verb.START, Verb.REPORT, Verb.SUBMIT},
    (Role.PROOFREADER, "justice"): set(),
    (Role.DISCLOSURE_OFFICE, "finance"): {Verb.SPLIT, Verb.START, Verb.REPORT, Verb.SUBMIT},
    (Role.UNIT_LEADER, "finance"): set(),
    (Role.DRAFTER, "finance"): {Verb.START, Verb.REPORT, Verb.SUBMIT},
    (Role.FIRST_REVIEWER, "finance"): set(),
    (Role.DRAFTER, "education"): set(),
    (Role.DISCLOSURE_OFFICE, "education"): set(),
}  # fmt: skip
SEES = {
    ("office", Role.DISCLOSURE_OFFICE), ("office", Role.DISCLOSURE_OFFICE_HEAD), ("office", Role.SUPERVISOR),
    ("office", Role.SYSTEM_ADMINISTRATOR), ("justice", Role.DISCLOSURE_OFFICE), ("justice", Role.UNIT_LEADER),
    ("justice", Role.DRAFTER), ("justice", Role.PROOFREADER), ("finance", Role.DISCLOSURE_OFFICE),
    ("finance", Role.UNIT_LEADER), ("finance", Role.DRAFTER), ("finance", Role.FIRST_REVIEWER),
}  # fmt: skip


class TestMatrix:
    @pytest.mark.parametrize(("role", "unit"), MATRIX, ids=lambda value: str(value))
    def test_role_may_take_these_steps_and_no_others(self, world: World, role: Role, unit: str) -> None:
        item = world.item(world.plan(), lead=world.justice, responsible=world.finance)
        item = WorkItem.objects.select_related("plan").get(pk=item.pk)
        standing = selectors.access.item_standing(item=item, today=TODAY)
        actor = world.actor(role, getattr(world, unit))
        assert {verb for verb in Verb if permissions.can_do(actor, verb, standing)} == MATRIX[role, unit]
        assert permissions.can_see_item(actor, standing) == ((unit, role) in SEES)
        page = selectors.item_list(actor=actor, today=TODAY)
        assert (page.total == 1) == ((unit, role) in SEES)
        assert permissions.can_issue_notice(actor, standing) == (
            role is Role.SUPERVISOR
            or (unit == "office" and role in (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD))
        )

    def test_visitor_sees_nothing(self, world: World) -> None:
        world.item(world.plan(), lead=world.justice)
        assert selectors.item_list(actor=Actor.anonymous(), today=TODAY).total == 0

    def test_refused_step_is_a_matter_of_role(self, world: World) -> None:
        item = world.item(world.plan(), lead=world.justice, responsible=world.finance, state=State.IN_PROGRESS)
        with pytest.raises(NotPermitted):
            services.item_cancel(
                actor=world.actor(Role.DRAFTER, world.finance), item_id=item.pk, reason="不做了", now=NOW
            )

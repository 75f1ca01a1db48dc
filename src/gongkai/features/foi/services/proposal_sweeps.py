"""Nightly looks: what several applicants ask for becomes a proposal; evaluations that are due are told. Safe late and twice."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from gongkai.domain.foi.model import ELSEWHERE
from gongkai.domain.foi.repeats import Asked, Repeated, repeated_requests
from gongkai.domain.foi.retention import months_after
from gongkai.features.foi.models import Application, CasePaper, ProactiveProposal, ProposalCase
from gongkai.features.foi.permissions import OFFICE
from gongkai.features.foi.selectors.after_rules import rules_on
from gongkai.features.foi.services.after_actions import KIND_PROPOSAL, PROPOSAL
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.audit.services import record
from gongkai.kernel.clocks.badge import NEAR_WORKING_DAYS
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.notices.services import notice_send

_ELSEWHERE = [stage.value for stage in ELSEWHERE]
_GIVEN = (CasePaper.Kind.RECORD.value, CasePaper.Kind.REDACTED.value)
COUNTER = Actor.system("重复申请统计")


def proposals_find(*, now: datetime) -> int:
    """Open a proposal for what enough different applicants asked of one unit; returns how many are new.

    Applications that a proposal rests on already are not counted again; where one is still open, further applications for
    the same join it. A person is told apart by keyed digests; nothing is opened for it.
    """
    today = day_of(now)
    since = months_after(today, -rules_on(today).repeated.months)
    units = Application.objects.filter(started_on__gte=since).values_list("unit_id", flat=True).distinct()
    return sum(_find(unit_id, since, now) for unit_id in sorted(units.order_by()))


def _find(unit_id: int, since: date, now: datetime) -> int:
    today = day_of(now)
    rules = rules_on(today)
    rows = list(
        Application.objects.filter(unit_id=unit_id, started_on__gte=since, applicant__erased_at__isnull=True)
        .exclude(stage__in=_ELSEWHERE)
        .order_by("pk")
        .values_list(
            "pk",
            "subject",
            "doc_no",
            "applicant__id_number_digest",
            "applicant__name_digest",
            "applicant__phone_digest",
            "started_on",
        )
    )
    if len(rows) < rules.repeated.applicants:
        return 0
    given = defaultdict(set)
    papers = CasePaper.objects.filter(
        application__unit_id=unit_id, application__started_on__gte=since, kind__in=_GIVEN, removed_at__isnull=True
    )
    for case, digest in papers.exclude(file=None).values_list("application_id", "file__sha256"):
        given[case].add(digest)
    asked = [
        Asked(pk, number or f"{name} {phone}", subject, doc_no, tuple(sorted(given[pk])))
        for pk, subject, doc_no, number, name, phone, _ in rows
    ]
    groups = repeated_requests(asked, applicants=rules.repeated.applicants, share=rules.repeated.share)
    subjects = {pk: subject for pk, subject, *_ in rows}
    days = {row[0]: row[-1] for row in rows}
    people = {one.case: one.applicant for one in asked}
    return sum(_propose(unit_id, group, subjects, days, people, now) for group in groups)


def _propose(
    unit_id: int,
    group: Repeated,
    subjects: dict[int, str],
    days: dict[int, date],
    people: dict[int, str],
    now: datetime,
) -> int:
    """Open a proposal for a group, or let its new cases join the one that is open."""
    today = day_of(now)
    rules = rules_on(today).repeated
    with transaction.atomic():
        behind = ProposalCase.objects.filter(
            application_id__in=group.cases, proposal__source=ProactiveProposal.Source.REPEATED
        )
        known = dict(behind.values_list("application_id", "proposal_id"))
        fresh = [case for case in group.cases if case not in known]
        open_ones = ProactiveProposal.objects.filter(pk__in=set(known.values()), result="").order_by("pk")
        proposal = open_ones.select_for_update(no_key=True).first()
        if not fresh or (proposal is None and len({people[case] for case in fresh}) < rules.applicants):
            return 0
        new = proposal is None
        counted = (
            fresh if proposal is None else [case for case in group.cases if known.get(case, proposal.pk) == proposal.pk]
        )
        fields = {
            "applicants": len({people[case] for case in counted}),
            "since": min(days[case] for case in counted),
            "until": max(days[case] for case in counted),
        }
        if proposal is None:
            proposal = ProactiveProposal.objects.create(
                unit_id=unit_id,
                source=ProactiveProposal.Source.REPEATED,
                subject=subjects[fresh[-1]],
                opened_on=today,
                due_on=calendar_current().add_working_days(today, rules.evaluation, strict=False),
                **fields,
            )
        else:
            for name, value in fields.items():
                setattr(proposal, name, value)
            proposal.save(update_fields=list(fields))
        why = [one.value for one in group.why]
        ProposalCase.objects.bulk_create(
            ProposalCase(proposal=proposal, application_id=case, why=why) for case in fresh
        )
        if new:
            record(
                actor=COUNTER,
                action="foi.proposal.open",
                target_type=PROPOSAL,
                target_id=proposal.pk,
                summary=f"转主动公开建议 {proposal.pk}：{fields['applicants']} 个不同申请人申请相同信息",
                unit_id=unit_id,
                details={"cases": len(fresh), "why": why},
                now=now,
            )
    return int(new)


def proposals_remind(*, now: datetime) -> int:
    """Tell who evaluates, or the office while nobody does, of new, near and late evaluations; returns the notices sent."""
    today = day_of(now)
    near = calendar_current().add_working_days(today, NEAR_WORKING_DAYS, strict=False)
    rows = list(ProactiveProposal.objects.filter(result="").order_by("due_on", "pk"))
    people = users_of_units(unit_ids=sorted({one.unit_id for one in rows}), today=today, roles=OFFICE)
    sent = 0
    for one in rows:
        late, soon = one.due_on < today, one.due_on <= near
        office = [user.pk for user in people.get(one.unit_id, ())]
        mark = today.isoformat() if late else ("near" if soon else "new")
        words = "已逾期" if late else ("临近期限" if soon else "等待评估")
        sent += notice_send(
            recipients=[one.evaluator_id] if one.evaluator_id is not None and not late else office,
            kind=KIND_PROPOSAL,
            title=f"转主动公开建议{words}",
            body=f"{one.get_source_display()}，请在{one.due_on.isoformat()}前评估是否主动公开。",
            url=reverse("foi:staff:proposal", args=[one.pk]),
            dedupe_key=f"foi.proposal.{one.pk}.{mark}",
            level="urgent" if late else ("warning" if soon else "info"),
            now=now,
        )
    return sent

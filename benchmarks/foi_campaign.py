"""A campaign of 45 000 like applications: grouped, drafted, signed, sent, served and closed, beside doing it case by case.

Runs on the embedded server in a scratch database, dropped at the end::

    python -m benchmarks.foi_campaign [--cases 45000] [--alone 300] [--letters 2000] [--keep]

One application goes the whole way in; the others are written beside it with sealed names of their own, in one of a few
wordings. Every step is tried on all cases and then done for all, as a worker does it, in chunks with an audit entry, events
and clocks for each case. Case by case means ``case_do``, a transaction a step, in the same run on other cases of the unit.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")

from benchmarks import ledger

DATABASE = "gongkai_bench_campaign"
DAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
BATCH = 2000
RESULT = "granted_provide"
ROADS = ("学府路", "沿江大道", "府前街", "环城北路", "东湾大道", "迎宾路", "人民路", "解放路")
NAMES = {"basic_court": "量县人民法院", "review_channel": "https://review.example.gov.cn/"}


class Office:
    """A bureau with the people who do the steps."""

    def __init__(self) -> None:
        from gongkai.features.foi.models import OfficeFacts
        from gongkai.kernel.accounts.models import Post, User
        from gongkai.kernel.accounts.roles import Role
        from gongkai.kernel.accounts.selectors import actor_get
        from gongkai.kernel.orgs.models import Unit, UnitName

        top = Unit.objects.create(kind="government", name="量县人民政府", sort_key="0", division_code="360798")
        self.unit = Unit.objects.create(kind="department", name="量县自然资源局", parent=top, sort_key="1")
        UnitName.objects.bulk_create(UnitName(unit=one, name=one.name, kind=one.kind) for one in (top, self.unit))
        OfficeFacts.objects.create(
            unit=self.unit, number=1, from_on=date(2020, 1, 1), names=NAMES, phone="0000-1234567", by_name="", at=NOW
        )

        def person(name: str, role: Role) -> Any:
            user = User.objects.create(username=name, display_name=name)
            Post.objects.create(user=user, unit=self.unit, role=role, from_on=date(2020, 1, 1), granted_at=NOW)
            return actor_get(user=user, today=DAY)

        self.clerk = person("经办", Role.DISCLOSURE_OFFICE)
        self.leader = person("局长", Role.UNIT_LEADER)


def first_case(office: Office) -> Any:
    """Take one application in, the way all go."""
    from gongkai.domain.foi import commands as c
    from gongkai.domain.foi.figures import ApplicantClass
    from gongkai.domain.foi.intake import Person, Request
    from gongkai.domain.foi.model import Delivery
    from gongkai.domain.foi.receipt import Channel
    from gongkai.domain.foi.wishes import Form
    from gongkai.features.foi import services

    came = DAY - timedelta(days=3)
    taken = services.application_submit(
        actor=office.clerk,
        unit_id=office.unit.pk,
        channel=Channel.IN_PERSON,
        person=Person(
            kind=ApplicantClass.NATURAL_PERSON,
            name="赵明",
            id_number="360721199001011233",
            phone="13900000000",
            address="量县学府路18号3栋502室",
        ),
        request=Request(
            subject="征地补偿安置方案",
            description=wording(0),
            wanted_form=Form.ELECTRONIC,
            wanted_delivery=Delivery.POST,
        ),
        on=came,
        now=NOW - timedelta(days=3),
    )
    accepted = c.Accept(on=came, by=office.clerk.name)
    return services.case_do(actor=office.clerk, application_id=taken.application.pk, command=accepted, now=NOW)


def wording(number: int) -> str:
    """What is asked, in one of a few wordings."""
    road = ROADS[number % len(ROADS)]
    return f"{road}片区集体土地征收的征地补偿安置方案、听证材料和社会稳定风险评估报告，以及批准文件的全文。"


def fill(model: Any, number: int) -> None:
    """Write as many cases like the first one, with names, codes and events of their own."""
    from gongkai.features.foi.models import Applicant, Application, CaseEvent
    from gongkai.kernel.registers.models import Register

    chance = random.Random(7)
    events = list(CaseEvent.objects.filter(application=model).order_by("number"))
    shared = {
        field.attname: getattr(model, field.attname)
        for field in Application._meta.concrete_fields
        if field.name not in ("id", "uid", "register_no", "query_code", "query_digest", "applicant", "description")
    }
    for start in range(1, number, BATCH):
        numbers = range(start, min(start + BATCH, number))
        people = Applicant.objects.bulk_create(
            Applicant(kind="natural_person", name=chance.choice("赵钱孙李周吴郑王") + f"某{n}", phone=f"139{n:08d}")
            for n in numbers
        )
        cases = Application.objects.bulk_create(
            Application(
                uid=uuid.uuid4(),
                register_no=f"{DAY.year}-{n + 1:04d}",
                query_code=f"CODE{n:08d}",
                applicant=person,
                description=wording(n),
                **shared,
            )
            for n, person in zip(numbers, people, strict=True)
        )
        CaseEvent.objects.bulk_create(
            CaseEvent(
                application=one,
                number=event.number,
                kind=event.kind,
                on=event.on,
                data={**event.data, "register_no": one.register_no} if "register_no" in event.data else event.data,
                by_id=event.by_id,
                by_name=event.by_name,
                at=event.at,
            )
            for one in cases
            for event in events
        )
    Register.objects.filter(series="foi.application").update(last=number)


def commands(office: Office) -> Iterator[tuple[str, Any, Any]]:
    """Yield the steps in order: what it is called, the command, who does it."""
    from gongkai.domain.foi import commands as c
    from gongkai.domain.foi.model import Delivery
    from gongkai.features.foi.selectors.course import law_of

    evidence = tuple(item.code for item in law_of(DAY).dispositions.dispositions[RESULT].evidence if not item.later)
    clerk, leader = office.clerk, office.leader
    yield "draft", c.Draft(on=DAY, by=clerk.name, disposition=RESULT), clerk
    yield "sign", c.Sign(on=DAY, by=leader.name, signed_by=leader.name), leader
    yield "send", c.Send(on=DAY, by=clerk.name, delivery=Delivery.POST), clerk
    yield "serve", c.Serve(on=DAY, by=clerk.name), clerk
    yield "close", c.Close(on=DAY, by=clerk.name, evidence=evidence), clerk


def work(run_id: int) -> tuple[float, int, int]:
    """Work a phase of a batch off as a worker does; returns seconds, statements of the second chunk, and chunks."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from gongkai.features.foi.services import batches

    began, chunks, statements = time.perf_counter(), 0, 0
    while True:
        if chunks == 1:
            with CaptureQueriesContext(connection) as queries:
                more = batches.batch_work(run_id=run_id, now=NOW)
            statements = len(queries)
        else:
            more = batches.batch_work(run_id=run_id, now=NOW)
        if not more:
            return time.perf_counter() - began, statements, chunks
        chunks += 1


def batch(actor: Any, selection: Any, step: str, values: dict[str, Any], campaign_id: int | None) -> None:
    """Ask for a step, try it and do it; print how fast each phase was."""
    from gongkai.features.foi.models import BatchRun
    from gongkai.features.foi.services import batches

    began = time.perf_counter()
    run = batches.batch_ask(
        actor=actor, selection=selection, step=step, values=values, campaign_id=campaign_id, now=NOW
    )
    asked = time.perf_counter() - began
    tried = 0.0
    if step not in batches.AT_ONCE:
        tried, _, _ = work(run.pk)
        batches.batch_start(actor=actor, run_id=run.pk, now=NOW)
    seconds, statements, chunks = work(run.pk)
    run = BatchRun.objects.get(pk=run.pk)
    if (run.done, run.refused) != (run.total, 0):
        raise SystemExit(f"{step}: {run.done} of {run.total} done, {run.refused} refused, {run.issues}")
    trial = f"{run.total / tried:12,.0f}" if tried else f"{'':>12}"
    print(f"{step:10}{run.total:>8,}{asked:>10.2f}{trial}{run.total / seconds:12,.0f}{seconds:>10.1f}{statements:>12}")


def alone(office: Office, ids: list[int]) -> float:
    """Do the same steps case by case; returns steps a second."""
    from gongkai.features.foi import services

    steps = list(commands(office))
    began = time.perf_counter()
    for _, command, actor in steps:
        for pk in ids:
            services.case_do(actor=actor, application_id=pk, command=command, now=NOW)
    return len(ids) * len(steps) / (time.perf_counter() - began)


def checked(office: Office, campaign_id: int, number: int) -> None:
    """Make sure that every case has what it would have been given alone."""
    from django.db.models import Count

    from gongkai.features.foi.models import Application, CaseEvent
    from gongkai.kernel.audit.models import Entry

    cases = Application.objects.filter(membership__campaign_id=campaign_id)
    closed = cases.filter(stage="closed", disposition=RESULT, closed_on=DAY, replied_on=DAY).count()
    entries = Entry.objects.filter(target_type="foi.application", action__endswith=".close").count()
    counts = set(
        CaseEvent.objects.filter(application__membership__campaign_id=campaign_id)
        .values_list("application_id")
        .annotate(number=Count("pk"))
        .values_list("number", flat=True)
    )
    if closed != number or entries < number or len(counts) != 1:
        raise SystemExit(f"not all the same: {closed} closed, {entries} entries, {counts} events")


def letters(office: Office, campaign_id: int, number: int) -> None:
    """Write a letter for some of the cases while they are signed and not sent; print how fast, and how fast they go out."""
    from gongkai.features.foi.models import Application, BatchRun
    from gongkai.features.foi.selectors.selection import Selection
    from gongkai.features.foi.services import batch_exports

    ids = Application.objects.filter(membership__campaign_id=campaign_id).order_by("due_on", "pk")
    picked = tuple(ids.values_list("pk", flat=True)[:number])
    values = {
        "code": "L10_granted",
        "on": DAY.isoformat(),
        "texts": {"facts": "该信息由本机关制作", "provided": "征地补偿安置方案等材料的复印件一份"},
        "delivery": "",
        "sealed": True,
    }
    batch(office.clerk, Selection(office.unit.pk, ids=picked), "letter", values, campaign_id)
    run = BatchRun.objects.filter(step="letter").latest("pk")
    for kind in (batch_exports.ARCHIVE, batch_exports.PRINT):
        began = time.perf_counter()
        _, pieces = batch_exports.batch_letters(actor=office.clerk, run_id=run.pk, kind=kind, now=NOW)
        size = sum(len(piece) for piece in pieces)
        seconds = time.perf_counter() - began
        print(f"  letters as {kind}: {len(picked) / seconds:,.0f} a second, {size / 1e6:.1f} MB")


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=45_000)
    parser.add_argument("--alone", type=int, default=300, help="cases done one by one")
    parser.add_argument("--letters", type=int, default=2000, help="cases that get a letter")
    parser.add_argument("--keep", action="store_true", help="leave the scratch database for a closer look")
    options = parser.parse_args()
    ledger.DATABASE = DATABASE
    with ledger.scratch_database(options.keep), tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        from django.conf import settings
        from django.db import connection

        from gongkai.domain.foi.command_data import command_to_data
        from gongkai.features.foi.models import Application
        from gongkai.features.foi.selectors.boards import BoardFilters
        from gongkai.features.foi.selectors.campaigns import campaign_figures, member_page
        from gongkai.features.foi.selectors.selection import Selection
        from gongkai.features.foi.selectors.wordings import wordings_alike
        from gongkai.features.foi.services.campaigns import campaign_create

        settings.FILES_DIR = folder
        office = Office()
        began = time.perf_counter()
        model = first_case(office)
        fill(model, options.cases + options.alone)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        print(f"{options.cases + options.alone:,} cases made in {time.perf_counter() - began:.0f} s")
        apart = list(Application.objects.order_by("-pk").values_list("pk", flat=True)[: options.alone])
        one_by_one = alone(office, apart)
        began = time.perf_counter()
        found = wordings_alike(application=Application.objects.get(pk=model.pk))
        seconds = time.perf_counter() - began
        print(f"looking for like ones: {found.cases:,} in {len(found.found)} wordings, {seconds * 1000:.0f} ms")
        campaign = campaign_create(actor=office.clerk, unit_id=office.unit.pk, name="征地补偿安置方案", now=NOW)
        print(f"{'step':10}{'cases':>8}{'asked s':>10}{'trial/s':>12}{'done/s':>12}{'seconds':>10}{'statements':>12}")
        everything = Selection(office.unit.pk, filters=BoardFilters(text="征地补偿"))
        batch(office.clerk, everything, "join", {"like": model.pk}, campaign.pk)
        members = Selection(office.unit.pk, campaign_id=campaign.pk)
        for step, command, actor in commands(office):
            batch(actor, members, step, {"command": command_to_data(command)}, campaign.pk)
            if step == "sign" and options.letters:
                letters(office, campaign.pk, min(options.letters, options.cases))
        checked(office, campaign.pk, options.cases)
        print(f"case by case (case_do, {options.alone} cases, 5 steps each): {one_by_one:,.0f} steps/s")
        began = time.perf_counter()
        campaign_figures(campaign=campaign, today=DAY)
        member_page(campaign=campaign, stage="", text="", number=1, today=DAY)
        print(f"page of the campaign (its queries): {(time.perf_counter() - began) * 1000:.0f} ms")


if __name__ == "__main__":
    main()

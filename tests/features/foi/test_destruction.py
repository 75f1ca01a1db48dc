"""After destruction nothing of the applicant and of what was asked is left anywhere, and every figure stays what it was."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import RemedyKind, RemedyOutcome
from gongkai.domain.foi.retention import GONE
from gongkai.features.foi import services
from gongkai.features.foi.models import (
    Applicant,
    Application,
    CaseEvent,
    CaseHold,
    CasePaper,
    DestructionLine,
    DestructionList,
)
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.detail import case_detail
from gongkai.features.foi.selectors.figures import year_figures
from gongkai.features.foi.selectors.report import year_report
from gongkai.features.foi.services import erasing, proposals, retention
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.audit.selectors import chain_verify
from gongkai.kernel.jobs.testing import run_jobs
from tests.factories.foi import Desk
from tests.factories.foi_after import archived
from tests.factories.world import TODAY, World, moment
from tests.features.foi.planted import ASKED, DESCRIPTION, FILE_NAME, PERSON, PNG, Planted, plant
from tests.features.foi.test_privacy_stores import tables_with

pytestmark = pytest.mark.django_db
PLANTED_WORDS = (*PERSON, *ASKED, DESCRIPTION[:8], "青溪水利建设公司", FILE_NAME)


@pytest.fixture
def planted(world: World, settings: LazySettings, tmp_path: Path) -> Planted:
    """A whole case, closed and filed away, disputed and decided, with a suggestion of its applicant."""
    settings.PROOF_WORK = 0
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "uploads")
    (tmp_path / "uploads").mkdir()
    found = plant(Desk(world, timezone.localdate()))
    desk, case, today = found.desk, found.application, found.desk.today
    rules = case_course(application=case).law.dispositions.dispositions["granted_provide"]
    evidence = tuple(item.code for item in rules.evidence if not item.later)
    kind = RemedyKind.RECONSIDERATION
    for command in (
        c.Serve(on=today, proof=f"{PERSON[0]}本人签收"),
        c.Close(on=today, evidence=evidence),
        c.Archive(on=today),
        c.FileRemedy(on=today, kind=kind, ref=f"复议〔2026〕1号{PERSON[0]}"),
        c.DecideRemedy(on=today, kind=kind, outcome=RemedyOutcome.UPHELD, ref=f"复议〔2026〕1号{PERSON[0]}"),
    ):
        desk.do(case, command)
    proposals.applicant_suggest(
        query_code=found.code, subject=ASKED[0], wish=f"{PERSON[0]}希望公开", now=moment(today, 12)
    )
    run_jobs()
    case.refresh_from_db()
    return found


def destroyed(desk: Desk, application: Application) -> DestructionLine:
    """The case went the whole way: drawn, judged, agreed to."""
    then = date(application.started_on.year + 31, 3, 2)
    found = retention.list_draw(actor=desk.clerk, unit_id=desk.unit.pk, year=then.year, now=moment(then))
    ids = list(found.lines.filter(application=application).values_list("pk", flat=True))
    retention.lines_judge(
        actor=desk.clerk, list_id=found.pk, line_ids=ids, verdict="destroy", reason="期满", now=moment(then, 10)
    )
    retention.lines_agree(actor=desk.head, list_id=found.pk, line_ids=ids, now=moment(then, 11))
    return DestructionLine.objects.get(application=application)


class TestNothingIsLeft:
    def test_in_any_table(self, planted: Planted) -> None:
        assert tables_with(PLANTED_WORDS) != set()
        destroyed(planted.desk, planted.application)
        run_jobs()
        assert tables_with(PLANTED_WORDS) == set()

    @pytest.mark.django_db(transaction=True)
    def test_in_any_file(self, planted: Planted, settings: LazySettings) -> None:
        folder = Path(settings.FILES_DIR)

        def kept() -> list[Path]:
            return [one for one in folder.rglob("*") if one.is_file()]

        assert kept()
        line = destroyed(planted.desk, planted.application)
        assert line.erased_files >= 3
        assert [one for one in kept() if PERSON[0].encode() in one.read_bytes() or PNG in one.read_bytes()] == []
        assert kept() == []

    def test_for_the_holder_of_the_code(self, planted: Planted) -> None:
        destroyed(planted.desk, planted.application)
        with pytest.raises(NotFound):
            services.applicant_confirm(query_code=planted.code, now=timezone.now())

    def test_that_makes_one_person_of_all(self, desk: Desk) -> None:
        for _ in range(2):
            destroyed_one = archived(desk, TODAY)
        list_all(desk)
        first, second = Applicant.objects.order_by("pk")
        assert (first.name_digest, second.name_digest) == ("", "")
        assert destroyed_one.pk


def list_all(desk: Desk) -> None:
    then = date(2037, 3, 2)
    found = retention.list_draw(actor=desk.clerk, unit_id=desk.unit.pk, year=2037, now=moment(then))
    ids = list(found.lines.values_list("pk", flat=True))
    retention.lines_judge(
        actor=desk.clerk, list_id=found.pk, line_ids=ids, verdict="destroy", reason="期满", now=moment(then, 10)
    )
    retention.lines_agree(actor=desk.head, list_id=found.pk, line_ids=ids, now=moment(then, 11))


class TestWhatStays:
    def test_the_register_line(self, planted: Planted) -> None:
        before = planted.application
        destroyed(planted.desk, planted.application)
        after = Application.objects.select_related("applicant").get(pk=before.pk)
        same = ("register_no", "unit_id", "channel", "stage", "received_on", "replied_on", "closed_on", "disposition")
        assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
        assert (after.subject, after.description, after.applicant.kind) == (GONE, GONE, "natural_person")
        assert after.applicant.erased_at is not None

    def test_the_figures_of_the_year(self, planted: Planted) -> None:
        desk, year = planted.desk, planted.desk.today.year

        def figures() -> tuple[Any, ...]:
            report = year_report(year=year, unit_ids=[desk.unit.pk])
            assert report is not None
            return (
                report.applications.numbers(),
                report.disputes.numbers(),
                report.issues,
                year_figures(year=year, unit_ids=[desk.unit.pk]),
            )

        before = figures()
        destroyed(desk, planted.application)
        assert figures() == before

    def test_what_happened_when(self, planted: Planted) -> None:
        def skeleton() -> list[tuple[Any, ...]]:
            rows = CaseEvent.objects.filter(application=planted.application)
            return list(rows.values_list("number", "kind", "on", "by_id", "at"))

        before = skeleton()
        destroyed(planted.desk, planted.application)
        assert skeleton() == before
        detail = case_detail(actor=planted.desk.clerk, application_id=planted.application.pk, today=planted.desk.today)
        assert [line.label for line in detail.history][:2] == ["申请人提交", "签收或者确认"]

    def test_the_papers_as_lines_without_their_content(self, planted: Planted) -> None:
        number = CasePaper.objects.count()
        destroyed(planted.desk, planted.application)
        rows = CasePaper.objects.all()
        assert rows.count() == number
        assert {(row.file_id, row.title) for row in rows} == {(None, GONE)}

    def test_the_trail_unbroken_with_who_destroyed_it(self, planted: Planted) -> None:
        line = destroyed(planted.desk, planted.application)
        entry = Entry.objects.get(action="foi.retention.destroy")
        assert line.first_by_name in entry.summary and line.second_by_name in entry.summary
        assert chain_verify() == []


class TestTheDatabaseGuards:
    """Whoever writes to the database, past the program too, takes no text away without an agreed destruction."""

    @pytest.fixture
    def line(self, desk: Desk) -> DestructionLine:
        application = archived(desk, TODAY)
        found = DestructionList.objects.create(unit=desk.unit, year=2037, drawn_by_name="甲", drawn_at=moment(TODAY))
        return DestructionLine.objects.create(
            list=found,
            application=application,
            kept_until=date(2036, 12, 31),
            verdict="destroy",
            reason="期满",
            first_by_id=desk.clerk.user_id,
            agreed=True,
            second_by_id=desk.head.user_id,
        )

    def rewrite(self, line: DestructionLine, **change: Any) -> bool:
        event = CaseEvent.objects.filter(application=line.application, kind="Signed").get()
        fields = {"data": {**event.data, "by": GONE, "signed_by": GONE}, **change}
        try:
            with transaction.atomic():
                return CaseEvent.objects.filter(pk=event.pk).update(**fields) == 1
        except DatabaseError:
            return False

    def test_texts_go_while_two_persons_have_agreed(self, line: DestructionLine) -> None:
        assert self.rewrite(line)

    @pytest.mark.parametrize(
        "change",
        [
            {"verdict": "permanent"},
            {"agreed": False, "second_by": None},
            {"erased_at": moment(TODAY)},
        ],
        ids=["other-verdict", "not-agreed", "carried-out"],
    )
    def test_not_otherwise(self, line: DestructionLine, change: dict[str, Any]) -> None:
        DestructionLine.objects.filter(pk=line.pk).update(**change)
        assert not self.rewrite(line)

    def test_not_while_a_hold_stands(self, line: DestructionLine) -> None:
        CaseHold.objects.create(
            application=line.application, reason="调查", placed_by_name="甲", placed_at=moment(TODAY)
        )
        assert not self.rewrite(line)

    @pytest.mark.parametrize(
        "change",
        [
            {"on": date(2020, 1, 1)},
            {"by_name": "别人"},
            {"kind": "Sent"},
            {"number": 999},
            {"at": moment(date(2020, 1, 1))},
            {"data": {}},
        ],
        ids=["day", "person", "kind", "number", "moment", "no-keys"],
    )
    def test_nothing_else_changes_even_then(self, line: DestructionLine, change: dict[str, Any]) -> None:
        assert not self.rewrite(line, **change)

    @pytest.mark.parametrize(
        "changed",
        [{"signed_by": "另一人"}, {"on": "2020-01-01"}, {"type": "Sent"}, {"signed_by": ["（已销毁）"]}, {"new": GONE}],
        ids=["other-text", "other-day", "other-type", "other-form", "more-keys"],
    )
    def test_and_no_text_becomes_another(self, line: DestructionLine, changed: dict[str, Any]) -> None:
        event = CaseEvent.objects.filter(application=line.application, kind="Signed").get()
        assert not self.rewrite(line, data={**event.data, **changed})

    def test_no_event_is_deleted(self, line: DestructionLine) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM foi_caseevent WHERE application_id = %s", [line.application_id])

    def test_no_line_is_deleted(self, line: DestructionLine) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM foi_destructionline")

    def test_one_person_cannot_be_both(self, line: DestructionLine) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            DestructionLine.objects.filter(pk=line.pk).update(second_by=line.first_by_id)


def leads_to_application(model: type[models.Model], depth: int = 2) -> bool:
    """Whether a row belongs to one application, by a key of its own or of what it belongs to."""
    for one in model._meta.concrete_fields:
        if one.is_relation and one.related_model is Application:
            return True
        inner = one.related_model if one.is_relation and depth > 1 else None
        if not isinstance(inner, type) or inner is model or inner._meta.app_label != "foi":
            continue
        if leads_to_application(inner, depth - 1):
            return True
    return False


class TestEveryColumnIsDecided:
    """A table that somebody adds has to say what destruction does with its texts."""

    def test_is_wiped_or_kept(self) -> None:
        undecided = []
        for model in apps.get_app_config("foi").get_models():
            if model not in (Application, Applicant) and not leads_to_application(model):
                continue
            wipe = erasing.WIPED.get(model)
            decided = {*(wipe.texts if wipe else ()), *(wipe.rest if wipe else ())}
            decided |= erasing.BY_HAND.get(model, frozenset()) | erasing.KEPT.get(model.__name__, frozenset())
            for one in model._meta.concrete_fields:
                text = isinstance(one, models.CharField | models.TextField | models.JSONField)
                file = one.is_relation and one.related_model._meta.label == "files.StoredFile"
                if (file or (text and not one.choices)) and one.name not in decided:
                    undecided.append(f"{model.__name__}.{one.name}")
        assert undecided == []

    def test_nothing_is_both(self) -> None:
        for model, wipe in erasing.WIPED.items():
            kept = erasing.KEPT.get(model.__name__, frozenset())
            assert not kept & {*wipe.texts, *wipe.rest}, model

    def test_every_column_named_is_there(self) -> None:
        for model, wipe in erasing.WIPED.items():
            names = {one.name for one in model._meta.concrete_fields}
            assert {*wipe.texts, *wipe.rest} <= names, model


def test_the_term_is_long_enough_for_the_plants(planted: Planted) -> None:
    """The planted case was disputed, so it is kept longer than others: a year early there is nothing to draw."""
    then = date(planted.application.started_on.year + 30, 12, 31)
    with pytest.raises(Exception, match="没有新的到期案卷"):
        retention.list_draw(
            actor=planted.desk.clerk,
            unit_id=planted.desk.unit.pk,
            year=then.year,
            now=moment(then + timedelta(days=0)),
        )

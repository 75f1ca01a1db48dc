"""From an uploaded document to the ledger: refusals, corrections, units, confirmation, the founding documents."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.features.workplans import selectors, services
from gongkai.features.workplans.models import Check, Duty, PlanImport, WorkItem, WorkPlan
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.notices.models import Notice
from gongkai.kernel.orgs.models import Unit, UnitAlias
from gongkai.kernel.orgs.services import unit_rename
from tests.factories.world import NOW, SYSTEM, TODAY, World
from tests.features.workplans.samples import LETTER, PLAN


@pytest.fixture
def office(world: World) -> Actor:
    return world.actor(Role.DISCLOSURE_OFFICE, world.office)


def upload(world: World, actor: Actor, text: str = PLAN, name: str = "要点.txt", **more: object) -> PlanImport:
    file = SimpleUploadedFile(name, text.encode())
    return services.plan_upload(actor=actor, upload=file, owner_id=world.office.pk, now=NOW, **more)  # type: ignore[arg-type]


def resolve(actor: Actor, row: PlanImport, decisions: dict[str, dict[str, object]]) -> PlanImport:
    return services.import_resolve_units(
        actor=actor, import_id=row.pk, revision=row.revision, decisions=decisions, now=NOW
    )


class TestUpload:
    def test_keeps_what_was_understood_for_a_look(self, world: World, office: Actor) -> None:
        row = upload(world, office)
        view = selectors.import_get(actor=office, import_id=row.pk, today=TODAY)
        assert view.heading["title"] == "青溪县2026年政务公开工作要点"
        assert (view.heading["doc_no"], view.heading["year"]) == ("青府办字〔2026〕8号", 2026)
        tasks = [task for task in view.tasks if task.kind == "task"]
        assert [task.title for task in tasks[:2]] == ["公开预算决算", "规范平台建设"]
        assert tasks[0].due_on == date(2026, 9, 30)
        assert (tasks[1].due_on, tasks[1].standing) == (date(2026, 6, 30), True)
        assert tasks[2].duties[0]["period"] == "month"
        assert any("公开预算决算" in line["text"] for line in view.source)
        assert not WorkPlan.objects.exists()

    def test_timetable_has_its_entries_as_tasks(self, world: World, office: Actor) -> None:
        path = Path(__file__).parents[2] / "data" / "plans" / "17-month-lines.txt"
        row = services.plan_upload(actor=office, upload=path, name=path.name, owner_id=world.office.pk, now=NOW)
        tasks = selectors.import_get(actor=office, import_id=row.pk, today=TODAY).tasks
        assert len(tasks) == len(row.parsed["schedule"]) > 1
        assert (tasks[1].title, tasks[1].due_on) == ("走进污水处理厂", date(2024, 5, 10))
        assert tasks[1].responsible_units == ("县住房和城乡建设局", "县生态环境分局")

    def test_phrases_are_settled_or_listed_never_guessed(self, world: World, office: Actor) -> None:
        view = selectors.import_get(actor=office, import_id=upload(world, office).pk, today=TODAY)
        found = {p.phrase: p for p in view.phrases}
        assert found["县财政局"].unit_id == world.finance.pk
        assert found["县教体局"].unit_id == world.education.pk
        assert found["各乡镇人民政府"].meaning == "group"
        assert set(found["各乡镇人民政府"].members) == {"东湾镇人民政府", "西岭乡人民政府"}
        assert found["县数据和网信中心"].settled is False
        assert [issue.code for issue in view.problems] == ["workplans.import.phrase_unknown"]
        assert view.can_confirm is False

    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (b"", "空.txt"),
            (b"PK\x03\x04broken", "坏.docx"),
            (b"\x00\x01\x02\xff" * 50, "乱.txt"),
            (b"%PDF-1.4 x", "坏.pdf"),
        ],
    )
    def test_bad_file_is_refused_in_words_and_nothing_is_stored(
        self, world: World, office: Actor, data: bytes, name: str
    ) -> None:
        before = Entry.objects.count()
        with pytest.raises(Refused) as refusal:
            services.plan_upload(actor=office, upload=data, name=name, owner_id=world.office.pk, now=NOW)
        assert all(refusal.value.sentences())
        assert (PlanImport.objects.count(), StoredFile.objects.count(), Entry.objects.count()) == (0, 0, before)

    def test_document_that_is_no_plan_is_refused_with_why_unless_forced(self, world: World, office: Actor) -> None:
        with pytest.raises(Refused) as refusal:
            upload(world, office, LETTER, "通知.txt")
        assert all(refusal.value.sentences())
        assert StoredFile.objects.count() == 0
        row = upload(world, office, LETTER, "通知.txt", force=True)
        view = selectors.import_get(actor=office, import_id=row.pk, today=TODAY)
        assert "workplans.import.no_tasks" in [issue.code for issue in view.problems]

    def test_overlong_head_and_impossible_year_are_cut_or_told_and_never_break_the_import(
        self, world: World, office: Actor
    ) -> None:
        text = PLAN.replace("青溪县2026年政务公开工作要点", "青溪县1996年" + "很长的" * 150 + "工作要点")
        row = upload(world, office, text.replace("2026年", "1996年").replace("〔2026〕", "〔1996〕"))
        assert len(row.heading["title"]) <= 300
        view = selectors.import_get(actor=office, import_id=row.pk, today=TODAY)
        codes = {issue.code for issue in view.problems}
        assert codes & {"workplans.import.bad_year", "workplans.import.no_year"}

    def test_only_the_owner_s_office_may_upload(self, world: World) -> None:
        for role, unit in ((Role.DRAFTER, world.office), (Role.DISCLOSURE_OFFICE, world.finance)):
            with pytest.raises(NotPermitted):
                upload(world, world.actor(role, unit))

    def test_bureau_imports_its_own_plan(self, world: World) -> None:
        actor = world.actor(Role.DISCLOSURE_OFFICE, world.finance)
        row = services.plan_upload(actor=actor, upload=PLAN.encode(), name="a.txt", owner_id=world.finance.pk, now=NOW)
        assert row.owner == world.finance

    def test_same_file_twice_is_refused_with_where_it_is(self, world: World, office: Actor) -> None:
        row = upload(world, office)
        with pytest.raises(Refused) as refusal:
            upload(world, office, name="又一份.txt")
        assert refusal.value.codes() == ["workplans.import.duplicate_import"]
        assert str(row.pk) in str(refusal.value)


class TestCorrections:
    def test_changes_what_is_named_and_keeps_who_and_what(self, world: World, office: Actor) -> None:
        row = upload(world, office)
        changes = {
            "heading": {"title": "新标题"},
            "tasks": {
                "t1": {"title": "公开部门预算", "due_on": "2026-10-31", "responsible_units": ["县财政局", "县司法局"]}
            },
        }
        changed = services.import_correct(actor=office, import_id=row.pk, revision=1, changes=changes, now=NOW)
        view = selectors.import_get(actor=office, import_id=row.pk, today=TODAY)
        assert (view.heading["title"], view.tasks[0].due_on) == ("新标题", date(2026, 10, 31))
        assert view.tasks[0].responsible_units == ("县财政局", "县司法局")
        assert (changed.revision, view.corrections[0]["by"]) == (2, office.name)
        assert PlanImport.objects.get(pk=row.pk).parsed["title"] == "青溪县2026年政务公开工作要点"

    def test_every_mistake_is_told_at_once(self, world: World, office: Actor) -> None:
        row = upload(world, office)
        changes = {
            "heading": {"year": "二零", "issued_on": "昨天"},
            "tasks": {"t1": {"due_on": "九月底", "lead_units": ["长" * 201]}, "t99": {"title": "x"}},
        }
        with pytest.raises(Refused) as refusal:
            services.import_correct(actor=office, import_id=row.pk, revision=1, changes=changes, now=NOW)
        assert refusal.value.codes() == [
            "workplans.import.bad_year",
            "workplans.import.bad_date",
            "workplans.import.phrase_too_long",
            "workplans.import.bad_date",
            "workplans.import.no_such_task",
        ]
        assert all(refusal.value.sentences())

    def test_duties_and_earlier_dates_are_corrected_too(self, world: World, office: Actor) -> None:
        row = upload(world, office)
        fields = {
            "duties": [{"period": "quarter", "times": "2", "phrase": "每季度两次"}],
            "milestones": [{"on": "2026-05-31", "phrase": "5月底前"}],
        }
        ids = {"actor": office, "import_id": row.pk, "now": NOW}
        services.import_correct(**ids, revision=1, changes={"tasks": {"t1": fields}})
        task = selectors.import_get(actor=office, import_id=row.pk, today=TODAY).tasks[0]
        assert task.duties[0] == {"period": "quarter", "times": 2, "phrase": "每季度两次"}
        assert task.milestones[0]["on"] == "2026-05-31"
        bad = {
            "duties": [{"period": "day", "times": 1}, {"period": "month", "times": 0}],
            "milestones": [{"on": "五月"}],
        }
        with pytest.raises(Refused) as refusal:
            services.import_correct(**ids, revision=2, changes={"tasks": {"t1": bad}})
        assert refusal.value.codes() == [
            "workplans.duty.period",
            "workplans.duty.times",
            "workplans.import.bad_date",
        ]

    def test_two_people_do_not_overwrite_each_other(self, world: World, office: Actor) -> None:
        row = upload(world, office)
        first = {"heading": {"title": "甲"}}
        services.import_correct(actor=office, import_id=row.pk, revision=1, changes=first, now=NOW)
        with pytest.raises(Refused) as refusal:
            services.import_correct(
                actor=office, import_id=row.pk, revision=1, changes={"heading": {"title": "乙"}}, now=NOW
            )
        assert refusal.value.codes() == ["workplans.import.changed_meanwhile"]

    def test_tasks_are_merged_split_dropped_and_restored(self, world: World, office: Actor) -> None:
        row = upload(world, office)
        ids = {"actor": office, "import_id": row.pk, "now": NOW}
        services.import_task_merge(**ids, revision=1, keys=["t1", "t2"])
        parts = [{"title": "子项甲"}, {"title": "子项乙", "due_on": "2026-05-31"}]
        services.import_task_split(**ids, revision=2, key="t1", parts=parts)
        services.import_task_drop(**ids, revision=3, key="t3", reason="已并入其他文件")
        view = selectors.import_get(actor=office, import_id=row.pk, today=TODAY)
        assert [task.key for task in view.tasks][:4] == ["t1", "s1", "s2", "t3"]
        assert (view.tasks[0].due_on, view.tasks[0].standing) == (date(2026, 9, 30), True)
        assert view.tasks[2].due_on == date(2026, 5, 31)
        assert view.tasks[3].dropped == "已并入其他文件"
        services.import_task_restore(**ids, revision=4, key="t3")
        assert PlanImport.objects.get(pk=row.pk).tasks[3]["dropped"] == ""
        with pytest.raises(Refused):
            services.import_task_drop(**ids, revision=5, key="t3", reason="")


class TestUnits:
    def test_unknown_phrase_becomes_a_unit_an_alias_a_new_unit_or_text(self, world: World, office: Actor) -> None:
        row = upload(world, office)
        row = resolve(
            office, row, {"县数据和网信中心": {"decision": "unit", "unit_id": world.education.pk, "remember": True}}
        )
        assert UnitAlias.objects.filter(unit=world.education, text="县数据和网信中心").exists()
        row = resolve(office, row, {"县数据和网信中心": {"decision": "text"}})
        view = selectors.import_get(actor=office, import_id=row.pk, today=TODAY)
        assert view.can_confirm is True

    def test_new_unit_is_founded_on_purpose(self, world: World, office: Actor) -> None:
        row = upload(world, office)
        decision = {
            "decision": "create",
            "name": "青溪县数据和网信中心",
            "kind": "public_institution",
            "parent_id": world.top.pk,
        }
        resolve(office, row, {"县数据和网信中心": decision})
        unit = Unit.objects.get(name="青溪县数据和网信中心")
        view = selectors.import_get(actor=office, import_id=row.pk, today=TODAY)
        assert {p.phrase: p.unit_id for p in view.phrases}["县数据和网信中心"] == unit.pk

    def test_all_problems_at_once_and_then_nothing_is_kept(self, world: World, office: Actor) -> None:
        row = upload(world, office)
        decisions = {
            "县数据和网信中心": {"decision": "unit"},
            "没有这个": {"decision": "text"},
            "县财政局": {"decision": "unit", "unit_id": 999_999},
            "县司法局": {"decision": "??"},
        }
        with pytest.raises(Refused) as refusal:
            resolve(office, row, decisions)
        assert refusal.value.codes() == [
            "workplans.import.no_unit_chosen",
            "workplans.import.no_such_phrase",
            "workplans.unit.unknown",
            "workplans.import.no_decision",
        ]
        assert PlanImport.objects.get(pk=row.pk).decisions == {}


class TestConfirm:
    def confirmed(self, world: World, office: Actor, **more: object) -> WorkPlan:
        row = resolve(office, upload(world, office), {"县数据和网信中心": {"decision": "text"}})
        return services.import_confirm(actor=office, import_id=row.pk, revision=row.revision, now=NOW, **more)  # type: ignore[arg-type]

    def test_puts_plan_items_units_and_duties_on_the_ledger(self, world: World, office: Actor) -> None:
        plan = self.confirmed(world, office)
        items = {item.title: item for item in WorkItem.objects.filter(plan=plan)}
        assert (plan.doc_no, plan.year, plan.state) == ("青府办字〔2026〕8号", 2026, "active")
        budget = items["公开预算决算"]
        rows = {(u.role, u.unit_id, bool(u.group_id)) for u in budget.units.all()}
        assert rows == {("lead", world.finance.pk, False), ("responsible", None, True)}
        platform = Duty.objects.get(item=items["规范平台建设"])
        assert (platform.kind, platform.starts_on) == ("standing", date(2026, 7, 1))
        training = Duty.objects.get(item__title="加强业务培训")
        assert (training.period, training.times) == ("month", 1)
        assert Check.objects.get(duty=training).label == "2026年3月：每月至少组织开展一次"
        assert [u.phrase for u in items["加强业务培训"].units.filter(unit=None, group=None)] == ["县数据和网信中心"]
        entries = Entry.objects.filter(action__in=["workplans.plan.confirm", "workplans.item.create"])
        assert entries.count() == 1 + len(items)

    def test_units_are_told_once_a_person(self, world: World, office: Actor) -> None:
        clerk = world.person(Role.DRAFTER, world.finance)
        self.confirmed(world, office)
        run_jobs()
        assert Notice.objects.filter(recipient=clerk).count() == 1
        assert "2项任务" in Notice.objects.get(recipient=clerk).title

    def test_draft_starts_no_checks_until_it_is_activated(self, world: World, office: Actor) -> None:
        plan = self.confirmed(world, office, activate=False)
        assert (plan.state, Check.objects.count()) == ("draft", 0)
        services.plan_activate(actor=office, plan_id=plan.pk, now=NOW)
        assert Check.objects.count() == 1

    def test_everything_against_it_is_told_at_once(self, world: World, office: Actor) -> None:
        row = upload(world, office)
        changes = {"heading": {"title": "", "year": ""}, "tasks": {"t1": {"title": ""}}}
        services.import_correct(actor=office, import_id=row.pk, revision=1, changes=changes, now=NOW)
        with pytest.raises(Refused) as refusal:
            services.import_confirm(actor=office, import_id=row.pk, revision=2, now=NOW)
        assert refusal.value.codes() == [
            "workplans.import.no_title",
            "workplans.import.no_year",
            "workplans.import.task_without_title",
            "workplans.import.phrase_unknown",
        ]
        assert (WorkPlan.objects.count(), WorkItem.objects.count()) == (0, 0)

    def test_same_document_is_not_imported_twice(self, world: World, office: Actor) -> None:
        plan = self.confirmed(world, office)
        with pytest.raises(Refused) as refusal:
            upload(world, office)
        assert refusal.value.codes() == ["workplans.import.duplicate_plan"]
        with pytest.raises(Refused) as refusal:
            upload(world, office, PLAN + "\n补充一行。\n", "同文号.txt")
        assert f"编号{plan.pk}" in str(refusal.value)

    def test_confirmed_import_is_closed_to_changes(self, world: World, office: Actor) -> None:
        plan = self.confirmed(world, office)
        with pytest.raises(Refused) as refusal:
            services.import_discard(actor=office, import_id=plan.plan_import.pk, reason="重来", now=NOW)
        assert refusal.value.codes() == ["workplans.import.not_open"]

    def test_renamed_unit_is_found_by_its_former_name(self, world: World, office: Actor) -> None:
        unit_rename(actor=SYSTEM, unit_id=world.justice.pk, name="青溪县法治局", on=date(2026, 1, 15), now=NOW)
        view = selectors.import_get(actor=office, import_id=upload(world, office).pk, today=TODAY)
        assert {p.phrase: p.unit_id for p in view.phrases}["县司法局"] == world.justice.pk


class TestFoundingDocuments:
    @pytest.mark.parametrize("number", ["000", "001", "003", "004"])
    def test_plan_becomes_a_ledger_with_every_phrase_left_as_text(
        self, world: World, office: Actor, seeds: Path, number: str
    ) -> None:
        (path,) = seeds.glob(f"{number}_*.txt")
        row = services.plan_upload(actor=office, upload=path, name=path.name, owner_id=world.office.pk, now=NOW)
        view = selectors.import_get(actor=office, import_id=row.pk, today=TODAY)
        open_phrases = {p.phrase: {"decision": "text"} for p in view.phrases if not p.settled}
        row = resolve(office, row, open_phrases)
        plan = services.import_confirm(actor=office, import_id=row.pk, revision=row.revision, now=NOW)
        assert WorkItem.objects.filter(plan=plan).count() == len(view.tasks) > 10
        assert all(item.line_from for item in WorkItem.objects.filter(plan=plan))

    def test_rows_of_the_annex_share_the_time_limit_of_their_task(
        self, world: World, office: Actor, seeds: Path
    ) -> None:
        (path,) = seeds.glob("004_*.txt")
        row = services.plan_upload(actor=office, upload=path, name=path.name, owner_id=world.office.pk, now=NOW)
        view = selectors.import_get(actor=office, import_id=row.pk, today=TODAY)
        tasks = {task.key: task for task in view.tasks}
        parts = [task for task in view.tasks if task.parent_key]
        assert len(parts) == 33
        for part in parts:
            above = tasks[part.parent_key]
            assert (part.due_on, part.standing, part.due_phrase) == (above.due_on, above.standing, above.due_phrase)
        decisions = {p.phrase: {"decision": "text"} for p in view.phrases if not p.settled}
        row = resolve(office, row, decisions)
        plan = services.import_confirm(actor=office, import_id=row.pk, revision=row.revision, now=NOW)
        looked_at = WorkItem.objects.filter(plan=plan, duties__kind="standing")
        assert not looked_at.filter(children__isnull=False).exists()

    def test_brief_is_refused_as_no_plan(self, world: World, office: Actor, seeds: Path) -> None:
        (path,) = seeds.glob("002_*.txt")
        with pytest.raises(Refused):
            services.plan_upload(actor=office, upload=path, name=path.name, owner_id=world.office.pk, now=NOW)
        assert StoredFile.objects.count() == 0

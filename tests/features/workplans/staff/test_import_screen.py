"""Importing a plan at the screen: upload, correct, confirm; what is typed is never lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.features.workplans.models import PlanImport, WorkPlan
from gongkai.features.workplans.staff.import_forms import phrases_of
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.orgs.models import Unit, UnitAlias
from tests.features.workplans.samples import LETTER, PLAN
from tests.features.workplans.staff.conftest import House, page_of


def url(name: str, *args: Any) -> str:
    return reverse(f"workplans:staff:{name}", args=args)


def upload(house: House, text: str | bytes = PLAN, name: str = "工作要点.txt", **more: Any) -> Any:
    """Send a document to the upload screen."""
    data = text.encode() if isinstance(text, str) else text
    fields = {"owner": house.world.office.pk, "file": SimpleUploadedFile(name, data), **more}
    return house.browser("office").post(url("plan_upload"), fields)


@pytest.fixture
def row(house: House) -> PlanImport:
    upload(house)
    return PlanImport.objects.get()


def save(house: House, row: PlanImport, do: str = "save", who: str = "office", **fields: Any) -> Any:
    """Send the correction screen with these fields and the revision it was opened with."""
    data = {"revision": row.revision, "do": do, **fields}
    return house.browser(who).post(url("import_save", row.pk), data)


def card(row: PlanImport, key: str = "t1", **changes: Any) -> dict[str, Any]:
    """The fields of one card as they stand, with some changed."""
    task = next(one for one in row.tasks if one["key"] == key)
    fields = {
        "no": task["no"],
        "title": task["title"],
        "due_on": task["due_on"],
        "lead_units": "、".join(task["lead_units"]),
        "responsible_units": "、".join(task["responsible_units"]),
        "cooperating_units": "、".join(task["cooperating_units"]),
        **({"standing": "on"} if task["standing"] else {}),
        **({"shared_duty": "on"} if task["shared_duty"] else {}),
        **changes,
    }
    return {f"{key}-{name}": value for name, value in fields.items()}


def task_of(row: PlanImport, key: str) -> dict[str, Any]:
    """A task as it is saved now."""
    row.refresh_from_db()
    return next(one for one in row.tasks if one["key"] == key)


class TestUpload:
    def test_says_what_is_accepted_and_how_large(self, house: House) -> None:
        page = page_of(house.browser("office").get(url("plan_upload")))
        for words in (".docx", ".xlsx", "不超过 50 MB", "扫描件"):
            assert words in page

    def test_leads_to_the_correction_screen(self, house: House) -> None:
        response = upload(house)
        assert response["Location"] == url("import_preview", PlanImport.objects.get().pk)

    @pytest.mark.parametrize(
        ("name", "data", "sentence"),
        [
            ("空.docx", b"\n", "是空文件"),
            ("坏.docx", b"PK\x03\x04 this is no archive", "已损坏或不完整"),
            ("照片.docx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "PNG 图片"),
            ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "已损坏或不完整"),
            ("通知.txt", LETTER.encode(), "不是工作计划"),
        ],
    )
    def test_refuses_wrong_files_and_stores_nothing(self, house: House, name: str, data: bytes, sentence: str) -> None:
        response = upload(house, data, name)
        page = page_of(response)
        assert response.status_code == 422
        assert "没有保存任何内容" in page
        assert sentence in page
        assert not PlanImport.objects.exists()
        assert not StoredFile.objects.exists()

    def test_wants_a_file(self, house: House) -> None:
        response = house.browser("office").post(url("plan_upload"), {"owner": house.world.office.pk})
        assert response.status_code == 422
        assert "方案文件" in page_of(response)

    def test_an_empty_file_is_told(self, house: House) -> None:
        assert upload(house, b"", "空.txt").status_code == 422

    def test_takes_a_document_that_is_no_plan_only_on_purpose(self, house: House) -> None:
        assert 'name="force"' in page_of(upload(house, LETTER))
        assert upload(house, LETTER, force="on").status_code == 302
        assert PlanImport.objects.get().state == "open"

    def test_offers_the_force_only_when_it_helps(self, house: House) -> None:
        assert 'name="force"' not in page_of(house.browser("office").get(url("plan_upload")))

    def test_leads_to_an_import_of_the_same_file(self, house: House, row: PlanImport) -> None:
        response = upload(house)
        assert response.status_code == 422
        assert url("import_preview", row.pk) in page_of(response)

    def test_is_for_units_whose_plans_one_keeps(self, house: House) -> None:
        data = {"owner": house.world.office.pk, "file": SimpleUploadedFile("要点.txt", PLAN.encode())}
        response = house.browser("lead").post(url("plan_upload"), data)
        assert response.status_code == 422
        assert not PlanImport.objects.exists()
        assert house.browser("doer").get(url("plan_upload")).status_code == 403


class TestScreen:
    def test_shows_the_document_beside_the_tasks(self, house: House, row: PlanImport) -> None:
        page = page_of(house.browser("office").get(url("import_preview", row.pk)))
        assert "公开预算决算" in page
        assert 'id="src-t1"' in page
        assert 'href="#src-t1"' in page
        assert 'id="task-t1"' in page

    def test_lists_problems_with_a_way_to_each(self, house: House, row: PlanImport) -> None:
        page = page_of(house.browser("office").get(url("import_preview", row.pk)))
        anchor = re.search(r'href="#(phrase-\d+)">没有找到单位“县数据和网信中心”', page)
        assert anchor is not None
        assert f'id="{anchor[1]}"' in page

    def test_every_anchor_leads_somewhere(self, house: House, row: PlanImport) -> None:
        page = page_of(house.browser("office").get(url("import_preview", row.pk)))
        content = page[page.index('class="gk gk-staff"') :]
        ids = set(re.findall(r'id="([^"]+)"', page))
        assert set(re.findall(r'href="#([^"]+)"', content)) <= ids

    @pytest.mark.parametrize("who", ["lead", "doer", "supervisor", "other"])
    def test_is_for_the_keeper_only(self, house: House, row: PlanImport, who: str) -> None:
        assert house.browser(who).get(url("import_preview", row.pk)).status_code == 403
        assert save(house, row, who=who, **card(row, title="改掉")).status_code == 403
        assert task_of(row, "t1")["title"] != "改掉"

    def test_wants_a_fixed_number_of_questions_to_the_database(
        self, house: House, row: PlanImport, django_assert_max_num_queries: Any
    ) -> None:
        tasks = [{**row.tasks[0], "key": f"t{n}"} for n in range(1, 101)]
        PlanImport.objects.filter(pk=row.pk).update(tasks=tasks)
        browser = house.browser("office")
        with django_assert_max_num_queries(60):
            assert browser.get(url("import_preview", row.pk)).content.count(b"data-wp-card") == 100


class TestCorrecting:
    def test_saves_what_changed(self, house: House, row: PlanImport) -> None:
        fields = card(row, title="公开预算和决算", due_on="2026-10-31", lead_units="县财政局、县司法局")
        assert save(house, row, **fields).status_code == 302
        task = task_of(row, "t1")
        assert (task["title"], task["due_on"]) == ("公开预算和决算", "2026-10-31")
        assert task["lead_units"] == ["县财政局", "县司法局"]
        assert row.revision == 2

    def test_saves_nothing_when_nothing_changed(self, house: House, row: PlanImport) -> None:
        assert save(house, row, **card(row)).status_code == 302
        row.refresh_from_db()
        assert row.revision == 1

    def test_saves_the_heading(self, house: House, row: PlanImport) -> None:
        save(house, row, **{"h-title": "新标题", "h-year": "2026", "h-doc_no": "", "h-issued_on": "2026-02-21"})
        row.refresh_from_db()
        assert row.heading["title"] == "新标题"
        assert row.heading["issued_on"] == "2026-02-21"

    def test_keeps_everything_typed_when_something_is_wrong(self, house: House, row: PlanImport) -> None:
        fields = card(row, title="公开预算和决算", due_on="年底")
        response = save(house, row, **fields, **{"h-year": "二〇二六", "t1-parts": "第一件\n第二件"})
        page = page_of(response)
        assert response.status_code == 422
        for words in ("公开预算和决算", "二〇二六", "第一件", "不是日期", "四位数字"):
            assert words in page
        row.refresh_from_db()
        assert row.revision == 1

    def test_drops_with_a_reason_and_takes_back(self, house: House, row: PlanImport) -> None:
        refused = save(house, row, do="drop:t1", **card(row, title="已改的标题"))
        assert refused.status_code == 422
        assert "理由" in page_of(refused)
        row.refresh_from_db()
        save(house, row, do="drop:t1", **{"t1-reason": "不属于我市"})
        assert task_of(row, "t1")["dropped"] == "不属于我市"
        assert "不属于我市" in page_of(house.browser("office").get(url("import_preview", row.pk)))
        save(house, row, do="restore:t1")
        assert task_of(row, "t1")["dropped"] == ""

    def test_merges_and_splits(self, house: House, row: PlanImport) -> None:
        save(house, row, do="split:t1", **{"t1-parts": "公开预算\n公开决算"})
        row.refresh_from_db()
        assert [t["title"] for t in row.tasks if t["key"].startswith("s")] == ["公开预算", "公开决算"]
        before = len(row.tasks)
        save(house, row, do="merge", merge=["s1", "s2"])
        row.refresh_from_db()
        assert len(row.tasks) == before - 1
        assert save(house, row, do="merge", merge=["s1"]).status_code == 422

    def test_an_edit_is_saved_together_with_a_button(self, house: House, row: PlanImport) -> None:
        save(house, row, do="drop:t2", **card(row, title="先改再删别的"), **{"t2-reason": "重复"})
        assert task_of(row, "t1")["title"] == "先改再删别的"
        assert task_of(row, "t2")["dropped"] == "重复"


class TestUnits:
    PHRASE = "县数据和网信中心"

    def decide(self, house: House, row: PlanImport, decision: str, **more: str) -> Any:
        fields = {"p0": self.PHRASE, "p0-decision": decision, **{f"p0-{name}": value for name, value in more.items()}}
        return save(house, row, **fields)

    def test_is_another_unit_by_name_and_remembered(self, house: House, row: PlanImport) -> None:
        self.decide(house, row, "other", unit=house.world.justice.display_name, remember="on")
        row.refresh_from_db()
        assert row.decisions[self.PHRASE]["unit_id"] == house.world.justice.pk
        assert UnitAlias.objects.filter(unit=house.world.justice, text=self.PHRASE).exists()

    def test_is_a_candidate(self, house: House, row: PlanImport) -> None:
        self.decide(house, row, f"unit:{house.world.justice.pk}")
        row.refresh_from_db()
        assert row.decisions[self.PHRASE]["unit_id"] == house.world.justice.pk

    def test_is_created_on_purpose(self, house: House, row: PlanImport) -> None:
        more = {"name": "青溪县数据和网信中心", "kind": "public_institution", "parent": house.world.top.display_name}
        self.decide(house, row, "create", **more)
        unit = Unit.objects.get(name="青溪县数据和网信中心")
        row.refresh_from_db()
        assert row.decisions[self.PHRASE]["unit_id"] == unit.pk

    def test_is_left_as_text_and_that_is_taken_back(self, house: House, row: PlanImport) -> None:
        self.decide(house, row, "text")
        row.refresh_from_db()
        assert row.decisions[self.PHRASE]["decision"] == "text"
        self.decide(house, row, "clear")
        row.refresh_from_db()
        assert row.decisions == {}

    def test_is_a_group_that_is_on_file(self, house: House, row: PlanImport) -> None:
        group = house.world.group("县政府各部门")
        self.decide(house, row, f"group:{group.pk}")
        row.refresh_from_db()
        assert row.decisions[self.PHRASE]["group_id"] == group.pk

    @pytest.mark.parametrize(
        ("decision", "more", "sentence"),
        [
            ("other", {"unit": "没有这个单位"}, "没有名为“没有这个单位”的单位"),
            ("other", {"unit": ""}, "请填写是哪个单位"),
            ("create", {"name": "某中心", "parent": "没有这个上级"}, "没有名为“没有这个上级”的上级单位"),
            ("unit:9999999", {}, "没有编号为9999999的单位"),
            ("explode", {}, "不认识的选择"),
            ("group", {}, "不像是多个单位的统称"),
        ],
    )
    def test_what_is_wrong_is_told_and_kept(
        self, house: House, row: PlanImport, decision: str, more: dict[str, str], sentence: str
    ) -> None:
        response = self.decide(house, row, decision, **more)
        assert response.status_code == 422
        page = page_of(response)
        assert sentence in page
        for typed in more.values():
            assert typed in page
        row.refresh_from_db()
        assert row.decisions == {}

    @pytest.mark.parametrize(
        ("typed", "phrases"),
        [
            ("市财政局、市司法局", ["市财政局", "市司法局"]),
            ("各县（市、区）人民政府、市属有关单位", ["各县（市、区）人民政府", "市属有关单位"]),
            ("甲局，乙局；丙局,丁局", ["甲局", "乙局", "丙局", "丁局"]),
            ("甲局、、 乙局 ", ["甲局", "乙局"]),
            ("）甲局、乙局", ["）甲局", "乙局"]),
            ("", []),
        ],
    )
    def test_phrases_are_split_outside_brackets(self, typed: str, phrases: list[str]) -> None:
        assert phrases_of(typed) == phrases


class TestTwoPeople:
    def test_lose_nothing_of_either(self, house: House, row: PlanImport) -> None:
        mine = card(row, "t1", title="我改的标题")
        others = card(row, "t2", title="别人改的任务二")
        assert save(house, row, **others).status_code == 302  # somebody else saves first
        response = save(house, row, **mine, **card(row, "t2"))  # sent with the old revision
        page = page_of(response)
        assert response.status_code == 409
        assert "还没有保存" in page
        assert "我改的标题" in page
        assert 'name="t2-title" value="别人改的任务二"' in page
        assert 'name="revision" value="2"' in page
        assert task_of(row, "t1")["title"] != "我改的标题"

    def test_are_shown_both_versions_where_they_clash(self, house: House, row: PlanImport) -> None:
        save(house, row, **card(row, title="别人改的标题"))
        page = page_of(save(house, row, **card(row, title="我改的标题")))
        assert 'name="t1-title" value="我改的标题"' in page
        assert "另一人保存的是“别人改的标题”" in page

    def test_are_told_of_a_task_that_is_gone(self, house: House, row: PlanImport) -> None:
        save(house, row, do="merge", merge=["t1", "t2"])
        page = page_of(save(house, row, **card(row, "t2", title="我改了被合并的任务")))
        assert "我改了被合并的任务" in page
        assert "已被合并" in page

    def test_can_save_after_looking(self, house: House, row: PlanImport) -> None:
        before = {**card(row, title="我改的标题")}
        save(house, row, **{"h-title": "别人改的方案名", "h-year": "2026"})
        assert save(house, row, **before).status_code == 409
        row.refresh_from_db()
        assert save(house, row, **before).status_code == 302
        assert task_of(row, "t1")["title"] == "我改的标题"
        assert row.heading["title"] == "别人改的方案名"


class TestEnding:
    def test_confirming_refuses_while_a_unit_is_open(self, house: House, row: PlanImport) -> None:
        response = save(house, row, do="confirm")
        assert response.status_code == 422
        assert "没有找到单位“县数据和网信中心”" in page_of(response)
        assert WorkPlan.objects.count() == 1

    def test_confirming_saves_what_was_typed_first(self, house: House, row: PlanImport) -> None:
        fields = {"p0": TestUnits.PHRASE, "p0-decision": "text", **card(row, title="最后一改")}
        response = save(house, row, do="confirm", **fields)
        row.refresh_from_db()
        assert response["Location"] == url("plan_detail", row.plan_id)
        assert row.plan.items.filter(title="最后一改").exists()
        page = page_of(house.browser("office").get(url("import_preview", row.pk)))
        assert "这次导入已经确认" in page
        assert save(house, row, **card(row, title="太晚")).status_code == 302
        assert not row.plan.items.filter(title="太晚").exists()

    def test_is_given_up_with_a_reason(self, house: House, row: PlanImport) -> None:
        browser = house.browser("office")
        assert browser.post(url("import_discard", row.pk), {"reason": ""}).status_code == 422
        browser.post(url("import_discard", row.pk), {"reason": "传错文件"})
        assert "这次导入已经放弃" in page_of(browser.get(url("import_preview", row.pk)))
        assert browser.post(url("import_discard", row.pk), {"reason": "再来"}).status_code in (302, 409)

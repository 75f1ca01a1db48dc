"""One item's page: what it shows, what can be done on it, and that nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.domain.ledger import State
from gongkai.features.workplans.models import Check, Evidence, SupervisionNotice, WorkItem
from tests.features.workplans.staff.conftest import House, ahead, page_of, today


def url(name: str, *args: Any) -> str:
    return reverse(f"workplans:staff:{name}", args=args)


def do(house: House, who: str, verb: str, **words: Any) -> Any:
    """Send the form of a verb."""
    address = url("item_do", house.item.pk, verb)
    return house.browser(who).post(address, {f"{verb}-{name}": value for name, value in words.items()})


def shown(house: House, who: str = "office") -> str:
    return page_of(house.browser(who).get(url("item_detail", house.item.pk)))


class TestPage:
    def test_shows_the_clause_where_it_stood(self, house: House) -> None:
        page = shown(house, "doer")
        assert "县级部门按规定公开部门预算，细化到项级科目。" in page
        assert "原文第 12–13 行" in page

    @pytest.mark.parametrize(
        ("who", "offered", "not_offered"),
        [
            ("doer", ("start", "report", "submit"), ("accept", "cancel", "change_due")),
            ("office", ("cancel", "change_due"), ("start", "submit")),
            ("supervisor", (), ("start", "report", "submit", "accept", "cancel", "change_due")),
            ("leader", (), ("start", "cancel")),
        ],
    )
    def test_offers_what_this_person_may_do_now(
        self, house: House, who: str, offered: tuple[str, ...], not_offered: tuple[str, ...]
    ) -> None:
        page = shown(house, who)
        for verb in offered:
            assert url("item_do", house.item.pk, verb) in page
        for verb in not_offered:
            assert url("item_do", house.item.pk, verb) not in page

    def test_offers_acceptance_to_the_lead_unit_and_not_to_the_submitter(self, house: House) -> None:
        house.stand(State.SUBMITTED)
        assert url("item_do", house.item.pk, "accept") in shown(house, "leader")
        assert url("item_do", house.item.pk, "accept") not in shown(house, "doer")

    def test_names_the_members_of_a_group_today(self, house: House) -> None:
        item = house.world.item(house.plan, responsible=house.world.group("各乡镇人民政府"))
        page = page_of(house.browser("office").get(url("item_detail", item.pk)))
        assert "各乡镇人民政府（2 个）" in page
        assert "东湾镇" in page

    def test_says_when_it_is_due_and_how_that_was_found(self, house: House) -> None:
        WorkItem.objects.filter(pk=house.item.pk).update(
            due_on=ahead(-10), attention_on=ahead(-10), due_phrase="6月底前完成"
        )
        page = shown(house)
        assert "已逾期" in page
        assert "方案原文写的是“6月底前完成”" in page

    def test_shows_the_audit_trail(self, house: House) -> None:
        do(house, "doer", "start")
        assert "开始办理：" in shown(house)


class TestVerbs:
    def test_walk_an_item_from_start_to_close(self, house: House) -> None:
        assert do(house, "doer", "start").status_code == 302
        do(house, "doer", "report", text="已经收集各单位数据", percent="40")
        assert house.again().percent == 40
        do(house, "doer", "submit", text="全部公开")
        do(house, "leader", "return", reason="少了两个单位")
        assert "少了两个单位" in shown(house, "doer")
        do(house, "doer", "submit", text="补齐了")
        do(house, "leader", "accept", text="属实")
        do(house, "office", "close", reason="以网站公开为准")
        assert house.again().state == "closed"
        page = shown(house)
        for words in ("已经收集各单位数据", "少了两个单位", "补齐了", "属实", "以网站公开为准"):
            assert words in page

    @pytest.mark.parametrize(
        ("who", "verb", "state", "words", "sentence"),
        [
            ("doer", "submit", State.CLOSED, {"text": "又做了一遍"}, "不能报结"),
            ("doer", "report", State.IN_PROGRESS, {"text": "顺利", "percent": "140"}, "100"),
            ("doer", "report", State.IN_PROGRESS, {"text": "顺利", "occurred_on": "2999-01-01"}, "还没有到"),
            ("leader", "return", State.SUBMITTED, {"reason": ""}, "理由"),
            ("office", "close", State.ACCEPTED, {"reason": ""}, "没有佐证材料"),
            ("office", "change_due", State.ASSIGNED, {"due_on": "昨天", "reason": "改"}, "完成时限"),
        ],
    )
    def test_refusal_says_why_and_keeps_what_was_typed(
        self, house: House, who: str, verb: str, state: State, words: dict[str, str], sentence: str
    ) -> None:
        if state is State.CLOSED:
            house.stand(State.ACCEPTED)
            do(house, "office", "close", reason="完成")
        else:
            house.stand(state)
        response = do(house, who, verb, **words)
        assert response.status_code == 422
        page = page_of(response)
        assert sentence in page
        for typed in words.values():
            assert typed in page
        assert f'id="do-{verb}" open' in page

    def test_change_of_date_is_on_record(self, house: House) -> None:
        do(house, "office", "change_due", due_on=ahead(150).isoformat(), reason="上级调整")
        assert house.again().due_on == ahead(150)
        assert "上级调整" in shown(house)


class TestUnits:
    def test_are_assigned_with_groups(self, house: House) -> None:
        group = house.world.group("各乡镇人民政府")
        item = house.world.item(house.plan, title="待交办的事")
        data = {"lead": [house.world.finance.pk], "responsible-group": [group.pk]}
        response = house.browser("office").post(url("item_assign", item.pk), data)
        assert response.status_code == 302
        assert set(item.units.values_list("role", "unit_id", "group_id")) == {
            ("lead", house.world.finance.pk, None),
            ("responsible", None, group.pk),
        }

    def test_keep_the_choice_when_nobody_is_named(self, house: House) -> None:
        response = house.browser("office").post(url("item_assign", house.item.pk), {})
        assert response.status_code == 422
        assert "请至少确定一个" in page_of(response)

    def test_are_found_in_a_table_with_a_box_for_each_role(self, house: House) -> None:
        page = page_of(house.browser("office").get(url("item_assign", house.item.pk)))
        name = house.world.finance.display_name
        assert f'value="{house.world.finance.pk}" aria-label="{name}：牵头" checked' in page


class TestSplitting:
    def test_shows_the_parts_before_it_makes_them(self, house: House) -> None:
        data = {"step": "preview", "unit": [house.world.education.pk], "other": [house.world.justice.pk]}
        page = page_of(house.browser("office").post(url("item_split", house.item.pk), data))
        assert "将建立的任务" in page
        assert house.world.justice.display_name in page
        assert not WorkItem.objects.filter(parent=house.item).exists()

    def test_makes_one_part_a_unit_with_its_own_title_and_date(self, house: House) -> None:
        unit = house.world.education.pk
        data = {"step": "confirm", "unit": [unit], f"title-{unit}": "教育口的预算", f"due-{unit}": ahead(9).isoformat()}
        response = house.browser("office").post(url("item_split", house.item.pk), data)
        assert response["Location"].endswith("#children")
        part = WorkItem.objects.get(parent=house.item)
        assert (part.title, part.due_on) == ("教育口的预算", ahead(9))

    def test_makes_one_part_for_each_member_of_a_group(self, house: House) -> None:
        group = house.world.group("各乡镇人民政府")
        item = house.world.item(house.plan, lead=house.world.finance, responsible=group)
        browser = house.browser("office")
        preview = page_of(browser.post(url("item_split", item.pk), {"step": "preview", "group": [group.pk]}))
        assert "2 个成员，各建一项" in preview
        browser.post(url("item_split", item.pk), {"step": "confirm", "group": [group.pk]})
        assert WorkItem.objects.filter(parent=item).count() == 2

    @pytest.mark.parametrize(("due", "sentence"), [("很快", "不是日期"), ("2099-12-31", "晚于上级任务的时限")])
    def test_tells_what_is_wrong_and_keeps_the_parts(self, house: House, due: str, sentence: str) -> None:
        unit = house.world.education.pk
        data = {"step": "confirm", "unit": [unit], f"title-{unit}": "教育口的预算", f"due-{unit}": due}
        response = house.browser("office").post(url("item_split", house.item.pk), data)
        assert response.status_code == 422
        assert sentence in page_of(response)
        assert "教育口的预算" in page_of(response)
        assert not WorkItem.objects.filter(parent=house.item).exists()

    def test_wants_at_least_one_unit(self, house: House) -> None:
        response = house.browser("office").post(url("item_split", house.item.pk), {"step": "preview"})
        assert response.status_code == 422
        assert "请至少选择一个单位" in page_of(response)


class TestEvidence:
    def test_a_file_is_added_downloaded_and_removed_with_a_reason(self, house: House) -> None:
        browser = house.browser("doer")
        file = SimpleUploadedFile("公开目录.txt", "目录".encode(), content_type="text/plain")
        data = {
            "kind": "file",
            "title": "公开目录",
            "upload": file,
            "occurred_on": today().isoformat(),
            "counted": "on",
        }
        browser.post(url("evidence_add", house.item.pk), data)
        evidence = Evidence.objects.get(item=house.item)
        assert reverse("files:staff:download", args=[evidence.file_id]) in shown(house, "doer")
        download = reverse("files:staff:download", args=[evidence.file_id])
        assert b"".join(browser.get(download)) == "目录".encode()
        assert house.browser("other").get(download).status_code == 404
        browser.post(url("evidence_remove", house.item.pk, evidence.pk), {"remove-reason": "传错了"})
        assert "已移除：传错了" in shown(house, "doer")

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({"kind": "file", "title": "少了文件"}, "请选择要上传的文件"),
            ({"kind": "url", "title": "网页", "url": "javascript:alert(1)"}, "不是完整的网址"),
            ({"kind": "link", "title": "平台内容", "ref": "没有这样写的"}, "不是平台内容的引用"),
        ],
    )
    def test_what_is_missing_is_told_and_the_rest_kept(self, house: House, data: dict[str, str], sentence: str) -> None:
        response = house.browser("doer").post(
            url("evidence_add", house.item.pk), {**data, "occurred_on": today().isoformat()}
        )
        assert response.status_code == 422
        assert sentence in page_of(response)
        assert data["title"] in page_of(response)

    def test_is_not_removed_by_others_or_without_reason(self, house: House) -> None:
        data = {"kind": "url", "title": "网页", "url": "https://example.com/a", "occurred_on": today().isoformat()}
        house.browser("doer").post(url("evidence_add", house.item.pk), data)
        evidence = Evidence.objects.get(item=house.item)
        remove = url("evidence_remove", house.item.pk, evidence.pk)
        assert house.browser("other").post(remove, {"remove-reason": "不想要"}).status_code == 403
        house.browser("doer").post(remove, {"remove-reason": ""})
        evidence.refresh_from_db()
        assert evidence.removed_at is None


class TestChecksAndDuties:
    def test_a_duty_brings_checks_and_a_result_is_recorded(self, house: House) -> None:
        data = {"kind": "periodic", "period": "month", "times": "1", "starts_on": today().replace(day=1).isoformat()}
        house.browser("office").post(url("duty_add", house.item.pk), data)
        check = Check.objects.get(item=house.item)
        address = url("check_record", house.item.pk, check.pk)
        refused = house.browser("doer").post(address, {f"check-{check.pk}-kept": "0", f"check-{check.pk}-note": ""})
        assert refused.status_code == 422
        assert "请写明情况" in page_of(refused)
        house.browser("doer").post(address, {f"check-{check.pk}-kept": "0", f"check-{check.pk}-note": "本月没有开展"})
        assert "本月没有开展" in shown(house)

    def test_a_duty_with_a_wrong_end_is_refused_with_what_was_typed(self, house: House) -> None:
        data = {"kind": "periodic", "period": "month", "times": "3", "phrase": "每月三次"}
        data |= {"starts_on": today().isoformat(), "ends_on": ahead(-40).isoformat()}
        response = house.browser("office").post(url("duty_add", house.item.pk), data)
        assert response.status_code == 422
        assert "每月三次" in page_of(response)

    def test_a_duty_is_ended(self, house: House) -> None:
        data = {"kind": "standing", "period": "quarter", "times": "1", "starts_on": ahead(-10).isoformat()}
        house.browser("office").post(url("duty_add", house.item.pk), data)
        duty = house.item.duties.get()
        house.browser("office").post(url("duty_end", house.item.pk, duty.pk), {"ends_on": today().isoformat()})
        duty.refresh_from_db()
        assert duty.ends_on == today()


class TestNoticeForm:
    WORDS = {"notice-color": "red", "notice-reason": "严重逾期", "notice-requirement": "三日内办结"}

    def test_issues_a_numbered_letter(self, house: House) -> None:
        data = {**self.WORDS, "notice-unit_id": house.world.education.pk, "notice-answer_due_on": ahead(3).isoformat()}
        response = house.browser("supervisor").post(url("notice_issue", house.item.pk), data)
        notice = SupervisionNotice.objects.get()
        assert response["Location"] == url("notice_detail", notice.pk)

    def test_is_only_for_units_that_owe_the_item(self, house: House) -> None:
        data = {**self.WORDS, "notice-unit_id": house.world.justice.pk, "notice-answer_due_on": ahead(3).isoformat()}
        response = house.browser("supervisor").post(url("notice_issue", house.item.pk), data)
        assert response.status_code == 422
        assert "三日内办结" in page_of(response)
        assert not SupervisionNotice.objects.exists()

    def test_refuses_a_day_that_has_passed(self, house: House) -> None:
        data = {**self.WORDS, "notice-unit_id": house.world.education.pk, "notice-answer_due_on": "2020-01-01"}
        response = house.browser("supervisor").post(url("notice_issue", house.item.pk), data)
        assert response.status_code == 422
        assert "已经过去" in page_of(response)

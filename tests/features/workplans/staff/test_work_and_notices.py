"""My work, the overview by unit, supervision notices and their templates."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from gongkai.domain.ledger import State
from gongkai.features.workplans import services
from gongkai.features.workplans.models import NoticeTemplate, SupervisionNotice
from gongkai.kernel.accounts.selectors import actor_get
from tests.factories.world import moment
from tests.features.workplans.staff.conftest import House, ahead, page_of, today


def url(name: str, *args: Any) -> str:
    return reverse(f"workplans:staff:{name}", args=args)


def issue(house: House) -> SupervisionNotice:
    """A yellow notice to education, issued now."""
    return services.supervision_notice_issue(
        actor=actor_get(user=house.people["supervisor"], today=today()),
        item_id=house.item.pk,
        unit_id=house.world.education.pk,
        color="yellow",
        reason="进展缓慢",
        requirement="请在一周内办结",
        answer_due_on=ahead(7),
        now=moment(today()),
    )


class TestMyWork:
    def test_says_that_nothing_waits(self, house: House) -> None:
        assert "没有待办事项" in page_of(house.browser("other").get(url("my_work")))

    def test_groups_by_the_day_that_matters(self, house: House) -> None:
        world = house.world
        world.item(house.plan, responsible=world.education, due_on=ahead(-2), title="早该办完的事")
        world.item(house.plan, responsible=world.education, due_on=today(), title="今天要办完的事")
        world.item(house.plan, responsible=world.education, title="没有日期的事")
        page = page_of(house.browser("doer").get(url("my_work")))
        places = [page.index(words) for words in ("早该办完的事", "今天要办完的事", house.item.title, "没有日期的事")]
        assert places == sorted(places)
        for heading in ("已逾期（1）", "本周到期（1）", "以后到期（1）", "没有具体时限（1）"):
            assert heading in page

    def test_shows_what_is_mine_to_accept(self, house: House) -> None:
        house.stand(State.SUBMITTED)
        assert "待我验收（1）" in page_of(house.browser("leader").get(url("my_work")))
        assert "待我验收（1）" not in page_of(house.browser("doer").get(url("my_work")))

    def test_shows_notices_to_answer(self, house: House) -> None:
        notice = issue(house)
        assert notice.number_text in page_of(house.browser("doer").get(url("my_work")))


class TestOverview:
    def test_shows_all_units_to_those_who_look_after_all(self, house: House) -> None:
        page = page_of(house.browser("supervisor").get(url("overview")))
        assert house.world.education.display_name in page
        assert f"/admin/workplans/items/?unit_id={house.world.education.pk}" in page

    def test_shows_others_their_own_unit(self, house: House) -> None:
        page = page_of(house.browser("doer").get(url("overview")))
        assert f"unit_id={house.world.education.pk}" in page
        assert f"unit_id={house.world.finance.pk}" not in page

    @pytest.mark.parametrize("order", ["overdue", "rate", "unit", "senseless"])
    def test_is_ordered_and_narrowed(self, house: House, order: str) -> None:
        other = house.world.plan()
        response = house.browser("office").get(url("overview"), {"order": order, "plan_id": other.pk})
        assert "还没有分到单位的任务" in page_of(response)


class TestNotices:
    def test_are_seen_by_those_concerned(self, house: House) -> None:
        notice = issue(house)
        for who, sees in (("doer", True), ("supervisor", True), ("office", True), ("other", False)):
            page = page_of(house.browser(who).get(url("notice_list")))
            assert (notice.number_text in page) is sees, who
            status = house.browser(who).get(url("notice_detail", notice.pk)).status_code
            assert status == (200 if sees else 404), who

    def test_is_answered_once_by_its_unit(self, house: House) -> None:
        notice = issue(house)
        address = url("notice_detail", notice.pk)
        assert house.browser("leader").post(address, {"text": "代答"}).status_code == 403
        empty = house.browser("doer").post(address, {"text": " "})
        assert empty.status_code == 422
        house.browser("doer").post(address, {"text": "已排期，下周完成"})
        page = page_of(house.browser("supervisor").get(address))
        assert "已排期，下周完成" in page
        again = house.browser("doer").post(address, {"text": "再答一次"})
        assert again.status_code == 422
        notice.refresh_from_db()
        assert notice.answer == "已排期，下周完成"
        assert "没有待答复的督办单" in page_of(house.browser("doer").get(url("notice_list"), {"unanswered": "1"}))

    def test_letter_is_a_word_file_with_its_number(self, house: House) -> None:
        notice = issue(house)
        response = house.browser("doer").get(reverse("files:staff:download", args=[notice.file_id]))
        letter = Document(BytesIO(b"".join(response)))
        text = "\n".join(p.text for p in letter.paragraphs)
        text += "\n".join(cell.text for table in letter.tables for row in table.rows for cell in row.cells)
        assert notice.number_text in text
        assert house.world.education.name in text


class TestTemplates:
    def test_are_downloaded_changed_and_replaced(self, house: House) -> None:
        browser = house.browser("administrator")
        current = browser.get(url("template_download", "yellow")).content
        upload = SimpleUploadedFile("新模板.docx", current)
        response = browser.post(url("template_list"), {"color": "yellow", "upload": upload}, follow=True)
        assert "模板已更换" in page_of(response)
        assert NoticeTemplate.objects.get().color == "yellow"

    def test_a_value_that_no_letter_has_is_named_and_nothing_stored(self, house: House, tmp_path: Path) -> None:
        document = Document()
        document.add_paragraph("关于{{ item }}，请{{ nobody_knows_this }}办理。")
        path = tmp_path / "wrong.docx"
        document.save(str(path))
        upload = SimpleUploadedFile("wrong.docx", path.read_bytes())
        response = house.browser("office").post(url("template_list"), {"color": "red", "upload": upload})
        assert response.status_code == 422
        assert "nobody_knows_this" in page_of(response)
        assert not NoticeTemplate.objects.exists()

    def test_are_replaced_by_nobody_else(self, house: House) -> None:
        browser = house.browser("doer")
        current = browser.get(url("template_download", "blue")).content
        upload = SimpleUploadedFile("模板.docx", current)
        assert browser.post(url("template_list"), {"color": "blue", "upload": upload}).status_code == 403
        assert "更换模板" not in page_of(browser.get(url("template_list")))

    def test_of_an_unknown_color_is_not_found(self, house: House) -> None:
        assert house.browser("office").get(url("template_download", "pink")).status_code == 404

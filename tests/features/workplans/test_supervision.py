"""Supervision notices: numbers without gaps, the letter, its template, the answer."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from gongkai.features.workplans import letters, selectors, services
from gongkai.features.workplans.models import NoticeTemplate, SupervisionNotice, WorkItem
from gongkai.features.workplans.services.supervision import SAMPLE, letter_values
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.documents import DocumentRefused, read_document
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.notices.models import Notice
from tests.factories.world import NOW, TODAY, World

WORDS = {"reason": "逾期未报结", "requirement": "三日内报送情况", "answer_due_on": date(2026, 3, 9)}


@pytest.fixture
def supervisor(world: World) -> Actor:
    return world.actor(Role.SUPERVISOR, world.office)


@pytest.fixture
def item(world: World) -> WorkItem:
    return world.item(world.plan(), lead=world.justice, responsible=world.finance, due_on=date(2026, 2, 20))


def issue(actor: Actor, item: WorkItem, unit_id: int, color: str = "yellow", **more: object) -> SupervisionNotice:
    return services.supervision_notice_issue(
        actor=actor, item_id=item.pk, unit_id=unit_id, color=color, now=NOW, **{**WORDS, **more}
    )  # type: ignore[arg-type]


def docx(text: str) -> bytes:
    document, target = Document(), BytesIO()
    document.add_paragraph(text)
    document.save(target)
    return target.getvalue()


class TestIssue:
    @pytest.mark.parametrize(("color", "name"), [("blue", "蓝色"), ("yellow", "黄色"), ("red", "红色")])
    def test_letter_says_who_what_and_until_when(
        self, world: World, supervisor: Actor, item: WorkItem, color: str, name: str
    ) -> None:
        notice = issue(supervisor, item, world.finance.pk, color)
        assert notice.number_text == "政务公开督〔2026〕1号"
        text = read_document(file_path(file=notice.file), name=notice.file.name).text()
        for word in (
            name,
            notice.number_text,
            "青溪县财政局",
            item.title,
            "已逾期10天",
            "2026年3月9日前",
            "三日内报送情况",
        ):
            assert word in text
        assert notice.file.name == f"{name}督办单-2026-1号-青溪县财政局.docx"

    def test_numbers_follow_each_other_and_a_refusal_uses_none_up(
        self, world: World, supervisor: Actor, item: WorkItem
    ) -> None:
        issue(supervisor, item, world.finance.pk)
        with pytest.raises(Refused):
            issue(supervisor, item, world.finance.pk, reason="")
        NoticeTemplate.objects.create(
            color="red",
            file=services.notice_template_replace(
                actor=world.actor(Role.DISCLOSURE_OFFICE, world.office), color="red", upload=docx("{{ unit }}"), name="红.docx", now=NOW
            ).file,
            uploaded_by=world.person(None, None),
            uploaded_at=NOW,
        )  # fmt: skip
        file_path(file=NoticeTemplate.objects.filter(color="red").latest("pk").file).write_bytes(docx("{{ nonsense }}"))
        with pytest.raises(DocumentRefused) as refusal:
            issue(supervisor, item, world.finance.pk, "red")
        assert "nonsense" in str(refusal.value)
        assert issue(supervisor, item, world.justice.pk).number == 2

    def test_every_reason_against_it_is_told_at_once(self, world: World, supervisor: Actor, item: WorkItem) -> None:
        with pytest.raises(Refused) as refusal:
            issue(
                supervisor, item, world.education.pk, "green",
                reason=" ", requirement="", answer_due_on=date(2026, 3, 1),
            )  # fmt: skip
        assert refusal.value.codes() == [
            "workplans.notice.unit_not_concerned",
            "workplans.notice.color",
            "workplans.notice.text_missing",
            "workplans.notice.text_missing",
            "workplans.notice.due_past",
        ]
        assert all(refusal.value.sentences())

    def test_unit_that_owes_it_may_not_issue_one(self, world: World, item: WorkItem) -> None:
        with pytest.raises(NotPermitted):
            issue(world.actor(Role.DISCLOSURE_OFFICE, world.justice), item, world.finance.pk)


class TestAnswer:
    def test_unit_answers_once_and_whoever_issued_it_is_told(self, world: World, item: WorkItem) -> None:
        user = world.person(Role.SUPERVISOR, world.office)
        clerk = world.person(Role.DRAFTER, world.finance)
        from gongkai.kernel.accounts.selectors import actor_get

        notice = issue(actor_get(user=user, today=TODAY), item, world.finance.pk)
        run_jobs()
        assert Notice.objects.filter(recipient=clerk, kind="workplans.supervision").count() == 1
        actor = actor_get(user=clerk, today=TODAY)
        (row,) = selectors.supervision_notice_list(actor=actor, today=date(2026, 3, 10), unanswered=True)
        assert (row.late, row.can_answer) == (True, True)
        services.supervision_notice_answer(actor=actor, notice_id=notice.pk, text="已整改到位", now=NOW)
        run_jobs()
        assert "已答复" in Notice.objects.get(recipient=user).title
        with pytest.raises(Refused) as refusal:
            services.supervision_notice_answer(actor=actor, notice_id=notice.pk, text="再答", now=NOW)
        assert refusal.value.codes() == ["workplans.notice.answered"]
        assert selectors.supervision_notice_get(actor=actor, notice_id=notice.pk, today=TODAY).answer == "已整改到位"

    def test_another_unit_may_neither_answer_nor_see_it(self, world: World, supervisor: Actor, item: WorkItem) -> None:
        notice = issue(supervisor, item, world.finance.pk)
        stranger = world.actor(Role.DISCLOSURE_OFFICE, world.education)
        with pytest.raises(NotPermitted):
            services.supervision_notice_answer(actor=stranger, notice_id=notice.pk, text="x", now=NOW)
        with pytest.raises(selectors.NotFound):
            selectors.supervision_notice_get(actor=stranger, notice_id=notice.pk, today=TODAY)

    def test_answer_without_words_is_refused(self, world: World, supervisor: Actor, item: WorkItem) -> None:
        notice = issue(supervisor, item, world.finance.pk)
        with pytest.raises(Refused) as refusal:
            services.supervision_notice_answer(
                actor=world.actor(Role.DRAFTER, world.finance), notice_id=notice.pk, text="", now=NOW
            )
        assert refusal.value.codes() == ["ledger.text.missing"]


class TestTemplates:
    def test_shipped_files_are_what_the_code_builds(self) -> None:
        for color in letters.COLORS:
            shipped = letters.FOLDER / f"supervision_{color}.docx"
            assert read_document(shipped).text() == read_document(letters.build_letter(color), name="a.docx").text()

    def test_files_are_written_anew(self, tmp_path: Path) -> None:
        assert [path.name for path in letters.write_letters(tmp_path)] == [
            "supervision_blue.docx",
            "supervision_yellow.docx",
            "supervision_red.docx",
        ]

    def test_replacement_is_used_from_then_on(self, world: World, supervisor: Actor, item: WorkItem) -> None:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        services.notice_template_replace(
            actor=office, color="blue", upload=docx("我县格式：{{ unit }} {{ number }}"), name="蓝.docx", now=NOW
        )
        notice = issue(supervisor, item, world.finance.pk, "blue")
        assert "我县格式：青溪县财政局" in read_document(file_path(file=notice.file), name="a.docx").text()
        listed = {color: file_id for color, _, file_id in selectors.notice_template_list()}
        assert listed["blue"] is not None
        assert listed["red"] is None

    def test_template_asking_for_unknown_values_is_refused_naming_them(self, world: World) -> None:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        with pytest.raises(DocumentRefused) as refusal:
            services.notice_template_replace(
                actor=office, color="blue", upload=docx("{{ mayor }} {{ phone }}"), name="x.docx", now=NOW
            )
        assert "mayor" in str(refusal.value)
        assert "phone" in str(refusal.value)
        assert NoticeTemplate.objects.count() == 0

    def test_only_administrators_and_the_authority_replace_templates(self, world: World) -> None:
        with pytest.raises(NotPermitted):
            services.notice_template_replace(
                actor=world.actor(Role.DISCLOSURE_OFFICE, world.finance), color="blue", upload=docx("x"), now=NOW
            )

    def test_sample_names_every_value_of_a_real_letter(self, world: World, supervisor: Actor, item: WorkItem) -> None:
        notice = issue(supervisor, item, world.finance.pk)
        assert set(letter_values(notice, item, today=TODAY)) == set(SAMPLE)

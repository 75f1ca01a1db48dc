"""Answers given often: versions, suggestions by words and by look-alike cases, filled into the letter, no place left open."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import Delivery
from gongkai.features.foi import services
from gongkai.features.foi.models import AnswerTemplate, AnswerUse, Application, CasePaper
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.answers import answer_rows, answers_for
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.services.answers import AnswerEntry
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.foi import Desk, request
from tests.factories.foi_office import set_up
from tests.factories.world import TODAY, World, moment
from tests.kernel.letters.samples import RULES

pytestmark = pytest.mark.django_db
LETTER = "L14_not_exist"
TEXTS = {"facts": "你申请的“【所需信息】”没有查到", "search_done": "检索了【系统名称】"}


def saved(desk: Desk, **more: Any) -> AnswerTemplate:
    fields = {"title": "档案未移交", "letter": LETTER, "words": "环境影响、批复", "texts": TEXTS}
    ids = {"answer_id": more.pop("answer_id")} if "answer_id" in more else {}
    actor = more.pop("actor", desk.clerk)
    return services.answer_save(
        actor=actor, unit_id=desk.unit.pk, entry=AnswerEntry(**{**fields, **more}), now=moment(TODAY), **ids
    )


def not_found(desk: Desk, **more: Any) -> Application:
    application = desk.taken(**more).application
    desk.do(application, c.Accept(on=desk.today))
    return desk.do(application, c.Draft(on=desk.today, disposition="unable_not_exist"))


def written(desk: Desk, application: Application, answer: AnswerTemplate, **values: str) -> CasePaper:
    return services.letter_write(
        actor=desk.clerk,
        application_id=application.pk,
        code=LETTER,
        values={"facts": "没有查到", "search_done": "检索了办公系统", **values},
        delivery=Delivery.POST,
        sealed=True,
        answer_id=answer.pk,
        on=desk.today,
        now=moment(desk.today, 11),
    )


class TestSave:
    def test_another_text_is_another_version_and_another_title_is_none(self, desk: Desk) -> None:
        answer = saved(desk)
        saved(desk, answer_id=answer.pk, title="档案尚未移交")
        saved(desk, answer_id=answer.pk, texts={**TEXTS, "facts": "经查，没有这份信息"})
        answer.refresh_from_db()
        assert answer.words == "环境影响 批复"
        assert [one.number for one in answer.versions.all()] == [2, 1]
        assert Entry.objects.filter(action="foi.answer.set").count() == 3

    def test_everything_wrong_is_told_at_once(self, desk: Desk) -> None:
        saved(desk)
        with pytest.raises(Refused) as refused:
            saved(desk, disposition="none", ground="none", texts={"remedy": "三个月"})
        assert {
            "foi.disposition.unknown",
            "foi.ground.unknown",
            "foi.answer.field",
            "foi.answer.twice",
        } <= set(refused.value.codes())

    def test_only_the_office_of_the_unit_writes_them(self, desk: Desk, world: World) -> None:
        with pytest.raises(NotPermitted):
            saved(desk, actor=desk.lawyer)
        with pytest.raises(NotFound):
            saved(desk, actor=world.actor(Role.DISCLOSURE_OFFICE, world.finance))

    def test_one_out_of_use_stays_on_record_and_is_not_offered(self, desk: Desk) -> None:
        answer = saved(desk)
        services.answer_retire(actor=desk.head, unit_id=desk.unit.pk, answer_id=answer.pk, now=moment(TODAY))
        assert answer_rows(unit_id=desk.unit.pk) == []
        assert [row.answer.pk for row in answer_rows(unit_id=desk.unit.pk, retired=True)] == [answer.pk]
        with pytest.raises(Refused) as refused:
            saved(desk, answer_id=answer.pk)
        assert "foi.answer.retired" in refused.value.codes()


class TestSuggestions:
    def offered(self, application: Application) -> list[tuple[str, tuple[str, ...]]]:
        course = case_course(application=application)
        found = answers_for(application=application, course=course, form=RULES.letters[LETTER])
        return [(one.answer.title, one.why) for one in found]

    def test_the_words_of_the_case_and_letters_to_cases_like_it_come_first(self, desk: Desk) -> None:
        set_up(desk)
        plain = saved(desk, title="一般", words="")
        saved(desk, title="按词语", words="环境影响")
        first = not_found(desk)
        written(desk, first, plain)
        offered = self.offered(not_found(desk))
        assert offered == [("一般", ("1件相似的申请用过",)), ("按词语", ("申请里有它的1个词语",))]
        unlike = request(subject="学校食堂招标", description="2024年各校食堂的招标公告和中标结果")
        assert [why for _, why in self.offered(not_found(desk, request=unlike))] == [(), ()]

    def test_one_for_another_result_or_ground_is_not_offered(self, desk: Desk) -> None:
        saved(desk, title="别的结果", disposition="granted_provide")
        saved(desk, title="别的依据", ground="art15_privacy")
        assert self.offered(not_found(desk)) == []

    def test_those_of_another_unit_are_not_offered(self, desk: Desk, world: World) -> None:
        saved(desk)
        course = case_course(application=not_found(desk))
        course.application.unit = world.finance
        assert answers_for(application=course.application, course=course, form=RULES.letters[LETTER]) == []


class TestUse:
    def test_is_noted_with_the_letter(self, desk: Desk) -> None:
        set_up(desk)
        answer = saved(desk)
        paper = written(desk, not_found(desk), answer)
        assert AnswerUse.objects.get(paper=paper).version.template_id == answer.pk
        assert answer_rows(unit_id=desk.unit.pk)[0].uses == 1

    def test_a_place_that_is_left_keeps_the_letter_back(self, desk: Desk) -> None:
        set_up(desk)
        with pytest.raises(Refused, match="【系统名称】") as refused:
            written(desk, not_found(desk), saved(desk), search_done="检索了【系统名称】")
        assert refused.value.codes() == ["foi.answer.place_left"]
        assert not AnswerUse.objects.exists()

    def test_one_of_another_letter_is_none(self, desk: Desk) -> None:
        set_up(desk)
        other = saved(desk, letter="L10_granted", texts={"facts": "本机关制作"})
        with pytest.raises(Refused) as refused:
            written(desk, not_found(desk), other)
        assert refused.value.codes() == ["foi.answer.other_unit"]


class TestPages:
    def test_an_answer_is_written_chosen_filled_and_changed_before_it_goes(self, world: World) -> None:
        desk = Desk(world, timezone.localdate())
        set_up(desk)
        client = Client()
        client.force_login(world.person(Role.DISCLOSURE_OFFICE, desk.unit))
        folder = f"/admin/foi/settings/{desk.unit.pk}/answers/"
        assert "还没有答复模板" in client.get(folder).content.decode()
        answers = {"title": "档案未移交", "words": "批复", **{f"text-{code}": text for code, text in TEXTS.items()}}
        assert client.post(f"{folder}new/?letter={LETTER}", {**answers, "title": ""}).status_code == 422
        assert client.post(f"{folder}new/?letter={LETTER}", answers).status_code == 302
        answer = AnswerTemplate.objects.get()
        assert "系统名称" in client.get(folder).content.decode()
        assert "第 1 版" in client.get(f"{folder}{answer.pk}/").content.decode()
        application = not_found(desk)
        letter = f"/admin/foi/{application.pk}/letters/{LETTER}/"
        assert f"?answer={answer.pk}" in client.get(letter).content.decode()
        page = client.get(f"{letter}?answer={answer.pk}").content.decode()
        assert "学府路改造项目环境影响评价批复”没有查到" in page and "【系统名称】" in page and "已填入" in page
        sent = {"answer": str(answer.pk), "facts": "没有查到", "search_done": "检索了【系统名称】", "delivery": "post"}
        left = client.post(letter, {**sent, "sealed": "on", "do": "write"})
        assert left.status_code == 422 and "还有空没有填写" in left.content.decode()
        sent["search_done"] = "检索了办公系统"
        assert client.post(letter, {**sent, "sealed": "on", "do": "write"}).status_code == 302
        assert AnswerUse.objects.count() == 1
        client.post(f"{folder}{answer.pk}/retire/")
        assert "已停用（1 个）" in client.get(folder).content.decode()

    def test_a_paper_that_others_fill_in_takes_no_answer(self, world: World) -> None:
        client = Client()
        client.force_login(world.person(Role.DISCLOSURE_OFFICE, world.education))
        folder = f"/admin/foi/settings/{world.education.pk}/answers/"
        for letter in ("F01_application", "F03_review_sheet", "none"):
            assert client.get(f"{folder}new/?letter={letter}").status_code == 404

"""Before an application: what is published is shown and counted, drafts are kept sealed, machines are kept out."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone

from gongkai.features.foi import services
from gongkai.features.foi.models import Application, ApplicationDraft, Suggestion
from gongkai.features.foi.public import throttle
from gongkai.features.foi.selectors.asking import draft_values, suggestion_figures
from gongkai.features.foi.suggesting import MOST, Published, Suggester, published_like, register_suggester
from gongkai.kernel.errors import Refused
from gongkai.kernel.sealed.columns import sealed_models
from tests.factories.foi import NAME, NUMBER, Desk
from tests.factories.world import TODAY, World, moment
from tests.features.foi.public.test_pages import filled

pytestmark = pytest.mark.django_db
WORDS = "学府路改造项目批复"


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, timezone.localdate())


def published(number: int) -> Published:
    return Published(f"已公开的文件之{number}", f"/info/items/{number}/", "教育局", "", date(2026, 1, number))


def source(count: int) -> Suggester:
    def suggest(words: str, at: datetime) -> Sequence[Published]:
        assert words and at.tzinfo is not None
        return [published(number) for number in range(1, count + 1)]

    return suggest


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


class TestLooking:
    def test_shows_at_most_five_with_links_dates_and_both_answers(self, suggesters: list[Suggester]) -> None:
        suggesters.append(source(9))
        page = Client().post("/apply/look/", {"words": WORDS}).content.decode()
        assert page.count("已公开的文件之") == MOST and 'href="/info/items/1/"' in page and "2026年1月5日" in page
        assert "这就是我要的，不用申请了" in page and "都不是，继续申请" in page

    def test_whoever_found_it_is_counted_as_helped_once(self, suggesters: list[Suggester]) -> None:
        suggesters.append(source(2))
        client = Client()
        uid = hidden(client.post("/apply/look/", {"words": WORDS}).content.decode(), "uid")
        page = client.post("/apply/look/done/", {"uid": uid, "do": "helped"}).content.decode()
        client.post("/apply/look/done/", {"uid": uid, "do": "continue"})
        assert "没有留下任何个人信息" in page
        assert Suggestion.objects.get().outcome == Suggestion.Outcome.HELPED

    def test_whoever_goes_on_gets_the_form_with_words_and_unit(self, desk: Desk, suggesters: list[Suggester]) -> None:
        suggesters.append(source(1))
        client = Client()
        first = client.get(f"/apply/look/?unit={desk.unit.pk}").content.decode()
        assert hidden(first, "unit") == str(desk.unit.pk)
        shown = client.post("/apply/look/", {"words": WORDS, "unit": str(desk.unit.pk)}).content.decode()
        sent = {name: hidden(shown, name) for name in ("uid", "words", "unit")}
        page = client.post("/apply/look/done/", {**sent, "do": "continue"}).content.decode()
        assert f'value="{WORDS}"' in page and f'<option value="{desk.unit.pk}" selected' in page
        assert Suggestion.objects.get().outcome == Suggestion.Outcome.CONTINUED

    def test_where_nothing_is_like_it_the_form_comes_at_once(self, desk: Desk, suggesters: list[Suggester]) -> None:
        page = Client().post("/apply/look/", {"words": WORDS}).content.decode()
        assert "没有找到已经公开的相近信息" in page and f'value="{WORDS}"' in page
        row = Suggestion.objects.get()
        assert (row.results, row.outcome) == (0, Suggestion.Outcome.CONTINUED)

    def test_a_source_that_fails_holds_nobody_up_and_logs_no_words(
        self, desk: Desk, suggesters: list[Suggester], caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(words: str, at: datetime) -> Sequence[Published]:
            raise OSError("no index")

        suggesters.extend([broken, source(1)])
        page = Client().post("/apply/look/", {"words": WORDS}).content.decode()
        assert "已公开的文件之1" in page
        assert "could not be suggested" in caplog.text and WORDS not in caplog.text

    def test_the_words_stand_in_no_row_and_no_log(
        self, desk: Desk, suggesters: list[Suggester], caplog: pytest.LogCaptureFixture
    ) -> None:
        suggesters.append(source(1))
        with caplog.at_level(logging.DEBUG):
            Client().post("/apply/look/", {"words": WORDS})
        with connection.cursor() as cursor:
            cursor.execute("SELECT s::text FROM foi_suggestion s")
            assert WORDS not in str(cursor.fetchall())
        assert WORDS not in "".join(one.getMessage() for one in caplog.records if one.name != "django.db.backends")

    def test_too_many_looks_lead_to_the_form_without_a_look(
        self, desk: Desk, suggesters: list[Suggester], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(throttle, "LOOKED", 1)
        suggesters.append(source(1))
        pages = [Client().post("/apply/look/", {"words": WORDS}).content.decode() for _ in range(2)]
        assert "都不是，继续申请" in pages[0] and "填写申请表" in pages[1] and Suggestion.objects.count() == 1

    @pytest.mark.parametrize("uid", ["", "x", "00000000-0000-0000-0000-000000000000"])
    def test_an_outcome_of_nothing_is_a_page_not_an_error(self, desk: Desk, uid: str) -> None:
        assert Client().post("/apply/look/done/", {"uid": uid, "unit": "9" * 30}).status_code == 200

    def test_nothing_wanted_is_asked_again(self) -> None:
        assert Client().post("/apply/look/", {"words": " "}).status_code == 422

    def test_a_source_is_registered_once(self, suggesters: list[Suggester]) -> None:
        one = source(1)
        register_suggester(one)
        register_suggester(one)
        assert suggesters == [one]

    def test_the_same_item_of_two_sources_is_shown_once(self, suggesters: list[Suggester]) -> None:
        suggesters.extend([source(2), source(3)])
        assert len(published_like(WORDS, at=moment(TODAY))) == 3

    def test_figures_of_a_year_count_outcomes_of_what_was_shown(self) -> None:
        uids = [services.suggestion_show(results=2, now=moment(TODAY)) for _ in range(4)]
        services.suggestion_show(results=0, now=moment(TODAY))
        services.suggestion_settle(uid=uids[0], helped=True)
        services.suggestion_settle(uid=uids[1], helped=False)
        found = suggestion_figures(year=TODAY.year)
        assert (found.asked, found.shown, found.helped, found.continued, found.left) == (5, 4, 1, 1, 2)
        assert found.helped_percent == 25 and suggestion_figures(year=2020).asked == 0
        assert not services.suggestion_settle(uid=uuid4(), helped=True)
        assert not services.suggestion_settle(uid=UUID(int=0), helped=False)


class TestDraft:
    def kept(self, desk: Desk, client: Client, **more: str) -> str:
        values = {**filled(desk), "agreed": "", "do": "draft", **more}
        page = client.post("/apply/new/", values).content.decode()
        assert "草稿已保存" in page
        return hidden(page, "code")

    def test_goes_on_with_its_code_and_is_gone_with_the_application(self, desk: Desk) -> None:
        client = Client()
        code = self.kept(desk, client, description="")
        page = client.post("/apply/draft/", {"code": code.lower()}).content.decode()
        assert f'value="{NUMBER}"' in page and "草稿已打开" in page and Application.objects.count() == 0
        client.post("/apply/new/", filled(desk, draft=hidden(page, "draft")))
        assert Application.objects.count() == 1 and ApplicationDraft.objects.count() == 0

    def test_kept_again_it_keeps_its_code(self, desk: Desk) -> None:
        client = Client()
        code = self.kept(desk, client)
        assert self.kept(desk, client, draft=code, subject="另一个名称") == code
        assert draft_values(code=code, today=timezone.localdate())["subject"] == "另一个名称"

    def test_lies_sealed_and_without_files_confirmation_and_traps(self, desk: Desk) -> None:
        code = self.kept(desk, Client())
        with connection.cursor() as cursor:
            cursor.execute("SELECT d::text FROM foi_applicationdraft d")
            row = str(cursor.fetchall())
        assert NAME not in row and NUMBER not in row and code.replace("-", "") not in row
        values = draft_values(code=code, today=timezone.localdate())
        assert not {"identity", "agreed", "website", "draft", "proof_answer"} & values.keys()
        assert ApplicationDraft in sealed_models()

    def test_is_over_after_its_days_and_swept(self, desk: Desk) -> None:
        kept = services.draft_keep(values={"subject": "某文件"}, now=moment(TODAY))
        assert kept.until == TODAY + timedelta(days=services.DRAFT_DAYS)
        with pytest.raises(Refused):
            draft_values(code=kept.code, today=kept.until + timedelta(days=1))
        assert services.drafts_sweep(now=moment(kept.until)) == 0
        assert services.drafts_sweep(now=moment(kept.until + timedelta(days=1))) == 1

    def test_its_owner_deletes_it(self, desk: Desk) -> None:
        client = Client()
        code = self.kept(desk, client)
        assert client.post("/apply/draft/delete/", {"code": code}).status_code == 200
        assert ApplicationDraft.objects.count() == 0
        assert client.post("/apply/draft/delete/", {"code": code}).status_code == 200

    def test_wrong_codes_are_answered_alike_and_counted(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(throttle, "TRIED", 2)
        answers = [Client().post("/apply/draft/", {"code": "AAAA-AAAA-AAAA"}).status_code for _ in range(4)]
        assert answers[0] == 422 and answers[-1] == 429

    def test_a_query_code_opens_no_draft_nor_a_draft_code_a_case(self, desk: Desk) -> None:
        client = Client()
        code = self.kept(desk, client)
        assert client.post("/apply/follow/", {"code": code}).status_code == 422
        assert client.post("/apply/draft/", {"code": desk.taken().query_code}).status_code == 422

    def test_too_many_are_not_kept(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(throttle, "KEPT", 1)
        client = Client()
        self.kept(desk, client)
        answer = client.post("/apply/new/", {**filled(desk), "do": "draft"})
        assert answer.status_code == 429 and f'value="{NAME}"' in answer.content.decode()


class TestWhoFillsItIn:
    def test_without_proof_or_sum_nothing_is_taken_in(self, desk: Desk, settings: LazySettings) -> None:
        settings.PROOF_WORK = 200
        answer = Client().post("/apply/new/", filled(desk))
        assert answer.status_code == 422 and "请回答" in answer.content.decode() and Application.objects.count() == 0

    def test_a_draft_needs_neither(self, desk: Desk, settings: LazySettings) -> None:
        settings.PROOF_WORK = 200
        answer = Client().post("/apply/new/", {**filled(desk), "do": "draft"})
        assert answer.status_code == 200 and ApplicationDraft.objects.count() == 1

    def test_what_the_law_needs_is_told_with_what_is_empty(self, desk: Desk) -> None:
        answer = Client().post("/apply/new/", filled(desk, name="", id_number="", phone="", agreed=""))
        page = answer.content.decode()
        assert answer.status_code == 422
        for words in ("或者上传身份证明", "至少填写一项", "在这里打勾", "有 4 处需要改正"):
            assert words in page

    def test_what_the_other_kind_of_applicant_fills_in_is_left_out(self, desk: Desk) -> None:
        unit = {"kind": "business", "name": "甲公司", "org_code": "91X", "representative": "甲"}
        Client().post("/apply/new/", filled(desk, **unit))
        assert Application.objects.get().applicant.id_number is None

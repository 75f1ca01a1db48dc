"""What applicants say about what comes after: kept out of the log, suggestions with their result; no one else learns of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.features.foi.models import Application, LogEntry, LogObjection, ProactiveProposal
from gongkai.features.foi.services import Taken, log_entries
from gongkai.kernel.jobs.testing import run_jobs
from tests.factories.disclosure import Bureau, fresh
from tests.factories.foi import ADDRESS, NAME, NUMBER, PHONE, Desk
from tests.factories.foi_after import closed
from tests.factories.world import World
from tests.features.foi.planted import form, shapes_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, timezone.localdate())


@pytest.fixture
def taken(desk: Desk) -> Taken:
    return desk.online()


def press(name: str, code: str, **data: str) -> tuple[int, str]:
    answer = Client().post(reverse(f"foi:public:{name}"), {"code": code, **data})
    return answer.status_code, answer.content.decode()


class TestObjection:
    def test_a_tick_on_the_form(self, desk: Desk) -> None:
        page = Client().get("/apply/new/").content.decode()
        assert 'name="no_log"' in page
        Client().post("/apply/new/", form(desk, no_log="on"))
        assert LogObjection.objects.get().application == Application.objects.get()

    def test_without_the_tick_nothing_is_recorded(self, desk: Desk) -> None:
        Client().post("/apply/new/", form(desk))
        assert (Application.objects.count(), LogObjection.objects.count()) == (1, 0)

    def test_later_by_the_code_and_then_it_is_said_so(self, taken: Taken) -> None:
        _, before = press("follow", taken.query_code)
        assert "不同意列入目录" in before
        status, after = press("object", taken.query_code)
        assert status == 200 and "不会列入" in after and LogObjection.objects.get().way == "follow"

    def test_a_wrong_code_says_nothing_and_counts_as_a_try(self, taken: Taken) -> None:
        status, page = press("object", "WRONGCODE123")
        assert status == 422 and "没有与这个查询码对应的申请" in page
        assert LogObjection.objects.count() == 0

    def test_no_address_takes_a_look(self) -> None:
        for name in ("object", "suggest"):
            assert Client().get(reverse(f"foi:public:{name}")).status_code == 405


class TestSuggestion:
    def test_with_both_its_words(self, taken: Taken) -> None:
        status, page = press("suggest", taken.query_code, subject="各项目的环评批复", wish="")
        assert status == 422 and "请填写理由" in page and "各项目的环评批复" in page
        status, page = press("suggest", taken.query_code, subject="各项目的环评批复", wish="大家关心")
        assert status == 200 and "正在审核" in page
        assert ProactiveProposal.objects.get().source == "suggested"


class TestChannels:
    """A published entry on every channel of the site: what leads to the applicant or to the case is on none."""

    @pytest.fixture
    def item(self, desk: Desk) -> Item:
        then = desk.today - timedelta(days=60)
        earlier = Desk(desk.world, then)
        for _ in range(6):  # so that the number of the case is no other number of the page
            earlier.taken()
        application = closed(earlier, then)
        entry = LogEntry.objects.create(application=application, proposed_on=then, ready_on=then)
        now = timezone.now()
        done = log_entries.log_draft(
            actor=desk.clerk,
            entry_id=entry.pk,
            title="道路改造环评文件的答复",
            asked="申请公开环评文件。",
            answered="已提供批复。",
            now=now,
        )
        bureau = Bureau(desk.world, desk.unit)
        bureau.decide(Item.objects.get(pk=done.item_id), now=now)
        bureau.sign(bureau.circulate(Item.objects.get(pk=done.item_id), now=now), now=now)
        publication_make(actor=bureau.office, item_id=Item.objects.get(pk=done.item_id).pk, now=now)
        run_jobs()
        return fresh(Item.objects.get(pk=done.item_id))

    def test_tell_the_words_of_the_office_and_nothing_of_the_case(self, item: Item) -> None:
        case = LogEntry.objects.get().application
        code = case.query_code.for_machine()
        planted = (NAME, NUMBER, PHONE, ADDRESS, "ouyang.xm", case.register_no, code, case.description)
        visitor = Client()
        found = 0
        for address in (
            f"/info/{item.uid}/",
            "/",
            "/columns/",
            "/search/?q=环评",
            "/feeds/all.rss",
            "/feeds/all.json",
            "/api/v1/publications/",
            "/sitemap.xml",
        ):
            answer: Any = visitor.get(address, follow=True)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = body.decode("utf-8", "replace")
            found += "道路改造环评文件的答复" in text
            assert [word for word in planted if any(shape in text for shape in shapes_of(word))] == [], address
        assert found >= 2

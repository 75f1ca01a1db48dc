"""A form is never lost and never taken twice: it comes back filled in when the database is away, and is known when sent again."""

from __future__ import annotations

import html
import logging
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InterfaceError, OperationalError
from django.test import Client
from django.utils import timezone

from gongkai.features.foi import services
from gongkai.features.foi.models import Application
from gongkai.features.foi.public import apply_views
from gongkai.features.foi.services import once
from gongkai.features.foi.services.papers import identity_place
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.sealed import unseal_bytes
from tests.factories.away import database_away
from tests.factories.foi import NAME, NUMBER, PHONE, Desk
from tests.factories.world import World
from tests.features.foi.public.test_pages import filled

pytestmark = pytest.mark.django_db
NEW = "/apply/new/"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, timezone.localdate())


def value_of(page: str, name: str) -> str:
    """What stands in a field of the page."""
    tag = next(tag for tag in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in tag)
    found = re.search(r'value="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def proof_of(application: Application) -> bytes:
    """What stands in the proof of identity of a case."""
    paper = application.papers.get(kind="identity")
    return unseal_bytes(file_path(file=paper.file).read_bytes(), place=identity_place(application))


class TestDatabaseAway:
    @pytest.mark.parametrize("error", [OperationalError, InterfaceError])
    def test_the_form_comes_back_as_it_was_filled_in(self, desk: Desk, error: type[Exception]) -> None:
        client = Client()
        client.get(NEW)
        with database_away(error):
            answer = client.post(NEW, filled(desk, doc_no="青府办字〔2025〕3号"))
        page = answer.content.decode()
        assert answer.status_code == 503 and answer["Retry-After"] and "no-store" in answer["Cache-Control"]
        assert "申请还没有提交成功，请稍后再提交" in page
        for name, value in (("subject", "学府路改造项目批复"), ("name", NAME), ("id_number", NUMBER), ("phone", PHONE)):
            assert value_of(page, name) == value
        assert value_of(page, "doc_no") == "青府办字〔2025〕3号" and ">2025年的批复文件</textarea>" in page.replace(
            "\n", ""
        )
        assert f'<option value="{desk.unit.pk}" selected>' in page
        assert Application.objects.count() == 0

    def test_the_unit_stays_chosen_in_a_process_that_never_saw_the_units(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(apply_views, "_units_known", ())
        with database_away():
            page = Client().post(NEW, filled(desk)).content.decode()
        assert f'<option value="{desk.unit.pk}" selected>刚才选择的单位' in page

    def test_it_is_taken_in_when_it_is_sent_as_it_came_back(self, desk: Desk) -> None:
        client = Client()
        with database_away():
            page = client.post(NEW, filled(desk)).content.decode()
        taken = client.post(NEW, filled(desk, once=value_of(page, "once")))
        assert taken.status_code == 200 and Application.objects.count() == 1

    def test_a_chosen_file_has_to_be_chosen_again_and_that_is_said(self, desk: Desk) -> None:
        proof = SimpleUploadedFile("a.png", PICTURE, "image/png")
        with database_away():
            with_file = Client().post(NEW, {**filled(desk), "identity": proof}).content.decode()
            without = Client().post(NEW, filled(desk)).content.decode()
        assert "请重新选择文件" in with_file and "请重新选择文件" not in without

    def test_an_empty_form_can_be_filled_in_meanwhile(self, desk: Desk) -> None:
        with database_away():
            answer = Client().get(f"{NEW}?subject=x")
        assert answer.status_code == 503 and "系统正在恢复" in answer.content.decode()

    def test_what_was_typed_stays_out_of_the_log(self, desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG), database_away():
            Client().post(NEW, filled(desk))
        assert NAME not in caplog.text and PHONE not in caplog.text and "学府路" not in caplog.text

    def test_with_the_proof_of_work_a_new_one_is_asked(self, desk: Desk, settings: LazySettings) -> None:
        settings.PROOF_WORK = 10
        with database_away():
            page = Client().post(NEW, filled(desk)).content.decode()
        assert "data-gk-proof=" in page


class TestOnce:
    def test_the_same_form_is_one_application_with_one_number_and_code(self, desk: Desk) -> None:
        client = Client()
        token = value_of(client.get(NEW).content.decode(), "once")
        pages = [client.post(NEW, filled(desk, once=token)).content.decode() for _ in range(2)]
        application = Application.objects.get()
        code = services.code_shown(once.code_of(application.uid))
        assert all(application.register_no in page and code in page for page in pages)

    def test_the_code_opens_the_application(self, desk: Desk) -> None:
        client = Client()
        client.post(NEW, filled(desk, once=value_of(client.get(NEW).content.decode(), "once")))
        code = once.code_of(Application.objects.get().uid)
        assert "等待双方确认" in client.post("/apply/follow/", {"code": code}).content.decode()

    def test_every_form_gets_a_number_of_its_own(self, desk: Desk) -> None:
        client = Client()
        tokens = {value_of(client.get(NEW).content.decode(), "once") for _ in range(2)}
        assert len(tokens) == 2
        for token in tokens:
            client.post(NEW, filled(desk, once=token))
        assert Application.objects.count() == 2

    def test_filled_in_differently_it_is_another_one(self, desk: Desk) -> None:
        client = Client()
        token = value_of(client.get(NEW).content.decode(), "once")
        for subject in ("甲文件", "乙文件"):
            client.post(NEW, filled(desk, once=token, subject=subject))
        assert sorted(Application.objects.values_list("subject", flat=True)) == ["乙文件", "甲文件"]

    def test_another_person_at_the_same_form_is_not_told_the_first_one_s_code(self, desk: Desk) -> None:
        client = Client()
        token = value_of(client.get(NEW).content.decode(), "once")
        client.post(NEW, filled(desk, once=token))
        first = Application.objects.get()
        page = client.post(NEW, filled(desk, once=token, name="诸葛青岚")).content.decode()
        second = Application.objects.exclude(pk=first.pk).get()
        assert second.register_no in page and services.code_shown(once.code_of(second.uid)) in page
        assert first.register_no not in page and services.code_shown(once.code_of(first.uid)) not in page

    @pytest.mark.parametrize(
        "other",
        [{"phone": "13900000000"}, {"email": "a@example.net"}, {"wanted_delivery": "in_person"}, {"no_log": "on"}],
    )
    def test_what_was_put_right_is_not_lost(self, desk: Desk, other: dict[str, str]) -> None:
        client = Client()
        token = value_of(client.get(NEW).content.decode(), "once")
        for more in ({}, other):
            assert client.post(NEW, filled(desk, once=token, **more)).status_code == 200
        assert Application.objects.count() == 2

    def test_the_same_file_is_the_same_form_and_another_file_another_one(self, desk: Desk) -> None:
        client = Client()
        token = value_of(client.get(NEW).content.decode(), "once")
        for name, end in (("a.png", b"\x00"), ("photo.png", b"\x00"), ("a.png", b"\x01")):
            proof = SimpleUploadedFile(name, PICTURE + end, "image/png")
            assert client.post(NEW, {**filled(desk, once=token), "identity": proof}).status_code == 200
        first, second = Application.objects.order_by("pk")
        assert [proof_of(one) for one in (first, second)] == [PICTURE + b"\x00", PICTURE + b"\x01"]

    @pytest.mark.parametrize("token", ["", "x", "InNvbWV0aGluZyI:1abc:def"])
    def test_a_number_that_is_none_of_ours_counts_for_nothing(self, desk: Desk, token: str) -> None:
        client = Client()
        for _ in range(2):
            assert client.post(NEW, filled(desk, once=token)).status_code == 200
        assert Application.objects.count() == 2

    def test_a_form_sent_twice_at_the_same_moment_is_answered_twice_with_one_number(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = Client()
        token = value_of(client.get(NEW).content.decode(), "once")
        client.post(NEW, filled(desk, once=token))
        known, seen = once._before, []

        def late(drawn: once.Once) -> services.Taken | None:
            seen.append(drawn)
            return None if len(seen) == 1 else known(drawn)

        def conflict(**_: Any) -> None:
            raise IntegrityError("application_uid_key")

        monkeypatch.setattr(once, "_before", late)
        monkeypatch.setattr(once, "application_submit", conflict)
        page = client.post(NEW, filled(desk, once=token)).content.decode()
        assert Application.objects.get().register_no in page

    def test_a_draft_keeps_no_number(self, desk: Desk) -> None:
        form = apply_views.ApplyForm(filled(desk, once="x"), units=[desk.unit], now=timezone.now())
        assert "once" not in form.typed()

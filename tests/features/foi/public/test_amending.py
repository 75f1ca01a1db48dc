"""Asking for the amendment of one's own record online: without scripts, sealed, everything missing told at once."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gongkai.features.foi.models import AmendmentRequest
from gongkai.features.foi.public import throttle
from gongkai.features.foi.services import code_shown
from tests.factories.foi import NAME, NUMBER, PHONE, WANTED, WRONG, Desk
from tests.factories.world import World

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


@pytest.fixture
def now_desk(world: World) -> Desk:
    return Desk(world, timezone.localdate())


def filled(desk: Desk) -> dict[str, object]:
    return {
        "unit": str(desk.unit.pk),
        "kind": "natural_person",
        "name": NAME,
        "id_number": NUMBER,
        "phone": PHONE,
        "record": "参保登记",
        "wrong": WRONG,
        "wanted": WANTED,
        "agreed": "on",
        "proof": SimpleUploadedFile("户口簿.png", PNG),
    }


class TestPublicAmendment:
    def test_is_asked_for_without_scripts(self, now_desk: Desk) -> None:
        client = Client()
        page = client.get("/apply/amend/").content.decode()
        assert "哪一份记录" in page and "更正本人信息" in client.get("/apply/").content.decode()
        answer = client.post("/apply/amend/", filled(now_desk))
        row = AmendmentRequest.objects.get()
        told = answer.content.decode()
        assert answer.status_code == 200 and code_shown(row.query_code.for_machine()) in told
        assert row.channel == "online" and row.papers.get().sealed
        assert not any(secret in told for secret in (NAME, NUMBER, PHONE, WRONG, WANTED))

    def test_tells_everything_that_is_missing_at_once(self) -> None:
        answer = Client().post("/apply/amend/", {"kind": "natural_person"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert all(word in page for word in ("请填写身份证件号码", "电话、邮箱、地址至少填写一项", "提交前请确认"))

    def test_a_file_that_cannot_be_read_is_told_on_the_own_page(self, now_desk: Desk) -> None:
        taken = now_desk.amendment()
        sent = {"code": taken.query_code, "proof": SimpleUploadedFile("空.png", b"")}
        answer = Client().post("/apply/amend/prove/", sent)
        page = answer.content.decode()
        assert answer.status_code == 422 and taken.amendment.register_no in page and "补充的证据：" in page

    def test_the_configured_day_explains_itself(self, now_desk: Desk) -> None:
        page = Client().post("/apply/follow/", {"code": now_desk.amendment().query_code}).content.decode()
        assert "怎样算出来的" in page and "待核" in page

    def test_machines_and_floods_are_refused(self, now_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        assert Client().post("/apply/amend/", {**filled(now_desk), "website": "x"}).status_code == 422
        monkeypatch.setattr(throttle, "APPLIED", 1)
        assert [Client().post("/apply/amend/", filled(now_desk)).status_code for _ in range(2)] == [200, 422]
        assert AmendmentRequest.objects.count() == 1

"""The pages on which administrators let other systems in and shut them out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.features.foi.scopes import STATUS, SUBMIT
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.tokens.models import AccessToken, ConnectedSystem
from gongkai.kernel.tokens.written import FORM
from tests.factories.world import World

LIST = "/admin/tokens/"


@pytest.fixture
def world(db: None) -> World:
    return World()


def signed_in(world: World, role: Role) -> Client:
    client = Client()
    client.force_login(world.person(role, world.office), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def admin(world: World) -> Client:
    return signed_in(world, Role.SYSTEM_ADMINISTRATOR)


def filled(**more: Any) -> dict[str, Any]:
    until = timezone.localdate() + timedelta(days=90)
    return {
        "name": "12345热线",
        "contact": "周工 0797-1234567",
        "unit": "",
        "scopes": [SUBMIT, STATUS],
        "until_on": until.isoformat(),
        "networks": "10.8.0.5\n10.9.0.0/16",
        **more,
    }


class TestWhoMay:
    @pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
    def test_administrators_and_nobody_else(self, world: World, role: Role) -> None:
        client = signed_in(world, role)
        may = role is Role.SYSTEM_ADMINISTRATOR
        assert client.get(LIST).status_code == (200 if may else 403)
        assert client.get(f"{LIST}new/").status_code == (200 if may else 403)
        assert client.post(f"{LIST}new/", filled()).status_code == (200 if may else 403)
        assert ConnectedSystem.objects.exists() is may
        assert client.get(f"{LIST}999999/tokens/").status_code == (404 if may else 403)
        assert client.post(f"{LIST}revoke/999999/", {"reason": "x"}).status_code == (404 if may else 403)
        assert client.post(f"{LIST}revoke/999999/", {"reason": ""}).status_code == (302 if may else 403)
        assert (LIST in client.get("/admin/").content.decode()) is may


class TestPages:
    def test_an_empty_list_says_what_to_do(self, admin: Client) -> None:
        assert "还没有接入系统" in admin.get(LIST).content.decode()

    def test_the_whole_token_is_shown_once_and_kept_by_nobody_on_the_way(self, admin: Client) -> None:
        answer = admin.post(f"{LIST}new/", filled())
        found = FORM.search(answer.content.decode())
        assert found is not None and "no-store" in answer["Cache-Control"]
        page = admin.get(LIST).content.decode()
        assert FORM.search(page) is None
        assert f"gk_{found[1]}_…" in page and "10.9.0.0/16" in page and "移交申请" in page and "全部单位" in page

    def test_what_is_wrong_stands_at_its_field(self, admin: Client) -> None:
        answer = admin.post(f"{LIST}new/", filled(networks="10.8.0.5\nabc", until_on="2020-01-01"))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "第 2 行“abc”不是 IP 地址" in page and "不能早于今天" in page
        assert not ConnectedSystem.objects.exists()

    def test_another_token_and_the_end_of_the_old_one(self, admin: Client) -> None:
        admin.post(f"{LIST}new/", filled())
        old = AccessToken.objects.get()
        page = admin.post(f"{LIST}{old.system_id}/tokens/", filled(scopes=[STATUS])).content.decode()
        assert FORM.search(page) is not None
        said = admin.post(f"{LIST}revoke/{old.pk}/", {"reason": "换新"}, follow=True).content.decode()
        assert "已吊销" in said and "换新" in said
        assert AccessToken.objects.filter(revoked_at__isnull=True).count() == 1

    def test_a_reason_is_wanted(self, admin: Client) -> None:
        admin.post(f"{LIST}new/", filled())
        token = AccessToken.objects.get()
        admin.post(f"{LIST}revoke/{token.pk}/", {"reason": " "})
        token.refresh_from_db()
        assert token.revoked_at is None

"""Who is let in: by a token alone, for what it is good for, from where it may come, as often as it may."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from gongkai.features.foi.api.urls import urlpatterns
from gongkai.features.foi.models import Application
from gongkai.features.foi.scopes import FIGURES, STATUS, SUBMIT
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.throttle.models import RateCount
from gongkai.kernel.tokens import services, web
from gongkai.kernel.tokens.models import AccessToken
from gongkai.kernel.tokens.written import token_made
from tests.features.foi.api.conftest import API, Sender

NEEDED = {
    ("get", "applications/"): STATUS,
    ("post", "applications/"): SUBMIT,
    ("get", f"applications/{uuid4()}/"): STATUS,
    ("get", "events/"): STATUS,
    ("get", "figures/"): FIGURES,
    ("get", "units/"): "",
    ("get", "vocabulary/"): "",
}
CALLS = sorted(f"{method} {path.split('/')[0]}{'/one' if path.count('/') > 1 else ''}" for method, path in NEEDED)
BY_CALL = {
    f"{method} {path.split('/')[0]}{'/one' if path.count('/') > 1 else ''}": (method, path) for method, path in NEEDED
}


def ask(client: Client, call: str, **headers: str) -> Any:
    method, path = BY_CALL[call]
    more = {"data": "{}", "content_type": "application/json"} if method == "post" else {}
    return getattr(client, method)(f"{API}{path}", headers=headers, **more)


class TestDoor:
    def test_every_address_is_in_the_table(self) -> None:
        assert len({path for _, path in NEEDED}) == len(urlpatterns)

    @pytest.mark.parametrize("call", CALLS)
    @pytest.mark.parametrize(
        "header", ["", "Bearer", "Bearer ", "Basic Zzp6", "Bearer gk_x", "Token gk_abc", "Bearer 令牌"]
    )
    def test_without_a_token_there_is_nothing(self, sender: Sender, call: str, header: str) -> None:
        answer = ask(sender.client, call, Authorization=header.encode().decode("latin-1"))
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer") and answer.json()["errors"]

    @pytest.mark.parametrize("call", CALLS)
    @pytest.mark.parametrize("scope", [SUBMIT, STATUS, FIGURES])
    def test_each_scope_opens_its_own_and_no_more(self, sender: Sender, call: str, scope: str) -> None:
        sender.renewed(scope)
        status = ask(sender.client, call, **sender.headers).status_code
        assert (status == 403) is (NEEDED[BY_CALL[call]] not in ("", scope))
        assert status in (200, 400, 403, 404)

    @pytest.mark.parametrize("call", CALLS)
    def test_revoked_it_opens_nothing_from_that_moment(self, sender: Sender, call: str) -> None:
        services.token_revoke(actor=sender.admin, token_id=sender.issued.token.pk, reason="泄露", now=timezone.now())
        assert ask(sender.client, call, **sender.headers).json()["code"] == "tokens.revoked"

    def test_run_out_it_opens_nothing(self, sender: Sender) -> None:
        AccessToken.objects.update(until_on=timezone.localdate() - timedelta(days=1))
        answer = ask(sender.client, "get units", **sender.headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "tokens.expired")

    def test_from_another_address_it_opens_nothing(self, connect: Callable[..., Sender]) -> None:
        there, here = connect("甲", networks=["10.8.0.0/24"]), connect("乙", networks=["127.0.0.1"])
        assert ask(there.client, "get units", **there.headers).json()["code"] == "tokens.network"
        assert ask(here.client, "get units", **here.headers).status_code == 200

    def test_a_token_in_the_address_is_none(self, sender: Sender) -> None:
        assert sender.client.get(f"{API}units/?token={sender.issued.written}").status_code == 401

    def test_use_is_noted(self, sender: Sender) -> None:
        ask(sender.client, "get units", **sender.headers)
        token = AccessToken.objects.get()
        assert token.last_used_at is not None and token.last_used_from == "127.0.0.1"


class TestBrowsers:
    def test_who_is_signed_in_is_nobody_here(self, sender: Sender) -> None:
        browser = Client()
        browser.force_login(
            sender.desk.world.person(Role.DISCLOSURE_OFFICE, sender.desk.unit),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        assert ask(browser, "get applications").status_code == 401
        body = json.dumps(sender.body())
        forged = browser.post(f"{API}applications/", body, content_type="application/json")
        assert forged.status_code == 401 and Application.objects.count() == 0

    @pytest.mark.parametrize("call", CALLS)
    def test_pages_of_other_sites_may_not_ask(self, sender: Sender, call: str) -> None:
        answer = ask(sender.client, call, Origin="https://evil.example", **sender.headers)
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]
        assert not answer.cookies and "Cookie" not in answer.headers.get("Vary", "")

    def test_nor_ask_beforehand(self, sender: Sender) -> None:
        asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        for headers in (asked, {**asked, **sender.headers}):
            answer = sender.client.options(f"{API}applications/", headers=headers)
            assert answer.status_code in (401, 405)
            assert not [name for name in answer.headers if name.lower().startswith("access-control")]

    def test_a_form_of_another_site_is_no_json(self, sender: Sender) -> None:
        body = json.dumps(sender.body())
        for kind in ("text/plain", "application/x-www-form-urlencoded"):
            answer = sender.client.post(f"{API}applications/", body, content_type=kind, headers=sender.headers)
            assert answer.status_code == 415

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_other_methods_are_told(self, sender: Sender, method: str) -> None:
        answer = getattr(sender.client, method)(f"{API}applications/", headers=sender.headers)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")
        assert answer.json()["code"] == "api.other_method"

    def test_a_head_is_an_answer_without_its_body(self, sender: Sender) -> None:
        assert sender.client.head(f"{API}applications/", headers=sender.headers).content == b""

    def test_a_missing_slash_leads_no_delivery_astray(self, sender: Sender) -> None:
        answer = sender.client.post(f"{API}applications", "{}", content_type="application/json", headers=sender.headers)
        assert answer.status_code == 405


class TestOften:
    def test_a_token_has_its_pace(self, sender: Sender, settings: LazySettings) -> None:
        settings.TOKEN_PER_MINUTE = 2
        answers = [ask(sender.client, "get units", **sender.headers) for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 429]
        assert 0 < int(answers[2]["Retry-After"]) <= 60
        sender.renewed()
        assert ask(sender.client, "get units", **sender.headers).status_code == 200

    def test_wrong_tokens_are_stopped_and_right_ones_go_on(
        self, sender: Sender, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(web, "TRIED", 2)
        wrong = {"Authorization": f"Bearer {token_made()[1]}"}
        assert [ask(sender.client, "get units", **wrong).status_code for _ in range(3)] == [401, 401, 429]
        assert ask(sender.client, "get units", **sender.headers).status_code == 200

    def test_counting_keeps_no_token_and_no_address(self, sender: Sender, settings: LazySettings) -> None:
        settings.TOKEN_PER_MINUTE = 5
        ask(sender.client, "get units", **sender.headers)
        assert not [row for row in RateCount.objects.all() if sender.issued.token.key in row.place]

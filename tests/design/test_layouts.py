from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error

from gongkai.design.context import site


@pytest.fixture
def request_of_visitor() -> HttpRequest:
    request = RequestFactory().get("/somewhere/?a=1")
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


class TestSite:
    def test_is_the_same_whatever_cookies_come(self) -> None:
        request = RequestFactory().get("/")
        request.COOKIES.update({"gk_size": "large", "gk_theme": "contrast"})
        assert site(request) == site(RequestFactory().get("/"))


class TestErrorPages:
    @pytest.mark.parametrize(
        ("view", "status", "words"),
        [
            (page_not_found, 404, "没有找到这个页面"),
            (permission_denied, 403, "没有权限"),
            (bad_request, 400, "没有看懂"),
        ],
    )
    def test_say_in_chinese_what_to_do(
        self, request_of_visitor: HttpRequest, view: object, status: int, words: str
    ) -> None:
        response = view(request_of_visitor, Exception("x"))
        assert response.status_code == status
        assert words in response.content.decode()
        assert 'href="/"' in response.content.decode()

    def test_stand_without_any_context_when_everything_fails(self) -> None:
        response = server_error(RequestFactory().get("/"))
        assert response.status_code == 500
        assert "系统出错了" in response.content.decode()

    def test_explain_an_expired_form(self, request_of_visitor: HttpRequest) -> None:
        assert "重新提交" in render_to_string("403_csrf.html", {}, request_of_visitor)

    def test_say_how_long_a_lock_lasts(self, request_of_visitor: HttpRequest) -> None:
        page = render_to_string("design/lockout.html", {"cooloff_timedelta": timedelta(minutes=15)}, request_of_visitor)
        assert "15 分钟" in page
        assert "由管理员解除" in render_to_string("design/lockout.html", {}, request_of_visitor)


class TestDisplaySet:
    def test_remembers_the_wish_and_goes_back(self, client: Client) -> None:
        response = client.get("/display/", {"size": "large", "next": "/units/?page=2"})
        assert response.headers["Location"] == "/units/?page=2"
        assert response.cookies["gk_size"].value == "large"

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_never_leads_to_another_site(self, client: Client, target: str) -> None:
        assert client.get("/display/", {"size": "large", "next": target}).headers["Location"] == "/"

    def test_ignores_what_it_does_not_know(self, client: Client) -> None:
        assert not client.get("/display/", {"size": "huge", "theme": "pink"}).cookies

    @pytest.mark.django_db
    def test_changes_the_stylesheet_and_no_page(self, client: Client) -> None:
        before = client.get("/"), client.get("/display/theme.css")
        client.cookies["gk_size"] = "large"
        after = client.get("/"), client.get("/display/theme.css")
        assert after[0].content == before[0].content
        assert "font-size: 125%" in after[1].content.decode()
        assert "font-size" not in before[1].content.decode()
        assert after[1].headers["Vary"] == "Cookie"
        assert "no-cache" in after[1].headers["Cache-Control"]


@pytest.mark.django_db
class TestPatternLibrary:
    def test_is_not_for_visitors(self, client: Client) -> None:
        assert client.get("/design/").status_code == 302

    def test_shows_every_component_to_staff(self, admin_client: Client) -> None:
        page = admin_client.get("/design/").content.decode()
        for name in ("gk-table", "gk-chart", "gk-timeline", "gk-compare", "gk-error-summary", "gk-steps", "gk-empty"):
            assert name in page

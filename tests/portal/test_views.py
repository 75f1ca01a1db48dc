from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import DatabaseError
from django.test import Client

from gongkai.features.workplans.selectors import PublicPlanRow
from gongkai.portal import views
from gongkai.portal.pages import showing

PLAN = PublicPlanRow(
    id=7,
    title="青溪县2026年政务公开工作要点",
    year=2026,
    doc_no="青府办字〔2026〕3号",
    owner_name="青溪县人民政府办公室",
    items=40,
    done=10,
    rate=25,
)


@pytest.mark.django_db
class TestHome:
    def test_says_what_comes_when_no_plan_is_published(self, client: Client) -> None:
        page = client.get("/").content.decode()
        assert "还没有公布的工作要点" in page
        assert 'href="/units/"' in page

    def test_lists_published_plans_with_their_progress(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(showing.workplans, "public_plan_list", lambda *, today: [PLAN])
        page = client.get("/").content.decode()
        assert PLAN.title in page
        assert "10/40" in page
        assert "青府办字〔2026〕3号" in page

    def test_names_the_place_and_offers_a_way_past_the_navigation(self, client: Client, settings: object) -> None:
        settings.PLACE = "青溪县"
        page = client.get("/").content.decode()
        assert "青溪县人民政府" in page
        assert '<a class="gk-skip-link" href="#main">' in page
        assert 'id="main"' in page

    def test_runs_under_the_strict_policy(self, client: Client) -> None:
        policy = client.get("/").headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "script-src 'self'" in policy


@pytest.mark.django_db
class TestHealthz:
    def test_is_well_while_the_database_answers(self, client: Client) -> None:
        response = client.get("/healthz")
        assert response.status_code == 200
        assert response.content.decode().startswith("database ok\nversion ")
        assert "no-store" in response.headers["Cache-Control"]

    def test_is_unavailable_when_the_database_is_gone(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        @contextmanager
        def gone() -> object:
            raise DatabaseError("gone")
            yield

        monkeypatch.setattr(views.connection, "cursor", gone)
        response = client.get("/healthz")
        assert response.status_code == 503
        assert "database unavailable" in response.content.decode()


class TestRobots:
    def test_keeps_search_engines_out_of_the_staff_side(self, client: Client) -> None:
        text = client.get("/robots.txt").content.decode()
        assert "Disallow: /admin/" in text
        assert "Allow: /" in text

    def test_lets_them_see_how_to_apply_but_no_form(self, client: Client) -> None:
        lines = client.get("/robots.txt").content.decode().splitlines()
        assert "Disallow: /apply/new/" in lines and "Disallow: /apply/follow/" in lines
        assert "Disallow: /apply/" not in lines


@pytest.mark.django_db
class TestReleased:
    def test_sitemap_is_there_before_the_first_release(self, client: Client) -> None:
        response = client.get("/sitemap.xml")
        assert (response.status_code, response.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
        assert "/sitemap/0.xml</loc>" in response.content.decode()
        assert client.get("/sitemap/0.xml").status_code == 200

    def test_a_page_that_no_list_has_is_not_found(self, client: Client) -> None:
        for path in ("/info/p/1/", "/info/columns/C01/p/1/", "/info/units/1/p/1/", "/info/columns/none/p/1/"):
            assert client.get(path).status_code == 404

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from gongkai.kernel.accounts.roles import Role
from gongkai.portal.api.schema import openapi
from gongkai.portal.api.services.dump import dump_make
from tests.factories.disclosure import Bureau
from tests.portal.api.conftest import BASE, Check, ago

PLAIN = [
    "/api/v1/publications/", "/api/v1/units/", "/api/v1/columns/", "/api/v1/changes/", "/api/v1/dumps/",
    "/api/v1/catalog.jsonld", "/api/schema/",
]  # fmt: skip


class TestLists:
    def test_units_are_those_that_published(self, bureau: Bureau, check: Check) -> None:
        bureau.published(now=ago(hours=1))
        bureau.withdrawn(now=ago(hours=1))
        [unit] = check("/api/v1/units/", "units_list")["items"]
        assert unit["id"] == bureau.unit.pk
        assert unit["feed_url"] == f"{BASE}/info/units/{bureau.unit.pk}/atom.xml"

    def test_columns_come_as_a_tree(self, bureau: Bureau, check: Check) -> None:
        items = check("/api/v1/columns/", "columns_list")["items"]
        below = {child["code"]: one["code"] for top in items for one in top["children"] for child in one["children"]}
        assert below["C01-3"] == "C01"


class TestCatalog:
    def test_names_every_column_and_the_dump(self, bureau: Bureau, check: Check, settings: LazySettings) -> None:
        bureau.published(now=ago(hours=1))
        now = timezone.now()
        dump = dump_make(settings.DUMP_DIR, at=now, on=timezone.localdate(now))
        data = check("/api/v1/catalog.jsonld", "catalog")
        assert data["@type"] == "dcat:Catalog"
        everything, *columns = data["dcat:dataset"]
        assert {"C01", "C01-3"} <= {one["dct:identifier"] for one in columns}
        [file] = [one for one in everything["dcat:distribution"] if "dcat:byteSize" in one]
        assert file["spdx:checksum"]["spdx:checksumValue"] == dump.sha256
        addresses = [d["dcat:accessURL"]["@id"] for one in data["dcat:dataset"] for d in one["dcat:distribution"]]
        assert all(address.startswith(f"{BASE}/") for address in addresses)

    def test_addresses_of_the_catalogue_answer(self, bureau: Bureau, client: Client) -> None:
        data = client.get("/api/v1/catalog.jsonld").json()
        for one in data["dcat:dataset"][:3]:
            for told in one["dcat:distribution"]:
                address = told["dcat:accessURL"]["@id"].removeprefix(BASE)
                assert client.get(address).status_code == 200, address


@pytest.mark.django_db
class TestEveryAnswer:
    @pytest.mark.parametrize("path", PLAIN)
    def test_may_be_read_by_pages_of_other_sites_and_is_not_sent_twice(self, client: Client, path: str) -> None:
        response = client.get(path)
        assert response.status_code == 200
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Cache-Control"] == "no-cache"
        again = client.get(path, headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Access-Control-Allow-Origin"] == "*"
        assert client.head(path).content == b""

    @pytest.mark.parametrize("path", [*PLAIN, "/info/feed.xml"])
    def test_looks_at_no_cookie_and_sends_none(self, bureau: Bureau, path: str) -> None:
        browser = Client()
        browser.force_login(
            bureau.world.person(Role.DISCLOSURE_OFFICE, bureau.unit),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        response = browser.get(path)
        assert response.status_code == 200
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")

    @pytest.mark.parametrize("path", PLAIN[:6])
    def test_takes_nothing_and_says_so(self, client: Client, path: str) -> None:
        for method in ("post", "put", "patch", "delete"):
            response = getattr(client, method)(path)
            assert response.status_code == 405
            assert response.json()["code"] == "api.method"

    def test_answers_a_browser_that_asks_beforehand(self, client: Client) -> None:
        response = client.options("/api/v1/publications/", headers={"Origin": "https://other.example"})
        assert response.status_code == 204
        assert "If-None-Match" in response["Access-Control-Allow-Headers"]

    @pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "nonsense"])
    def test_is_json_whatever_is_accepted(self, client: Client, accept: str) -> None:
        response = client.get("/api/v1/units/", headers={"Accept": accept})
        assert response["Content-Type"].startswith("application/json")

    def test_unknown_addresses_are_told_in_json(self, client: Client) -> None:
        for path in ("/api/v2/", "/api/v1/publications/no-uuid/", "/api/v1/publications/no-uuid", "/api/v1/a%0Ab/"):
            response = client.get(path)
            assert response.status_code == 404
            assert response.json()["code"] == "api.not_found"

    def test_a_missing_slash_is_led_on(self, client: Client) -> None:
        response = client.get("/api/v1/publications?limit=1")
        assert (response.status_code, response["Location"]) == (301, "/api/v1/publications/?limit=1")

    def test_too_many_requests_are_told_to_wait(self, client: Client, settings: LazySettings) -> None:
        settings.API_PER_MINUTE = 2
        answers = [client.get("/api/v1/units/") for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 429]
        assert 0 < int(answers[2]["Retry-After"]) <= 61
        assert answers[2].json()["code"] == "api.too_many"


class TestDocument:
    def test_describes_every_address_and_parameter_in_chinese(self) -> None:
        found = openapi()
        assert found["openapi"].startswith("3.")
        assert len(found["paths"]) == 9
        for path, methods in found["paths"].items():
            assert set(methods) == {"get"}, path
            told = methods["get"]
            for text in (told["summary"], told["description"]):
                assert any("\u4e00" <= letter <= "\u9fff" for letter in text), path
            assert all(one.get("description") for one in told.get("parameters", ())), path

    @pytest.mark.django_db
    def test_page_tells_every_address_without_scripts_from_elsewhere(self, client: Client) -> None:
        page = client.get("/api/").content.decode()
        for path in openapi()["paths"]:
            assert f"GET {path}" in page
        assert "<code>validity</code>" in page
        assert 'src="http' not in page
        assert "120" in page

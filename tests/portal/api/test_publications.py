from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.domain.items.validity import Validity
from gongkai.features.disclosure.models import Publication, ValidityReview
from gongkai.features.disclosure.selectors.public_records import public_record_page
from gongkai.features.disclosure.selectors.search_feed import published_facts
from gongkai.features.disclosure.services.attachments import attachment_add
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.publishing import publication_make
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import NOW, TODAY
from tests.portal.api.conftest import BASE, Check, ago

LIST = "/api/v1/publications/"


def correct(bureau: Bureau, item: Any, now: Any) -> None:
    bureau.edit(item, summary="补充了一个数字。", now=now)
    bureau.sign(bureau.circulate(fresh(item), now=now), now=now)
    publication_make(actor=bureau.office, item_id=item.pk, now=now)


class TestList:
    def test_tells_the_newest_first_with_all_metadata(self, bureau: Bureau, check: Check) -> None:
        first = bureau.published(now=ago(hours=2), doc_no="青财〔2026〕3号", keywords=("补助",))
        second = bureau.published(now=ago(hours=1))
        data = check(LIST, "publications_list")
        assert [one["id"] for one in data["items"]] == [str(second.uid), str(first.uid)]
        assert data["next"] is None
        told = data["items"][1]
        assert told["url"] == f"{BASE}/info/{first.uid}/"
        assert told["doc_no"] == "青财〔2026〕3号"
        assert told["index_no"] == fresh(first).index_no
        assert told["columns"] == ["C01-3"]
        assert told["written_on"] == (TODAY - timedelta(days=2)).isoformat()
        assert told["unit"] == {"id": bureau.unit.pk, "name": bureau.unit.name}
        assert len(told["digest"]) == 64

    def test_hidden_withdrawn_and_limited_ones_never_appear(self, bureau: Bureau, check: Check) -> None:
        bureau.withdrawn(now=ago(hours=3))
        bureau.approved("withheld")
        bureau.approved("on_application")
        bureau.scheduled(now=timezone.now())
        bureau.in_review()
        shown = bureau.published(now=ago(hours=1))
        assert [one["id"] for one in check(LIST, "publications_list")["items"]] == [str(shown.uid)]

    def test_pages_hold_each_item_once_whatever_comes_meanwhile(self, bureau: Bureau, client: Client) -> None:
        made = [bureau.published(now=ago(hours=9 - n)) for n in range(5)]
        found, url = [], f"{BASE}{LIST}?limit=2&kind=notice"
        while url:
            data = client.get(url.removeprefix(BASE)).json()
            found += [one["id"] for one in data["items"]]
            url = data["next"]
            if len(found) == 2:
                bureau.published(now=timezone.now())
        assert found == [str(item.uid) for item in reversed(made)]

    def test_is_narrowed(self, bureau: Bureau, check: Check) -> None:
        item = bureau.published(now=ago(hours=1), title="关于住房公积金（试行）的通知")
        bureau.published(now=ago(hours=2), columns=("C02",))
        year = timezone.localdate().year

        def ids(**query: Any) -> list[str]:
            return [one["id"] for one in check(LIST, "publications_list", **query)["items"]]

        assert ids(column="C01") == ids(q="公积金(试行)") == [str(item.uid)]
        assert ids(column="C01", unit=bureau.unit.pk, kind="notice", year=year) == [str(item.uid)]
        assert ids(unit=bureau.world.office.pk) == ids(year=year - 1) == ids(kind="plan") == []
        assert len(ids(since=timezone.localdate(ago(hours=2)).isoformat())) == 2
        assert ids(until="2001-01-01") == []

    def test_asks_the_database_as_often_for_one_as_for_many(self, bureau: Bureau, client: Client) -> None:
        bureau.published(now=ago(hours=1))
        client.get(LIST)
        with CaptureQueriesContext(connection) as one:
            client.get(LIST)
        for n in range(5):
            bureau.published(now=ago(minutes=50 - n))
        with CaptureQueriesContext(connection) as six:
            assert len(client.get(LIST).json()["items"]) == 6
        assert len(one) == len(six) <= 7  # one of them counts the request


class TestValidity:
    def test_is_asked_of_the_database_as_it_is_told(self, bureau: Bureau) -> None:
        """Every validity finds exactly the items that are shown with it."""
        past, future = TODAY - timedelta(days=3), TODAY + timedelta(days=3)
        cases = [
            ("notice", None, None, None),
            ("notice", past, None, Validity.REPEALED),
            ("notice", future, None, Validity.AMENDED),
            ("notice", None, past, None),
            ("notice", None, TODAY, None),
            ("notice", future, None, None),
            ("notice", None, None, Validity.PARTLY_LAPSED),
            ("normative_document", past, None, None),
            ("normative_document", future, None, Validity.IN_FORCE),
        ]
        ids = []
        for number, (kind, effective, expires, outcome) in enumerate(cases, 1):
            item = bureau.published(
                kind=kind, effective_on=effective, expires_on=expires, doc_no=f"青府发〔2026〕{number}号"
            )
            ids.append(item.pk)
            if outcome is not None:
                review(item, outcome, bureau)
        pks = list(Publication.objects.filter(item_id__in=ids).values_list("pk", flat=True))
        told = {one.item_id: one.validity for one in published_facts(publication_ids=pks, on=TODAY)}
        assert set(told.values()) == {None, *Validity} - {Validity.AMENDED}
        for validity in Validity:
            page = public_record_page(validity=validity, size=100, at=NOW, on=TODAY)
            assert {one.item_id for one in page.records} == {pk for pk, one in told.items() if one is validity}


def review(item: Any, outcome: Validity, bureau: Bureau) -> None:
    ValidityReview.objects.create(
        item=item, outcome=outcome.value, note="清理结果。", reviewed_at=NOW, reviewed_by_id=bureau.office.user_id
    )


class TestDetail:
    def test_tells_everything_public(self, bureau: Bureau, check: Check) -> None:
        now = ago(hours=2)
        item = bureau.draft(now=now)
        attachment_add(actor=bureau.drafter, item_id=item.pk, upload=b"a,b\n1,2\n", name="表 1.csv", now=now)
        bureau.sign(bureau.circulate(bureau.decide(fresh(item)), now=now), now=now)
        publication_make(actor=bureau.office, item_id=item.pk, now=now)
        correct(bureau, item, ago(hours=1))
        data = check(f"{LIST}{item.uid}/", "publications_read")
        [file] = data["attachments"]
        assert file["size"] == 8
        assert file["url"].startswith(f"{BASE}/info/{item.uid}/files/")
        assert file["url"].endswith("/%E8%A1%A8%201.csv")
        assert [one["number"] for one in data["corrections"]] == [2]
        assert data["published_at"] < data["updated_at"]
        assert data["proof"]["holds"] is True
        assert data["proof"]["url"] == f"{BASE}/info/{item.uid}/proof/"
        assert "各单位要按照要求" in data["text"]
        assert [one["code"] for one in data["column_list"]] == ["C01-3"]
        assert "按规定办理" not in str(data), "the note on the ground is for staff"

    def test_file_addresses_lead_to_the_files(self, bureau: Bureau, client: Client) -> None:
        now = ago(hours=2)
        item = bureau.draft(now=now)
        attachment_add(actor=bureau.drafter, item_id=item.pk, upload=b"a,b\n1,2\n", name="表?#%.csv", now=now)
        bureau.sign(bureau.circulate(bureau.decide(fresh(item)), now=now), now=now)
        publication_make(actor=bureau.office, item_id=item.pk, now=now)
        [file] = client.get(f"{LIST}{item.uid}/").json()["attachments"]
        response = client.get(file["url"].removeprefix(BASE))
        assert b"".join(response.streaming_content) == b"a,b\n1,2\n"

    def test_linked_data_are_those_of_the_page(self, bureau: Bureau, check: Check) -> None:
        item = bureau.published(now=ago(hours=1), doc_no="青财〔2026〕3号")
        data = check(f"{LIST}{item.uid}.jsonld", "publications_jsonld")
        assert data["@id"] == f"{BASE}/info/{item.uid}/"
        assert {"@type": "PropertyValue", "name": "文号", "value": "青财〔2026〕3号"} in data["identifier"]

    @pytest.mark.parametrize("kind", ["withdrawn", "error", "merged"])
    def test_what_was_taken_down_says_why(self, bureau: Bureau, check: Check, kind: str) -> None:
        item, target = bureau.published(now=ago(hours=2)), bureau.published(now=ago(hours=2))
        publication_withdraw(
            actor=bureau.office, item_id=item.pk, kind=kind, reason="内容需要核实。", now=ago(hours=1),
            redirect_to=target.pk if kind == "merged" else None,
        )  # fmt: skip
        for path, operation in ((f"{item.uid}/", "publications_read"), (f"{item.uid}.jsonld", "publications_jsonld")):
            data = check(f"{LIST}{path}", operation, 410)
            assert data["code"] == "api.gone"
            grave = data["tombstone"]
            assert grave["reason"] == "内容需要核实。"
            assert grave["title"] == ("" if kind == "error" else item.title)
            assert (grave["moved_to"] or {}).get("id") == (str(target.uid) if kind == "merged" else None)

    def test_what_was_never_public_is_not_there(self, bureau: Bureau, check: Check) -> None:
        for item in (bureau.approved("withheld"), bureau.in_review(), bureau.scheduled(now=timezone.now())):
            data = check(f"{LIST}{item.uid}/", "publications_read", 404)
            assert item.title not in str(data)


HOSTILE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["\x00", "%00", "9" * 400, "-1", "0", "١٢", "2026-02-30", "9999-12-31", "' OR 1=1--", "null", "[]"]
    ),
    st.integers(-(2**70), 2**70).map(str),
    st.dates().map(str),
)
NAMES = st.sampled_from(
    ["column", "unit", "kind", "year", "validity", "q", "since", "until", "limit", "cursor", "fields", "format"]
)


@pytest.mark.django_db
class TestHostile:
    @settings(max_examples=120, suppress_health_check=list(HealthCheck), deadline=None)
    @given(query=st.dictionaries(NAMES, HOSTILE, max_size=4))
    @pytest.mark.parametrize("path", [LIST, "/api/v1/changes/"])
    def test_gets_an_answer_or_told_what_is_wrong(self, client: Client, settings, path, query) -> None:
        settings.API_PER_MINUTE = 0
        response = client.get(path, query)
        assert response.status_code in (200, 400), query
        if response.status_code == 400:
            data = response.json()
            assert data["errors"]
            assert all(one["message"] and one["code"].startswith("api.") for one in data["errors"])

    def test_everything_wrong_is_told_at_once(self, check: Check) -> None:
        data = check(
            LIST, "publications_list", 400, unit="x", since="2026-13-01", kind="no", limit="1000", size="3", cursor="?"
        )
        assert data["code"] == "api.parameters"
        assert {one["field"] for one in data["errors"]} == {"unit", "since", "kind", "limit", "size", "cursor"}

    @pytest.mark.parametrize(
        "query",
        [{"column": "no-such"}, {"since": "2026-02-01", "until": "2026-01-01"}, {"q": "a" * 201}, {"q": ["a", "b"]}],
    )
    def test_one_mistake_has_its_own_code(self, check: Check, query: dict[str, Any]) -> None:
        data = check(LIST, "publications_list", 400, **query)
        assert data["code"] == data["errors"][0]["code"] != "api.parameters"


class TestDetailQueries:
    def test_are_as_many_for_much_as_for_little(self, bureau: Bureau, client: Client) -> None:
        now = ago(hours=3)
        plain = bureau.published(now=now)
        rich = bureau.draft(now=now)
        for number in range(3):
            attachment_add(actor=bureau.drafter, item_id=rich.pk, upload=b"a,b\n1,2\n", name=f"表{number}.csv", now=now)
        bureau.sign(bureau.circulate(bureau.decide(fresh(rich)), now=now), now=now)
        publication_make(actor=bureau.office, item_id=rich.pk, now=now)
        correct(bureau, rich, ago(hours=2))
        client.get(f"{LIST}{plain.uid}/")
        counts = []
        for item in (plain, rich):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(f"{LIST}{item.uid}/").status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 20

"""Links to the web: asked in the background while an item is on its way out and while it is public, told by the gate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings

from gongkai.features.disclosure.models import Item, LinkCheck, LinkUse
from gongkai.features.disclosure.selectors.gate import gate_run_latest
from gongkai.features.disclosure.selectors.links import dead_links, links_due
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.gate import gate_run
from gongkai.features.disclosure.services.links import links_check
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.features.disclosure.tasks import sweep_links
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.outgoing import Answer, Problem
from tests.features.disclosure.released import NOW, House, fresh
from tests.kernel.outgoing.server import Site, running

pytestmark = pytest.mark.django_db
WEB = "https://www.example.com/file"
HOUR = timedelta(hours=1)


@pytest.fixture
def house(settings: LazySettings) -> House:
    settings.LINK_CHECK = True
    return House(short_route=True)


def linked(*urls: str) -> dict[str, object]:
    text = "".join(f'<p>见<a href="{url}">有关文件{n}</a>。</p>' for n, url in enumerate(urls))
    return {"body": ({"id": "a", "type": "paragraph", "value": text},)}


class Web:
    """Answers as it is told to, and remembers what it was asked."""

    def __init__(self, **found: object) -> None:
        self.found = {"reachable": True, "status": 200, **found}
        self.asked: list[str] = []

    def __call__(self, urls: Iterable[str]) -> Iterator[list[Answer]]:
        for url in urls:
            self.asked.append(url)
            yield [Answer(url=url, **self.found)]  # type: ignore[arg-type]


def told(item: Item) -> dict[str, str]:
    run = gate_run_latest(item_id=item.pk)
    assert run is not None
    return {one["code"]: one["sentence"] for one in run.issues if one["code"].startswith("gate.link")}


class TestWhatIsAsked:
    def test_what_is_under_review_is_asked_and_the_gate_tells_what_came_of_it(self, house: House) -> None:
        item = house.draft(**linked(WEB))
        house.circulate(item)
        gate_run(actor=house.office, item_id=item.pk, now=NOW)
        assert "还没有检查过" in told(item)["gate.link.not_asked"]
        web = Web(reachable=False, status=404)
        assert links_check(now=NOW, ask=web) == 1
        assert web.asked == [WEB]
        run = gate_run(actor=house.office, item_id=item.pk, now=NOW)
        assert told(item) == {
            "gate.link.unreachable": f"链接“有关文件0”（{WEB}）在 2026-03-02 检查时打不开（状态 404）。"
        }
        assert [one["stops"] for one in run.issues if one["code"] == "gate.link.unreachable"] == [False]

    @pytest.mark.parametrize(
        ("answer", "codes"),
        [
            ({}, []),
            ({"reachable": None, "status": 403}, ["gate.link.unsure"]),
            ({"reachable": False, "status": None, "problem": Problem.NO_NAME}, ["gate.link.unreachable"]),
            ({"reachable": False, "status": None, "problem": Problem.INSIDE}, ["gate.link.private_host"]),
        ],
    )
    def test_every_answer_is_told_by_the_gate(self, house: House, answer: dict[str, object], codes: list[str]) -> None:
        item = house.approved(**linked(WEB))
        gate_run(actor=house.office, item_id=item.pk, now=NOW)
        links_check(now=NOW, ask=Web(**answer))
        gate_run(actor=house.office, item_id=item.pk, now=NOW)
        assert sorted(told(item)) == codes

    def test_a_draft_and_what_was_withdrawn_are_not_asked(self, house: House) -> None:
        draft = house.draft(**linked(WEB))
        gate_run(actor=house.office, item_id=draft.pk, now=NOW)
        assert links_due(now=NOW, most=9) == []
        item = house.published(**linked(WEB + "2")).item
        assert links_due(now=NOW, most=9) == [WEB + "2"]
        publication_withdraw(actor=house.office, item_id=item.pk, kind="withdrawn", reason="核对。", now=NOW)
        assert links_due(now=NOW, most=9) == []

    def test_addresses_of_the_inside_and_own_pages_are_never_asked(self, house: House) -> None:
        urls = [
            "http://oa/x",
            "http://10.0.0.1/",
            "http://127.0.0.1:8000/admin/",
            "/info/",
            "mailto:a@example.com",
            "#a",
        ]
        item = house.draft(**linked(*urls))
        gate_run(actor=house.office, item_id=item.pk, now=NOW)
        assert not LinkCheck.objects.exists() and not LinkUse.objects.exists()

    def test_nothing_is_asked_where_the_operator_said_so(self, house: House, settings: LazySettings) -> None:
        house.published(**linked(WEB))
        settings.LINK_CHECK = False
        web = Web()
        assert links_check(now=NOW, ask=web) == 0
        assert web.asked == []


class TestWhen:
    def test_what_opens_is_asked_a_week_later_and_what_does_not_sooner(self, house: House) -> None:
        house.published(**linked(WEB))
        links_check(now=NOW, ask=Web())
        assert links_due(now=NOW + timedelta(days=6), most=9) == []
        later = NOW + timedelta(days=7)
        assert links_due(now=later, most=9) == [WEB]
        waits = []
        for _ in range(4):
            links_check(now=later, ask=Web(reachable=False, status=None, problem=Problem.TIMEOUT))
            row = LinkCheck.objects.get()
            waits.append((row.failures, row.due_at - later, row.problem))
            later = row.due_at
        six, day = timedelta(hours=6), timedelta(days=1)
        assert waits == [(1, six, "timeout"), (2, six, "timeout"), (3, day, "timeout"), (4, day, "timeout")]
        links_check(now=later, ask=Web())
        row = LinkCheck.objects.get()
        assert (row.failures, row.problem, row.reachable) == (0, "", True)

    def test_what_goes_out_again_is_asked_again_where_the_answer_is_old(self, house: House) -> None:
        house.published(**linked(WEB))
        links_check(now=NOW, ask=Web())
        second = house.approved(**linked(WEB))
        gate_run(actor=house.office, item_id=second.pk, now=NOW + HOUR)
        assert links_due(now=NOW + HOUR, most=9) == []
        gate_run(actor=house.office, item_id=second.pk, now=NOW + timedelta(days=2))
        assert links_due(now=NOW + timedelta(days=2), most=9) == [WEB]


class TestDeadLinks:
    def test_are_those_of_public_items_that_did_not_open_twice(self, house: House) -> None:
        publication = house.published(**linked(WEB))
        seen: list[list[tuple[int, str]]] = []
        for hours in (0, 6):
            links_check(now=NOW + hours * HOUR, ask=Web(reachable=False, status=410))
            found = dead_links(actor=house.office, at=NOW + hours * HOUR)
            seen.append([(one.item.pk, one.url) for one in found])
        assert seen == [[], [(publication.item_id, WEB)]]
        assert dead_links(actor=Actor.anonymous(), at=NOW + 6 * HOUR) == []

    def test_a_correction_without_the_link_ends_it(self, house: House) -> None:
        publication = house.published(**linked(WEB))
        for hours in (0, 6):
            links_check(now=NOW + hours * HOUR, ask=Web(reachable=False, status=410))
        body = ({"id": "a", "type": "paragraph", "value": "<p>各单位按照要求公开有关信息。</p>"},)
        house.edit(publication.item, now=NOW + 7 * HOUR, body=body)
        house.approve(fresh(publication.item), now=NOW + 7 * HOUR)
        publication_make(actor=house.office, item_id=publication.item_id, now=NOW + 8 * HOUR)
        assert dead_links(actor=house.office, at=NOW + 9 * HOUR) == []
        assert links_due(now=NOW + timedelta(days=30), most=9) == []


class TestOverTheNetwork:
    @pytest.fixture
    def site(self) -> Iterator[Site]:
        with running() as found:
            yield found

    def asked(self, house: House, url: str) -> LinkCheck:
        item = house.published().item
        row = LinkCheck.objects.create(url=url, due_at=NOW)
        LinkUse.objects.create(revision=item.head, link=row)
        sweep_links()
        row.refresh_from_db()
        return row

    def test_a_site_that_the_operator_allows_is_asked(self, house: House, site: Site, settings: LazySettings) -> None:
        settings.LINK_CHECK_INSIDE = ["127.0.0.0/8"]
        assert self.asked(house, site.url("/404")).status == 404
        assert site.asked == [("HEAD", "/404"), ("GET", "/404")]

    def test_the_inside_is_not_asked_though_a_row_names_it(self, house: House, site: Site) -> None:
        row = self.asked(house, site.url("/200"))
        assert (row.reachable, row.problem, site.asked) == (False, "inside", [])

"""A document that others cite is taken down: they are found, their owners told once, and the gate warns."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongkai.features.disclosure.models import GateOverride, Item
from gongkai.features.disclosure.selectors.gate import citing_withdrawn, overrides_lit
from gongkai.features.disclosure.selectors.releases import publication_alerts
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.gate import gate_run, override_agree, override_ask
from gongkai.features.disclosure.services.items import item_set_limited
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.features.disclosure.services.telling_release import tell_citing
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.notices.models import Notice
from tests.factories.world import TODAY
from tests.features.disclosure.released import NOW, House, fresh

pytestmark = pytest.mark.django_db
NUMBER = "青府发〔2026〕9号"
TITLE = "青溪县养老服务管理办法"
SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)


@pytest.fixture
def house() -> House:
    return House(short_route=True)


@pytest.fixture
def superior(house: House) -> Item:
    return house.published(title=TITLE, doc_no=NUMBER).item


def citing(number: str = NUMBER) -> dict[str, object]:
    text = f"<p>根据《{TITLE}》（{number}）的规定，做好有关工作。</p>"
    return {"body": ({"id": "a", "type": "paragraph", "value": text},)}


def withdraw(house: House, item: Item, kind: str = "withdrawn") -> None:
    target = house.published().item_id if kind == "merged" else None
    publication_withdraw(
        actor=house.office, item_id=item.pk, kind=kind, reason="内容有误。", redirect_to=target, now=SOON
    )


def warned(house: House, item: Item) -> list[str]:
    run = gate_run(actor=house.office, item_id=item.pk, now=SOON)
    return [issue["sentence"] for issue in run.issues if issue["code"] == "gate.citation.withdrawn"]


class TestTakenDown:
    @pytest.mark.parametrize("kind", ["withdrawn", "error", "merged"])
    def test_public_items_that_cite_it_are_found_and_the_gate_warns(
        self, house: House, superior: Item, kind: str
    ) -> None:
        item, other = house.published(**citing()).item, house.published(**citing("青府发〔2025〕1号")).item
        assert citing_withdrawn(actor=house.office, at=SOON) == []
        withdraw(house, superior, kind)
        assert [(one.item.pk, one.refs) for one in citing_withdrawn(actor=house.office, at=SOON)] == [
            (item.pk, (NUMBER,))
        ]
        assert NUMBER in warned(house, item)[0] and warned(house, other) == []

    def test_is_said_of_what_is_still_on_its_way_too(self, house: House, superior: Item) -> None:
        item = house.approved(**citing())
        assert warned(house, item) == []
        withdraw(house, superior)
        assert len(warned(house, item)) == 1
        tell_citing(publication_id=superior.publications.get().pk, now=SOON)
        assert "待发布的" in Notice.objects.filter(kind="disclosure.citing_withdrawn").first().body

    def test_the_same_number_in_public_elsewhere_still_holds(self, house: House, superior: Item) -> None:
        house.published(**citing())
        house.published(title="同一文件的另一次公开", doc_no=NUMBER)
        withdraw(house, superior)
        assert citing_withdrawn(actor=house.office, at=SOON) == []

    def test_a_correction_without_the_citation_ends_it(self, house: House, superior: Item) -> None:
        item = house.published(**citing()).item
        withdraw(house, superior)
        body = ({"id": "a", "type": "paragraph", "value": "<p>做好有关工作，方便群众办事。</p>"},)
        house.edit(item, now=SOON, body=body)
        house.approve(fresh(item), now=SOON)
        publication_make(actor=house.office, item_id=item.pk, now=LATER)
        assert citing_withdrawn(actor=house.office, at=LATER) == []

    def test_strangers_do_not_see_limited_ones(self, house: House, superior: Item) -> None:
        item = house.published(**citing()).item
        item_set_limited(actor=house.office, item_id=item.pk, limited=True, reason="修订稿不公开", now=NOW)
        withdraw(house, superior)
        assert citing_withdrawn(actor=house.authority, at=SOON) == []
        assert len(citing_withdrawn(actor=house.office, at=SOON)) == 1


class TestTelling:
    def told(self) -> set[int]:
        return set(Notice.objects.filter(kind="disclosure.citing_withdrawn").values_list("recipient_id", flat=True))

    def test_authors_and_office_of_the_citing_item_are_told_by_the_event_once(
        self, house: House, superior: Item, django_capture_on_commit_callbacks: object
    ) -> None:
        item = house.published(**citing()).item
        publication = superior.publications.get()
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            withdraw(house, superior)
        run_jobs(raise_errors=True)
        assert self.told() >= {house.drafter.user_id, house.office.user_id}
        notice = Notice.objects.filter(kind="disclosure.citing_withdrawn", recipient_id=house.drafter.user_id).get()
        assert NUMBER in notice.body and item.title in notice.title
        before = Notice.objects.count()
        assert tell_citing(publication_id=publication.pk, now=LATER) == 0
        assert Notice.objects.count() == before

    def test_it_stays_on_the_worklist_until_it_is_mended(self, house: House, superior: Item) -> None:
        item = house.published(**citing()).item
        withdraw(house, superior)
        lit = [one for one in publication_alerts(actor=house.drafter, today=TODAY) if one.kind == "citing"]
        assert [(one.item_id, NUMBER in one.text) for one in lit] == [(item.pk, True)]
        assert publication_alerts(actor=house.actor(Role.DRAFTER, house.world.justice), today=TODAY) == []

    def test_a_limited_title_stands_in_no_notice(self, house: House, superior: Item) -> None:
        item = house.published(**citing()).item
        item_set_limited(actor=house.office, item_id=item.pk, limited=True, reason="修订稿不公开", now=NOW)
        withdraw(house, superior)
        tell_citing(publication_id=superior.publications.get().pk, now=SOON)
        told = Notice.objects.filter(kind="disclosure.citing_withdrawn")
        assert told.exists()
        assert not [one for one in told if item.title in one.title + one.body]


class TestOverridesLit:
    def test_stay_lit_exactly_while_that_content_is_public(self, house: House) -> None:
        item = house.draft(title="关于中华人民共合国成立纪念日有关安排的通知")
        gate_run(actor=house.office, item_id=item.pk, now=NOW)
        run = item.gate_runs.latest("pk")
        for key in [issue["key"] for issue in run.issues if issue["stops"] and issue["overridable"]]:
            asked = override_ask(actor=house.drafter, item_id=item.pk, key=key, reason="原文如此。", now=NOW)
            override_agree(actor=house.office, override_id=asked.pk, now=NOW)
        assert GateOverride.objects.exists()
        assert overrides_lit(actor=house.office, at=NOW) == []
        house.approve(item)
        publication_make(actor=house.office, item_id=item.pk, now=NOW)
        assert {one.pk for one in overrides_lit(actor=house.office, at=NOW)} == set(
            GateOverride.objects.values_list("pk", flat=True)
        )
        assert overrides_lit(actor=house.actor(Role.DRAFTER, house.world.justice), at=NOW) == []
        withdraw(house, item)
        assert overrides_lit(actor=house.office, at=SOON) == []

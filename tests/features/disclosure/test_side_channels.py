"""What a limited item's title, a withdrawn file or an unpublished text might leak through: pages, headers, records, mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.features.disclosure.models import GateOverride, Item, Schedule
from gongkai.features.disclosure.services import bundles, due
from gongkai.features.disclosure.services.attachments import attachment_add, attachment_replace
from gongkai.features.disclosure.services.drafts import item_autosave, item_editing
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.gate import gate_run, override_agree, override_ask
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.features.disclosure.services.schedules import schedule_set
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.clocks.models import StoredClock
from gongkai.kernel.jobs.models import JobFailure
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.notices.models import Notice
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import NOW, SYSTEM, TODAY
from tests.features.disclosure.staff.desk import browser, page_of, url

pytestmark = pytest.mark.django_db
SECRET = "中华人民共合国某企业处罚线索核查情况"
LATER = NOW + timedelta(hours=2)


def records() -> dict[str, list[str]]:
    """Everything that is written down or sent beside the item itself, and is read by others than its insiders."""
    return {
        "audit": [f"{e.summary} {e.details}" for e in Entry.objects.all()],
        "notices": [f"{n.title} {n.body}" for n in Notice.objects.all()],
        "mail": [f"{one.subject} {one.body}" for one in mail.outbox],
        "clocks": [clock.title for clock in StoredClock.objects.all()],
        "failures": [f"{one.error} {one.trace}" for one in JobFailure.objects.all()],
    }


def leaks() -> dict[str, list[str]]:
    return {name: found for name, texts in records().items() if (found := [text for text in texts if SECRET in text])}


class TestRecords:
    """A limited item's title stands in no audit entry, notice, mail, clock or log."""

    @pytest.fixture(autouse=True)
    def with_addresses(self, bureau: Bureau) -> None:
        for user in User.objects.all():
            User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.invalid")

    def approved(self, bureau: Bureau) -> Item:
        item = bureau.decide(bureau.draft(limited=True, title=SECRET))
        gate_run(actor=bureau.office, item_id=item.pk, now=NOW)
        run = fresh(item).gate_runs.latest("pk")
        for key in [one["key"] for one in run.issues if one["stops"] and one["overridable"]]:
            asked = override_ask(actor=bureau.drafter, item_id=item.pk, key=key, reason="原文如此。", now=NOW)
            override_agree(actor=bureau.office, override_id=asked.pk, now=NOW)
        assert GateOverride.objects.exists()
        bureau.sign(bureau.circulate(item))
        return fresh(item)

    def test_of_gate_override_and_a_schedule_that_fails(self, bureau: Bureau) -> None:
        item = self.approved(bureau)
        schedule_set(actor=bureau.office, item_id=item.pk, publish_at=LATER, now=NOW)
        Item.objects.filter(pk=item.pk).update(state="approved")
        bureau.edit(item)
        Item.objects.filter(pk=item.pk).update(state="scheduled")
        due.schedules_run(actor=SYSTEM, now=LATER)
        assert Schedule.objects.get().state == "failed"
        run_jobs(raise_errors=False)
        assert Notice.objects.filter(kind="disclosure.schedule_alarm").exists()
        assert leaks() == {}

    def test_of_a_schedule_that_is_late(self, bureau: Bureau) -> None:
        item = self.approved(bureau)
        schedule_set(actor=bureau.office, item_id=item.pk, publish_at=LATER, now=NOW)
        due.schedules_alarm(actor=SYSTEM, now=LATER + timedelta(minutes=5))
        run_jobs(raise_errors=False)
        assert leaks() == {}

    def test_of_a_bundle_that_fails(self, bureau: Bureau) -> None:
        item, other = self.approved(bureau), bureau.approved()
        bundle = bundles.bundle_create(actor=bureau.office, unit_id=bureau.unit.pk, title="组合", now=NOW)
        for one in (item, other):
            bundles.bundle_add(actor=bureau.office, bundle_id=bundle.pk, item_id=one.pk, now=NOW)
        bundles.bundle_schedule(actor=bureau.office, bundle_id=bundle.pk, publish_at=LATER, now=NOW)
        Item.objects.filter(pk=item.pk).update(state="approved")
        bureau.edit(item)
        due.schedules_run(actor=SYSTEM, now=LATER)
        assert Schedule.objects.get().state == "failed"
        run_jobs(raise_errors=False)
        assert leaks() == {}


class TestPages:
    @pytest.fixture
    def item(self, bureau: Bureau) -> Item:
        item = bureau.decide(bureau.draft(limited=True, title=SECRET))
        attachment_add(actor=bureau.drafter, item_id=item.pk, name="线索清单.txt", upload="甲公司".encode(), now=NOW)
        bureau.edit(item)
        changes = {"title": SECRET + "（改）"}
        version = fresh(item).draft_version
        item_autosave(actor=bureau.drafter, item_id=item.pk, draft_version=version, changes=changes, now=NOW)
        item_editing(actor=bureau.drafter, item_id=item.pk, now=timezone.now())
        return fresh(item)

    def below(self, pk: int) -> list[str]:
        """Every address of the staff that names the item by its number alone."""
        from gongkai.features.disclosure.staff.urls import urlpatterns

        found = []
        for pattern in urlpatterns:
            converters = set(pattern.pattern.converters)
            if converters == {"item_id"}:
                found.append(reverse(f"disclosure:staff:{pattern.name}", args=[pk]))
            elif converters == {"item_id", "number"}:
                found.append(reverse(f"disclosure:staff:{pattern.name}", kwargs={"item_id": pk, "number": 1}))
        return found

    @pytest.mark.parametrize("who", ["supervisor", "authority", "administrator", "superuser", "colleague", "visitor"])
    def test_no_address_below_the_item_tells_an_outsider_that_it_is_there(
        self, bureau: Bureau, item: Item, who: str
    ) -> None:
        client = self.client_of(bureau, who)
        addresses = self.below(item.pk)
        assert len(addresses) > 8
        for address, other in zip(addresses, self.below(999_999), strict=True):
            for method in (client.get, client.head, client.post):
                response, nothing = method(address), method(other)
                assert response.status_code == nothing.status_code in {302, 403, 404, 405}, (address, response)
                told = page_of(response)
                assert SECRET not in told and "线索" not in told, address

    def client_of(self, bureau: Bureau, who: str) -> Client:
        world = bureau.world
        if who == "visitor":
            return Client()
        if who == "superuser":
            client = Client()
            client.force_login(
                User.objects.create_superuser("root", "r@example.invalid", "p"),
                backend="django.contrib.auth.backends.ModelBackend",
            )
            return client
        role, unit = {
            "supervisor": (Role.SUPERVISOR, bureau.unit),
            "authority": (Role.DISCLOSURE_OFFICE, world.office),
            "administrator": (Role.SYSTEM_ADMINISTRATOR, world.office),
            "colleague": (Role.UNIT_LEADER, bureau.unit),
        }[who]
        return browser(world.actor(role, unit))

    @pytest.mark.parametrize("who", ["supervisor", "authority", "administrator", "superuser", "colleague"])
    def test_no_list_or_search_of_the_staff_tells_its_title(self, bureau: Bureau, item: Item, who: str) -> None:
        client = self.client_of(bureau, who)
        for address in (
            "/admin/", f"/admin/disclosure/items/?text={SECRET[:8]}", "/admin/disclosure/release/", "/admin/audit/",
            "/admin/jobs/", "/admin/notices/", "/admin/disclosure/reviews/", "/admin/disclosure/timeliness/",
            "/admin/disclosure/bundles/", "/admin/clocks/", f"/admin/search/?q={SECRET[:8]}", "/admin/disclosure/review/",
        ):  # fmt: skip
            assert SECRET not in page_of(client.get(address, follow=True)), address

    def test_pages_of_insiders_are_kept_by_no_cache_on_the_way(self, bureau: Bureau, item: Item) -> None:
        client = browser(bureau.drafter)
        for address in self.below(item.pk):
            response = client.get(address)
            if response.status_code == 200:
                assert {"private", "no-store"} & set(response["Cache-Control"].replace(" ", "").split(",")), address

    def test_role_taken_away_in_the_middle_of_a_session_counts_at_once(self, bureau: Bureau, item: Item) -> None:
        client = browser(bureau.drafter)
        address = url("item_detail", item.pk)
        assert client.get(address).status_code == 200
        Post.objects.filter(user_id=bureau.drafter.user_id).update(until_on=TODAY - timedelta(days=1))
        assert client.get(address).status_code in {302, 403, 404}


class TestPublicFiles:
    """A file of what is public, by every way of asking: as long as it is public and not a moment longer."""

    def published(self, bureau: Bureau) -> tuple[Item, Any]:
        now = timezone.now() - timedelta(hours=1)
        item = bureau.decide(bureau.draft())
        ref = attachment_add(actor=bureau.drafter, item_id=item.pk, name="a.txt", upload=b"first", now=now)
        bureau.sign(bureau.circulate(fresh(item), now=now), now=now)
        publication_make(actor=bureau.office, item_id=item.pk, now=now)
        return fresh(item), ref

    def address(self, item: Item, ref: Any) -> str:
        return reverse("disclosure:public:item_file", args=[item.uid, ref.file_id, ref.name])

    def asked(self, address: str, tag: str = '"x"') -> list[tuple[int, bytes]]:
        """Status and bytes of every way of asking; ``tag`` is what a browser remembers of an earlier answer."""
        ways: list[dict[str, str]] = [
            {},
            {"range": "bytes=0-2"},
            {"if-none-match": tag},
            {"if-modified-since": "Wed, 01 Jan 2031 00:00:00 GMT"},
        ]
        answers = [Client().get(address, headers=more) for more in ways] + [Client().head(address)]
        return [(one.status_code, b"".join(one)) for one in answers]

    def test_is_gone_by_every_way_once_it_is_withdrawn(self, bureau: Bureau) -> None:
        item, ref = self.published(bureau)
        address = self.address(item, ref)
        before = Client().get(address)
        assert (before.status_code, b"".join(before)) == (200, b"first")
        assert before["Cache-Control"] in {"no-cache", "no-store", "private, no-store"}
        assert {status for status, _ in self.asked(address)} <= {200, 206, 304}
        publication_withdraw(
            actor=bureau.office, item_id=item.pk, kind="withdrawn", reason="内容有误。", now=timezone.now()
        )
        for status, body in self.asked(address, tag=before["ETag"]):
            assert status == 404
            assert b"first" not in body

    def test_of_an_earlier_version_is_gone_after_a_correction(self, bureau: Bureau) -> None:
        item, old = self.published(bureau)
        now = timezone.now()
        new = attachment_replace(
            actor=bureau.drafter, item_id=item.pk, file_id=old.file_id, name="a.txt", upload=b"second", now=now
        )
        assert self.asked(self.address(item, old))[0] == (200, b"first")
        assert self.asked(self.address(item, new))[0][0] == 404
        bureau.sign(bureau.circulate(fresh(item), now=now), now=now)
        publication_make(actor=bureau.office, item_id=item.pk, now=timezone.now())
        assert self.asked(self.address(item, new))[0] == (200, b"second")
        assert {status for status, _ in self.asked(self.address(item, old))} == {404}
        stranger = browser(bureau.world.actor(Role.DRAFTER, bureau.world.justice))
        for file_id in (old.file_id, new.file_id):
            assert Client().get(f"/admin/files/{file_id}/download/").status_code == 302
        assert stranger.get(f"/admin/files/{old.file_id}/download/").status_code == 404

    def test_staff_file_of_a_limited_item_is_closed_by_every_way(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft(limited=True))
        ref = attachment_add(actor=bureau.drafter, item_id=item.pk, name="s.txt", upload=b"secret", now=NOW)
        address = f"/admin/files/{ref.file_id}/download/"
        mine = browser(bureau.drafter).get(address)
        assert (mine.status_code, mine["Cache-Control"], b"".join(mine)) == (200, "private, no-store", b"secret")
        stranger = browser(bureau.world.actor(Role.SUPERVISOR, bureau.unit))
        for more in ({}, {"range": "bytes=0-2"}, {"if-none-match": "*"}):
            for method in (stranger.get, stranger.head):
                response = method(address, headers=more)
                assert response.status_code in {403, 404}
                assert "s.txt" not in page_of(response)


class TestVisitors:
    @pytest.mark.parametrize(
        "address", ["/api/v2/pages/", "/api/v1/items/", "/django-admin/", "/documents/1/a.txt", "/images/1/"]
    )
    def test_no_other_door_is_there(self, db: None, address: str) -> None:
        assert Client().get(address).status_code == 404

    def test_anything_but_what_is_public_is_not_found(self, bureau: Bureau) -> None:
        items = [bureau.draft(title=SECRET), bureau.approved(title=SECRET), bureau.approved("withheld", title=SECRET)]
        for item in items:
            for name in ("item_detail", "item_proof"):
                response = Client().get(reverse(f"disclosure:public:{name}", args=[item.uid]))
                assert response.status_code == 404
                assert SECRET not in page_of(response)
        for address in ("/", "/info/", f"/info/?q={SECRET[:6]}"):
            assert SECRET not in page_of(Client().get(address)).replace(f'value="{SECRET[:6]}"', "")

    def test_the_live_check_answers_staff_alone_and_tells_nothing_of_items(self, bureau: Bureau) -> None:
        response = Client().post(reverse("disclosure:staff:check"), {}, content_type="application/json")
        assert response.status_code in {302, 403}
        assert Actor.anonymous().grants == frozenset()

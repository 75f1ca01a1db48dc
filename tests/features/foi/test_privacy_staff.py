"""The back office: whoever is not of the unit that was asked learns nothing of a case, by any address, in any role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.features.foi.models import (
    AmendmentRequest,
    AnswerTemplate,
    Applicant,
    BatchRun,
    Campaign,
    CaseHold,
    CaseRemedy,
    DestructionList,
    LogEntry,
    ProactiveProposal,
    Retrieval,
)
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from tests.config.test_every_address import ADDRESSES, BEFORE_A_POST, LOOK, PRESS, _address
from tests.factories.foi import Desk
from tests.factories.once import made_once
from tests.factories.world import World
from tests.features.foi.planted import ASKED, PERSON, REASON, Planted, client_of, plant, strangers, traces

pytestmark = pytest.mark.django_db
OURS = sorted(name for name in ADDRESSES if name.startswith("foi:staff:"))
SEES_CASES = {Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD, Role.LEGALITY_REVIEWER, Role.UNIT_LEADER}
PRESSING = {*SEES_CASES, Role.SUPERVISOR, Role.SYSTEM_ADMINISTRATOR}
"""Roles that press every button in the long test; the others, which have no business with cases anywhere, look and press
what has no page of its own."""
WORDS = {
    "verb": "accept",
    "code": "L01_receipt",
    "table": "applications",
    "row": "new_received",
    "column": "total",
    "act": "accept",
    "step": "assign",
    "kind": "zip",
    "page": 1,
}
"""Words in addresses that name no object."""
STRANGERS = [
    *(("finance", role) for role in Role),
    ("office", Role.DISCLOSURE_OFFICE_HEAD),
    ("office", Role.SUPERVISOR),
]
"""Who is not of the unit: every role of another one, and those of the disclosure authority that see most."""
OWN_MATTER = {"foi:staff:report_list"}
"""Addresses without an object: everybody gets those of the own unit, and another unit's figures are counted without ours."""


def needed(name: str) -> list[str]:
    return re.findall(r"<(?:\w+:)?(\w+)>", ADDRESSES[name])


def objects(planted: Planted) -> dict[str, int]:
    """One object of the unit for every word of an address that names one: a new word needs a line here."""
    application, unit, today, now = planted.application, planted.desk.unit, planted.desk.today, timezone.now()
    other = planted.desk.taken().application
    rows: dict[str, Any] = {
        "application_id": application,
        "other_id": other,
        "paper_id": planted.papers["letter"],
        "unit_id": unit,
        "answer_id": AnswerTemplate.objects.create(unit=unit, title="守密水库的答复", letter="L01_receipt"),
        "remedy_id": CaseRemedy.objects.create(
            application=application, number=1, kind="reconsideration", filed_on=today, changed_at=now
        ),
        "retrieval_id": Retrieval.objects.create(
            application=application,
            number=1,
            division=unit,
            ref="档案室",
            wanted="守密水库的验收意见",
            stage="sent",
            sent_on=today,
            due_on=today,
            changed_at=now,
        ),
        "campaign_id": Campaign.objects.create(unit=unit, name="守密水库", created_by_name="甲", created_at=now),
        "run_id": BatchRun.objects.create(
            unit=unit, step="accept", title="守密水库", values={}, created_by_name="甲", created_at=now
        ),
        "entry_id": LogEntry.objects.create(
            application=application, title="守密水库", proposed_on=today, ready_on=today
        ),
        "proposal_id": ProactiveProposal.objects.create(
            unit=unit, source="repeated", subject="守密水库", applicants=3, since=today, until=today,
            opened_on=today, due_on=today,
        ),
        "list_id": DestructionList.objects.create(unit=unit, year=today.year, drawn_by_name="甲", drawn_at=now),
        "hold_id": CaseHold.objects.create(
            application=application, reason="守密水库的诉讼", placed_by_name="甲", placed_at=now
        ),
        "amendment_id": AmendmentRequest.objects.create(
            unit=unit,
            register_no="G2026-0001",
            query_code="ACDEFGHJKMNP",
            applicant=Applicant.objects.create(kind="natural_person", name="诸葛守密"),
            channel="in_person",
            record="守密水库移民登记",
            wrong="姓名有误",
            wanted="改正",
            started_on=today,
            stage="received",
            created_at=now,
            changed_at=now,
        ),
    }  # fmt: skip
    return {name: row.pk for name, row in rows.items()}


@pytest.fixture(scope="module")
def planted(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Planted]:
    with made_once(django_db_blocker, PROOF_WORK=0, FILES_DIR=tmp_path_factory.mktemp("files")):
        yield plant(Desk(World(), timezone.localdate()))


@pytest.fixture(autouse=True)
def file_store_of_its_own() -> None:
    """The papers lie where ``planted`` put them."""


@pytest.fixture
def known(planted: Planted) -> dict[str, Any]:
    """A value for every word of an address."""
    return {**objects(planted), **WORDS}


def asked(client: Client, name: str, address: str, *, press: bool = True) -> dict[str, Any]:
    """A look (not at buttons, which answer none) and a press."""
    looked = {} if name in PRESS else {"get": client.get(address)}
    pressed = {"post": client.post(address, {"reason": REASON, "on": "2026-03-02"})} if press or not looked else {}
    return {**looked, **pressed}


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


class TestAnotherUnit:
    def test_every_word_of_an_address_is_known(self) -> None:
        words = {word for name in OURS for word in needed(name)}
        assert words <= {*WORDS, *OBJECTS}, words - {*WORDS, *OBJECTS}

    @pytest.mark.parametrize(("where", "role"), STRANGERS, ids=lambda one: str(one))
    def test_every_role_gets_not_found_for_everything_of_the_unit(
        self, planted: Planted, known: dict[str, Any], where: str, role: Role
    ) -> None:
        world = planted.desk.world
        user = world.person(role, getattr(world, where))
        client, press = client_of(user), role in PRESSING
        wrong = {}
        for name in OURS:
            kwargs = {word: known[word] for word in needed(name)}
            if not kwargs or name in OWN_MATTER:
                continue
            for method, answer in asked(client, name, reverse(name, kwargs=kwargs), press=press).items():
                told = traces(body_of(answer) + str(answer.headers).encode(), planted.everything)
                if answer.status_code not in (404, 405) or told:
                    wrong[name, method] = (answer.status_code, told)
        assert wrong == {}
        tried = Entry.objects.filter(actor_id=user.pk)
        assert not tried.exclude(action__startswith="accounts.").exists()

    @pytest.mark.usefixtures("known")
    def test_their_own_pages_know_nothing_of_it(self, planted: Planted) -> None:
        people = strangers(planted.desk, planted.desk.world.finance)
        people[Role.SUPERVISOR] = planted.desk.world.person(Role.SUPERVISOR, planted.desk.world.office)
        found = {}
        for role, user in people.items():
            client = client_of(user)
            for name in OURS:
                if needed(name) and name not in OWN_MATTER:
                    continue
                kwargs = {word: WORDS[word] for word in needed(name)}
                answer = client.get(reverse(name, kwargs=kwargs), {"q": "除险加固", "text": "除险加固"})
                page = body_of(answer)
                if told := traces(page, planted.everything):
                    found[role.value, name] = told
        assert found == {}

    def test_papers_are_no_files_of_theirs(self, planted: Planted) -> None:
        for user in strangers(planted.desk, planted.desk.world.finance).values():
            for paper in planted.papers.values():
                assert client_of(user).get(f"/admin/files/{paper.file_id}/download/").status_code == 404

    @pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.DISCLOSURE_OFFICE_HEAD, Role.SUPERVISOR])
    def test_no_other_page_of_the_back_office_tells_it(self, planted: Planted, role: Role) -> None:
        """Finds, lists, exports, the audit trail, jobs and notices, in the roles that see most of them."""
        client = client_of(planted.desk.world.person(role, planted.desk.world.office))
        found = {}
        others = sorted({*LOOK, *PRESS, *BEFORE_A_POST} - set(OURS))
        for name in others:
            answer = client.get(_address(name), {"q": "除险加固", "search": "诸葛", "words": "除险加固"})
            page = body_of(answer)
            if told := traces(page, planted.everything):
                found[name] = told
        assert found == {}

    def test_wagtail_s_own_pages_tell_nothing(self, planted: Planted) -> None:
        client = client_of(planted.desk.world.person(Role.SYSTEM_ADMINISTRATOR, planted.desk.world.office))
        pages = ("", "pages/", "documents/", "images/", "reports/site-history/", "reports/locked/", "reports/aging-pages/",
                 "pages/search/?q=除险加固", "documents/?q=诸葛", "images/?q=诸葛")  # fmt: skip
        for page in pages:
            answer = client.get(f"/admin/{page}", follow=True)
            assert answer.status_code in (200, 403, 404), page
            assert traces(body_of(answer), planted.everything) == [], page

    def test_there_is_no_other_admin(self) -> None:
        for path in ("/django-admin/", "/admin/auth/", "/admin/foi/application/", "/admin/sessions/"):
            assert client_of(None).get(path).status_code in (302, 404)


class TestOwnUnit:
    @pytest.mark.parametrize("role", [role for role in Role if role not in SEES_CASES], ids=lambda role: role.value)
    def test_colleagues_with_other_work_see_nothing(self, planted: Planted, role: Role) -> None:
        client = client_of(planted.desk.world.person(role, planted.desk.unit))
        for path in ("", "course/", "letters/"):
            assert client.get(f"/admin/foi/{planted.application.pk}/{path}").status_code == 404
        assert client.post(f"/admin/foi/{planted.application.pk}/file/").status_code == 404
        assert client.post(f"/admin/foi/{planted.application.pk}/applicant/", {"reason": REASON}).status_code == 404
        for paper in planted.papers.values():
            assert client.get(f"/admin/files/{paper.file_id}/download/").status_code == 404

    @pytest.mark.parametrize("role", [Role.LEGALITY_REVIEWER, Role.UNIT_LEADER])
    def test_who_judges_reads_masked_and_opens_nothing(self, planted: Planted, role: Role) -> None:
        client = client_of(planted.desk.world.person(role, planted.desk.unit))
        page = client.get(f"/admin/foi/{planted.application.pk}/")
        assert traces(page.content, planted.person) == [] and traces(page.content, ASKED) == list(ASKED)
        before = Entry.objects.count()
        assert client.post(f"/admin/foi/{planted.application.pk}/applicant/", {"reason": REASON}).status_code == 403
        proof = planted.papers["identity"]
        assert client.post(f"/admin/foi/papers/{proof.pk}/identity/", {"reason": REASON}).status_code == 403
        assert client.post(f"/admin/foi/{planted.application.pk}/file/").status_code == 403
        assert client.get(f"/admin/files/{proof.file_id}/download/").status_code == 404
        assert Entry.objects.count() == before

    def test_the_office_sees_masked_until_it_opens_with_a_reason(self, planted: Planted) -> None:
        client = client_of(planted.user)
        address = f"/admin/foi/{planted.application.pk}/"
        assert traces(client.get(address).content, PERSON) == []
        assert traces(client.get("/admin/foi/").content, PERSON) == []
        before = Entry.objects.filter(action="sealed.value.unmask").count()
        refused = client.post(f"{address}applicant/", {"reason": " "})
        assert refused.status_code == 422 and traces(refused.content, PERSON) == []
        opened = client.post(f"{address}applicant/", {"reason": "电话核实"})
        assert set(traces(opened.content, PERSON)) == set(PERSON)
        assert Entry.objects.filter(action="sealed.value.unmask").count() == before + 1

    def test_the_archive_of_the_case_holds_no_proof_of_identity(self, planted: Planted, tmp_path: Path) -> None:
        import zipfile
        from io import BytesIO

        answer = client_of(planted.user).post(f"/admin/foi/{planted.application.pk}/file/")
        with zipfile.ZipFile(BytesIO(body_of(answer))) as archive:
            names = archive.namelist()
            texts = b"".join(archive.read(name) for name in names if name.endswith((".txt", ".json")))
        assert not [name for name in names if "身份" in name]
        assert traces(" ".join(names).encode() + texts, planted.person) == []

    def test_no_page_of_a_case_stays_in_a_browser(self, planted: Planted, known: dict[str, Any]) -> None:
        client = client_of(planted.user)
        kept = {}
        for name in OURS:
            kwargs = {word: known[word] for word in needed(name)}
            for method, answer in asked(client, name, reverse(name, kwargs=kwargs)).items():
                if answer.status_code in (200, 422) and "no-store" not in answer.get("Cache-Control", ""):
                    kept[name, method] = answer.get("Cache-Control", "")
        assert kept == {}

    def test_no_address_carries_anything_of_the_matter(self, planted: Planted) -> None:
        client = client_of(planted.user)
        for path in ("", f"{planted.application.pk}/", f"{planted.application.pk}/letters/"):
            page = client.get(f"/admin/foi/{path}").content.decode()
            links = [part.split('"')[0] for part in page.split('href="')[1:] + page.split('action="')[1:]]
            assert traces(" ".join(links), planted.everything) == []


OBJECTS = {
    "application_id", "other_id", "paper_id", "unit_id", "answer_id", "remedy_id", "retrieval_id", "campaign_id",
    "run_id", "entry_id", "proposal_id", "list_id", "hold_id", "amendment_id",
}  # fmt: skip

"""The sample city: alike for the same day, alone in its installation, and gone when removed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from gongkai.cli.demo import demo_signins
from gongkai.cli.demo.documents import PLAN_NAME, TABLE_NAME, content, plan_docx, table_xlsx
from gongkai.cli.demo.loading import PASSWORD, SYSTEM, demo_load, loaded_at
from gongkai.cli.demo.removal import demo_remove, entered_since
from gongkai.domain.ledger import Light, State
from gongkai.features.workplans import selectors as plans
from gongkai.features.workplans.selectors import ItemFilters
from gongkai.kernel.audit.selectors import chain_verify
from gongkai.kernel.errors import Refused
from gongkai.kernel.orgs.services import NewUnit, unit_create

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def load() -> None:
    demo_load(now=NOW, tell=lambda line: None)


def ledger_digest() -> str:
    """A digest of what the ledger says, without ids."""
    statement = (
        "SELECT p.title, i.number, i.title, i.state, i.due_on, i.standing, i.percent, "
        "(SELECT count(*) FROM workplans_evidence e WHERE e.item_id = i.id), "
        "(SELECT string_agg(c.label || c.state, ',' ORDER BY c.label, c.state) FROM workplans_check c WHERE c.item_id = i.id) "
        "FROM workplans_workitem i JOIN workplans_workplan p ON p.id = i.plan_id ORDER BY 1, 2, 3"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()


class TestExamples:
    def test_examples_are_what_the_texts_say(self) -> None:
        assert (EXAMPLES / PLAN_NAME).read_bytes() == plan_docx()
        assert (EXAMPLES / TABLE_NAME).read_bytes() == table_xlsx()


@pytest.mark.django_db
class TestLoad:
    def test_is_refused_beside_real_data(self) -> None:
        unit_create(actor=SYSTEM, new=NewUnit(kind="government", name="真实县人民政府", parent_id=None), now=NOW)
        with pytest.raises(Refused) as refused:
            load()
        assert refused.value.codes() == ["demo.beside_data"]
        assert loaded_at() is None


@pytest.mark.django_db(transaction=True)
class TestRemove:
    def test_what_fills_every_screen_is_gone_afterwards_and_a_second_load_is_alike(self) -> None:
        """One story, since a load is the dearest step of it."""
        assert demo_signins() == []
        load()
        _every_screen_is_filled_and_every_shown_person_gets_in()
        with pytest.raises(Refused) as refused:
            load()
        assert refused.value.codes() == ["demo.loaded_already"]
        first = ledger_digest()
        assert entered_since() > 100
        demo_remove(tell=lambda line: None)
        assert loaded_at() is None
        assert not settings.FILES_DIR.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT (SELECT count(*) FROM orgs_unit), (SELECT count(*) FROM accounts_user)")
            assert cursor.fetchone() == (0, 0)
            cursor.execute("SELECT (SELECT count(*) FROM workplans_workitem), (SELECT count(*) FROM audit_entry)")
            # These stand in every new installation: its directory of columns, and its site with a first page.
            assert cursor.fetchone() == (0, 3)
        load()
        assert ledger_digest() == first

    def test_is_refused_where_nothing_is_loaded(self) -> None:
        with pytest.raises(Refused) as refused:
            demo_remove(tell=lambda line: None)
        assert refused.value.codes() == ["demo.not_loaded"]


def _every_screen_is_filled_and_every_shown_person_gets_in() -> None:
    clerk = plans.item_list(actor=SYSTEM, filters=ItemFilters(), order="number", size=500, today=NOW.date())
    states = {row.state for row in clerk.rows}
    assert {State.IN_PROGRESS, State.SUBMITTED, State.ACCEPTED, State.CLOSED} <= states
    assert {Light.OVERDUE, Light.NEAR, Light.ON_TRACK, Light.DONE} <= {row.light for row in clerk.rows}
    assert len(plans.public_plan_list(today=NOW.date())) == 2
    assert chain_verify() == []
    for username, _ in content("people.yaml")["shown"]:
        browser = Client()
        answer = browser.post("/admin/login/", {"username": username, "password": PASSWORD})
        assert (username, answer.status_code) == (username, 302)
        for address in ("/admin/", "/admin/workplans/mine/", "/admin/workplans/items/", "/admin/notices/"):
            assert (username, address, browser.get(address).status_code) == (username, address, 200)
    _boards_of_applications_are_filled()
    assert any(PASSWORD in line for line in demo_signins())


def _boards_of_applications_are_filled() -> None:
    """Every board of the office's applications has something, and a letter was written."""
    clerk = Client()
    clerk.post("/admin/login/", {"username": "gongkai", "password": PASSWORD})
    for board in ("confirm", "overdue", "near", "waiting", "deciding", "ended"):
        page = clerk.get(f"/admin/foi/?board={board}").content.decode()
        assert (board, "这里没有申请" in page) == (board, False)
    assert "柳清扬" not in clerk.get("/admin/foi/").content.decode()

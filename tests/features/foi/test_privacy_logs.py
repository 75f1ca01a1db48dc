"""What a whole case leaves in logs, on error pages and in technical mails: nothing of the applicant, nothing asked for."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.conf import settings as configured
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from gongkai.config.logs import LineFormatter
from gongkai.features.foi import services
from gongkai.features.foi.models import Application
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.row_quotes import LEFT_OUT, without_rows
from tests.factories.foi import Desk
from tests.factories.world import World
from tests.features.foi.planted import ASKED, SUBJECT, client_of, form, plant, traces

pytestmark = pytest.mark.django_db
HELD_BACK = ("django.db.backends", "django.template")
"""They write down statements with their values, and all that a page is made from: held back whatever level is set."""


class Listening(logging.Handler):
    """Everything that any part of the program says, as the log would write it."""

    def __init__(self) -> None:
        super().__init__(level=1)
        told = configured.LOGGING["formatters"]["line"]
        self.setFormatter(LineFormatter(told["format"], style=told["style"]))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def heard() -> Iterator[Listening]:
    """All loggers at their most talkative, but for those that no operator can make so."""
    handler = Listening()
    found = [logging.getLogger()] + [
        one
        for name, one in logging.root.manager.loggerDict.items()
        if isinstance(one, logging.Logger) and not name.startswith(HELD_BACK)
    ]
    before = [(one, one.level, one.propagate, one.disabled) for one in found]
    for one in found:
        one.setLevel(1)
        one.propagate, one.disabled = True, False
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    for one, level, propagate, disabled in before:
        one.setLevel(level)
        one.propagate, one.disabled = propagate, disabled


@pytest.fixture
def desk(world: World, settings: LazySettings) -> Desk:
    settings.PROOF_WORK = 0
    return Desk(world, timezone.localdate())


class TestLogs:
    def test_a_whole_case_says_nothing_at_the_finest_level(self, desk: Desk, heard: Listening) -> None:
        planted = plant(desk)
        run_jobs()
        assert traces(heard.text, planted.everything) == []

    def test_even_with_every_statement_written_down_nobody_is_named(self, desk: Desk, heard: Listening) -> None:
        statements = logging.getLogger("django.db.backends")
        before, connection.force_debug_cursor = statements.level, True
        statements.setLevel(logging.DEBUG)
        try:
            planted = plant(desk)
        finally:
            statements.setLevel(before)
            connection.force_debug_cursor = False
        assert "INSERT INTO" in heard.text
        assert traces(heard.text, planted.person) == []

    @pytest.mark.parametrize("name", HELD_BACK)
    def test_what_would_tell_all_is_held_back_whatever_level_is_set(self, name: str) -> None:
        assert configured.DEBUG is False
        assert configured.LOGGING["loggers"][name] == {"level": "INFO"}
        assert logging.getLogger(name).getEffectiveLevel() >= logging.INFO

    def test_refused_and_wrong_requests_say_nothing(self, desk: Desk, heard: Listening) -> None:
        visitor = client_of(None)
        visitor.post("/apply/new/", form(desk, phone="", email="", address="", id_number=""))
        visitor.post("/apply/new/", form(desk, unit="x"))
        visitor.post("/apply/follow/", {"code": "ACDE-FGHJ-KMNP"})
        Client(enforce_csrf_checks=True).post("/apply/new/", form(desk))
        visitor.get("/apply/no-such-page/")
        assert "/apply/new/" in heard.text
        assert traces(heard.text, (*ASKED, "诸葛守密", "13877665544", "ACDE")) == []


class TestErrors:
    @pytest.fixture
    def broken(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """The database refuses the row of an application."""
        application = desk.taken().application

        def break_down(**more: object) -> None:
            with transaction.atomic():
                Application.objects.filter(pk=application.pk).update(subject=SUBJECT, stage="nonsense")

        monkeypatch.setattr(services, "application_submit_once", break_down)

    def test_the_page_tells_nothing_and_the_log_quotes_no_row(
        self, desk: Desk, heard: Listening, broken: None, settings: LazySettings
    ) -> None:
        settings.ADMINS = [("admin", "admin@example.net")]
        answer = client_of(None).post("/apply/new/", form(desk))
        page = answer.content.decode()
        assert answer.status_code == 500 and "系统出错" in page
        assert "application_stage_known" in heard.text and LEFT_OUT in heard.text
        assert traces(page + heard.text, (*ASKED, "诸葛守密", "13877665544", "97号9栋")) == []

    def test_no_technical_mail_goes_out(self, desk: Desk, broken: None) -> None:
        assert list(configured.ADMINS) == [] and list(configured.MANAGERS) == []
        client_of(None).post("/apply/new/", form(desk))
        assert mail.outbox == []

    @pytest.mark.parametrize(
        "path", ["/apply/no-such/", "/apply/figures/", "/api/v1/foi/no-such/", "/api/v1/foi/units/"]
    )
    def test_pages_of_errors_repeat_nothing_of_what_was_sent(self, desk: Desk, path: str) -> None:
        answer = client_of(None).post(path, form(desk))
        assert answer.status_code >= 400
        assert traces(answer.content, (*ASKED, "诸葛守密", "13877665544")) == []

    def test_forms_without_their_token_repeat_nothing(self, desk: Desk) -> None:
        answer = Client(enforce_csrf_checks=True).post("/apply/new/", form(desk))
        assert answer.status_code == 403
        assert traces(answer.content, (*ASKED, "诸葛守密", "13877665544")) == []


class TestRowQuotes:
    def test_the_row_is_left_out_and_the_rest_stays(self, desk: Desk) -> None:
        application = desk.taken().application
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            Application.objects.filter(pk=application.pk).update(subject=SUBJECT, stage="nonsense")
        error = refused.value
        assert traces(str(error), ASKED) == list(ASKED)
        told = without_rows(f"Traceback …\nIntegrityError: {error}\nmore", error)
        assert traces(told, ASKED) == []
        assert "application_stage_known" in told and told.endswith("more")

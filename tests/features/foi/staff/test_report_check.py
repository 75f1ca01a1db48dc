"""Checking an annual report that was written: its tables and text against the cases; several units each by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.features.foi.models import FeeDecision
from gongkai.features.foi.selectors.report import YearReport, year_report
from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from tests.factories.foi import Desk
from tests.factories.world import World

pytestmark = pytest.mark.django_db
CHECK = "/admin/foi/report/check/"


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, timezone.localdate())


@pytest.fixture
def person(desk: Desk) -> User:
    return desk.world.person(Role.DISCLOSURE_OFFICE, desk.unit)


@pytest.fixture
def client(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def report_of(desk: Desk) -> YearReport:
    found = year_report(year=desk.today.year, unit_ids=[desk.unit.pk])
    assert found is not None
    return found


def pasted(report: YearReport, **cells: str) -> dict[str, str]:
    """The tables of a report as its own page shows them; ``cells`` replaces one of table three."""
    numbers, others = report.applications.numbers(), report.disputes.numbers()
    three = [
        "\t".join(
            [
                row.label,
                *(cells.get(f"{row.code}_{c.code}", str(numbers[row.code][c.code])) for c in report.form.columns),
            ]
        )
        for row in report.form.rows
    ]
    four = [
        "\t".join(
            str(others[group.code][c.code]) for group in report.form.dispute_groups for c in report.form.dispute_columns
        )
    ]
    return {"applications": "\n".join(three), "disputes": "\n".join(four)}


def press(client: Client, **data: str) -> Any:
    answer = client.post(CHECK, data)
    return answer.status_code, answer.content.decode()


class TestCheck:
    def test_what_agrees_is_said_so_and_nothing_is_kept(self, desk: Desk, client: Client) -> None:
        desk.taken(now=timezone.now())
        before = Entry.objects.count()
        text = "本年新收政府信息公开申请1件，上年结转0件，结转下年度1件。"
        status, page = press(client, text=text, **pasted(report_of(desk)))
        assert status == 200 and "粘贴的内容核对相符" in page
        assert Entry.objects.count() == before

    def test_a_number_that_is_not_that_of_the_cases_is_told(self, desk: Desk, client: Client) -> None:
        desk.taken(now=timezone.now())
        _, page = press(client, **pasted(report_of(desk), new_received_natural_person="2"))
        assert "填写为2的" in page and "按台账应为1" in page and "两者应当相等" in page

    def test_empty_cells_and_numbers_of_the_text_are_told(self, desk: Desk, client: Client) -> None:
        desk.taken(now=timezone.now())
        _, page = press(client, text="本年新收5件。", **pasted(report_of(desk), partial_other_org="/"))
        assert "没有填写" in page and "正文“本年新收”写的是5件" in page

    def test_a_table_that_is_not_whole_and_nothing_at_all(self, desk: Desk, client: Client) -> None:
        status, page = press(client, applications="1\t2\t3")
        assert status == 200 and "表三应有25行" in page
        status, page = press(client)
        assert status == 422 and "请至少粘贴一项" in page

    def test_a_fee_that_is_not_told_is_asked_for(self, desk: Desk, client: Client) -> None:
        _, page = press(client, text="没有其他需要报告的事项。")
        assert not FeeDecision.objects.exists() and "核对相符" in page

    def test_who_sees_no_cases_checks_none(self, desk: Desk) -> None:
        stranger = Client()
        stranger.force_login(desk.world.person(Role.DRAFTER, desk.unit))
        assert stranger.get(CHECK).status_code == 403


class TestSeveralUnits:
    def test_each_can_be_looked_at_and_lists_keep_their_cases_apart(
        self, desk: Desk, person: User, client: Client
    ) -> None:
        other = Desk(desk.world, desk.today)
        other.unit = desk.world.finance
        other.clerk = desk.world.actor(Role.DISCLOSURE_OFFICE, other.unit, desk.today)
        mine, theirs = desk.taken(now=timezone.now()).application, other.taken(now=timezone.now()).application
        assert mine.register_no == theirs.register_no  # numbers are those of a unit
        since = timezone.now() - timedelta(days=400)
        Post.objects.create(
            user=person, unit=other.unit, role=Role.DISCLOSURE_OFFICE, from_on=since.date(), granted_at=since
        )
        page = client.get("/admin/foi/report/").content.decode()
        assert "全部合计" in page and "核对相符" in page
        listed = client.get("/admin/foi/report/applications/new_received/total/").content.decode()
        assert f"/admin/foi/{mine.pk}/" in listed and f"/admin/foi/{theirs.pk}/" in listed
        one = client.get(f"/admin/foi/report/applications/new_received/total/?unit={other.unit.pk}").content.decode()
        assert f"/admin/foi/{mine.pk}/" not in one and f"/admin/foi/{theirs.pk}/" in one

    def test_a_unit_that_is_not_one_s_own_cannot_be_asked_for(self, desk: Desk, client: Client) -> None:
        other = Desk(desk.world, desk.today)
        other.unit = desk.world.finance
        other.clerk = desk.world.actor(Role.DISCLOSURE_OFFICE, other.unit, desk.today)
        theirs = other.taken(now=timezone.now()).application
        address = f"/admin/foi/report/applications/new_received/total/?unit={other.unit.pk}"
        assert f"/admin/foi/{theirs.pk}/" not in client.get(address).content.decode()

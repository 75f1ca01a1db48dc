from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.world import World

from gongkai.domain.ledger import State
from gongkai.features.workplans.selectors import UnitOverview
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.notices.services import notice_send
from gongkai.workbench import panels

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def home_of(user: object) -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get("/admin/")
    assert response.status_code == 200
    return response.content.decode()


class TestHome:
    def test_greets_by_name_and_roles_in_chinese(self, world: World) -> None:
        page = home_of(world.person(Role.DRAFTER, world.justice, "李明"))
        assert "工作台" in page
        assert "李明" in page
        assert "拟稿人" in page
        assert '"name": "\\u674e\\u660e"' in page or '"name": "李明"' in page
        assert "Wagtail" not in page.split("<body", 1)[1].split("<script", 1)[0]

    def test_says_what_to_do_when_there_is_nothing(self, world: World) -> None:
        assert "没有待办" in home_of(world.person(Role.DRAFTER, world.justice))

    def test_shows_overdue_work_of_the_unit_first(self, world: World) -> None:
        today = timezone.localdate()
        plan = world.plan(year=today.year)
        world.item(plan, lead=world.justice, due_on=today + timedelta(days=200), title="以后的事")
        world.item(plan, lead=world.justice, due_on=today - timedelta(days=3), title="早该办的事")
        page = home_of(world.person(Role.DRAFTER, world.justice))
        assert "逾期 3 天" in page
        assert page.index("早该办的事") < page.index("以后的事")

    def test_shows_nobody_the_work_of_others(self, world: World) -> None:
        world.item(world.plan(), lead=world.finance, title="财政局的事")
        assert "财政局的事" not in home_of(world.person(Role.DRAFTER, world.justice))

    def test_shows_unread_notices_only_to_whom_they_were_sent(self, world: World) -> None:
        mine, other = world.person(Role.DRAFTER, world.justice), world.person(Role.DRAFTER, world.finance)
        notice_send(
            recipients=[mine.pk],
            kind="sample",
            title="请核对时限",
            body="",
            url="/admin/",
            dedupe_key="a",
            now=timezone.now(),
            email=False,
        )
        assert "请核对时限" in home_of(mine)
        assert "请核对时限" not in home_of(other)

    def test_shows_the_overview_to_the_disclosure_authority_only(self, world: World) -> None:
        today = timezone.localdate()
        world.item(world.plan(year=today.year), lead=world.justice, due_on=today - timedelta(days=1))
        assert "青溪县司法局" in _overview(home_of(world.person(Role.DISCLOSURE_OFFICE, world.office)))
        assert "home-overview" not in home_of(world.person(Role.DRAFTER, world.finance))

    def test_asks_as_many_questions_for_many_items_as_for_few(
        self, world: World, django_assert_max_num_queries: object
    ) -> None:
        plan = world.plan()
        user = world.person(Role.DRAFTER, world.justice)
        for _ in range(3):
            world.item(plan, lead=world.justice, due_on=date(2026, 1, 1))
        few = _queries(user)
        for _ in range(30):
            world.item(plan, lead=world.justice, due_on=date(2026, 1, 1), state=State.IN_PROGRESS)
        assert _queries(user) == few


def _overview(page: str) -> str:
    return page[page.index("home-overview") :]


def _queries(user: object) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    home_of(user)
    with CaptureQueriesContext(connection) as captured:
        home_of(user)
    return len(captured)


class TestAlarmPanel:
    def test_is_for_those_who_may_import_the_calendar(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(panels.clocks, "calendar_missing", lambda *, today: 2027)
        assert "2027年的放假安排还没有导入" in home_of(world.person(Role.DISCLOSURE_OFFICE, world.office))
        assert "放假安排还没有导入" not in home_of(world.person(Role.DRAFTER, world.justice))


class TestOverviewChart:
    def test_puts_the_unit_with_most_overdue_first_and_adds_up(self) -> None:
        units = [
            UnitOverview(unit_id=1, unit_name="甲局", total=10, done=4, overdue=0, near=2),
            UnitOverview(unit_id=2, unit_name="乙局", total=5, done=1, overdue=3, near=0),
        ]
        chart = panels.overview_chart(units)
        assert [(row.label, row.values) for row in chart.rows] == [("乙局", (3, 0, 1, 1)), ("甲局", (0, 2, 4, 4))]
        assert chart.rows[0].url.endswith("?unit_id=2")


class TestFind:
    def test_looks_in_the_ledger(self, world: World) -> None:
        client = Client()
        user = world.person(Role.DRAFTER, world.justice)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert (
            client.get("/admin/find/", {"q": "目录 公开"})
            .headers["Location"]
            .endswith("?text=%E7%9B%AE%E5%BD%95+%E5%85%AC%E5%BC%80")
        )

    def test_is_not_for_visitors(self, client: Client) -> None:
        assert "/admin/login/" in client.get("/admin/find/").headers["Location"]


class TestSignIn:
    def test_is_in_chinese_and_does_not_offer_to_stay(self, client: Client) -> None:
        page = client.get("/admin/login/").content.decode()
        assert "用户名" in page
        assert "密码" in page
        assert 'name="remember"' not in page

    def test_never_says_which_of_the_two_was_wrong(self, client: Client, world: World) -> None:
        user = world.person(Role.DRAFTER, world.justice)
        known = client.post("/admin/login/", {"username": user.username, "password": "wrong"}).content.decode()
        unknown = client.post("/admin/login/", {"username": "nobody", "password": "wrong"}).content.decode()
        sentence = "用户名或密码不对"
        assert sentence in known
        assert sentence in unknown

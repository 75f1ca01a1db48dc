"""The pages of routes and delegations by role, as a clerk uses them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.features.disclosure.services.columns import directory_ensure
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals import selectors
from gongkai.kernel.approvals.models import Delegation, RouteAssignment, RouteVersion
from tests.factories.world import NOW, SYSTEM, World
from tests.kernel.approvals.rounds import Team

FULL = "three_review_three_proof"
LIST = reverse("approvals:staff:route_list")
DETAIL = reverse("approvals:staff:route_detail", args=[FULL])
EDIT = reverse("approvals:staff:route_edit", args=[FULL])
COPY = reverse("approvals:staff:route_copy", args=[FULL])
ASSIGN = reverse("approvals:staff:route_assign", args=[FULL])
DELEGATIONS = reverse("approvals:staff:delegation_list")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def admin(world: World) -> Client:
    return browser(world.person(Role.SYSTEM_ADMINISTRATOR, world.office))


def sent(client: Client, address: str = EDIT) -> dict[str, Any]:
    """What the edit page would send back unchanged."""
    context = client.get(address).context
    data: dict[str, Any] = {name: context["form"].initial.get(name, "") for name in ("name", "basis", "note", "seen")}
    for _, form in context["steps"]:
        for name in form.fields:
            value = form.initial.get(name, form.fields[name].initial)
            if value not in (None, False, ""):
                data[f"{form.prefix}-{name}"] = value
        data.setdefault(f"{form.prefix}-kind", "review")
        data.setdefault(f"{form.prefix}-place", "same")
    return data


class TestRouteList:
    def test_shows_every_route_in_order(self, admin: Client) -> None:
        page = admin.get(LIST).content.decode()
        assert all(name in page for name in ("三审三校", "乡镇街道简化路线", "应急发布路线", "待核", "默认"))

    def test_tells_which_route_would_hold(self, admin: Client, world: World) -> None:
        found = admin.get(LIST, {"unit": world.finance.pk}).context["held"]
        assert found.route.code == FULL
        urgent = admin.get(LIST, {"unit": world.finance.pk, "emergency": "on"}).context["held"]
        assert urgent.route.code == "emergency_release"

    def test_asks_for_the_unit(self, admin: Client) -> None:
        assert "请选择单位" in admin.get(LIST, {"unit": ""}).content.decode()


class TestRouteDetail:
    def test_draws_the_route_and_tells_who_must_differ(self, admin: Client) -> None:
        page = admin.get(DETAIL).content.decode()
        assert "初审、复审、终审必须由3个不同的人办理。" in page
        assert "一校、二校、三校必须由3个不同的人办理。" in page
        assert "填写《保密审查表（一事一审）》" in page

    def test_is_not_there_for_another_code(self, admin: Client) -> None:
        assert admin.get(reverse("approvals:staff:route_detail", args=["nothing"])).status_code == 404

    def test_offers_changes_to_those_who_may(self, admin: Client, world: World) -> None:
        drafter = browser(world.person(Role.DRAFTER, world.finance))
        assert EDIT in admin.get(DETAIL).content.decode()
        assert EDIT not in drafter.get(DETAIL).content.decode()


class TestRouteEdit:
    def test_makes_a_version(self, admin: Client) -> None:
        data = {**sent(admin), "name": "三审三校（本县）", "note": "改名", "step0-due_working_days": "2"}
        assert admin.post(EDIT, data).status_code == 302
        version = RouteVersion.objects.get()
        route = selectors.route_of_version(version)
        assert (route.name, route.number, route.steps[0].due_working_days) == ("三审三校（本县）", 1, 2)
        assert "第1版" in admin.get(DETAIL).content.decode()

    def test_adds_and_removes_steps(self, admin: Client) -> None:
        count = len(admin.get(EDIT).context["steps"]) - 2
        data = sent(admin)
        gone = next(number for number in range(count) if data[f"step{number}-code"] == "third_proof")
        data[f"step{gone}-remove"] = "on"
        new = {
            "name": "分管领导审核",
            "kind": "review",
            "order": "3",
            "roles": ["unit_leader"],
            "due_working_days": "2",
        }
        data.update({f"step{count}-{name}": value for name, value in new.items()})
        assert admin.post(EDIT, data).status_code == 302
        route = selectors.route_get(FULL, on=timezone.localdate())
        assert route.step("third_proof") is None
        assert all("third_proof" not in step.separate_from for step in route.steps)
        added = route.step("step_1")
        assert added is not None and (added.name, added.roles) == ("分管领导审核", ("unit_leader",))

    def test_names_every_fault_and_keeps_what_was_typed(self, admin: Client) -> None:
        data = sent(admin)
        for number in range(20):
            if data.get(f"step{number}-code") in {"confidentiality_review", "final_review"}:
                data[f"step{number}-remove"] = "on"
        data["name"] = "没有保密审查"
        response = admin.post(EDIT, data)
        page = response.content.decode()
        assert response.status_code == 422
        assert "路线必须有一个每次都要办理的保密审查步骤" in page
        assert "路线的最后一步必须是审核或签发" in page
        assert "没有保密审查" in page

    def test_says_that_nothing_changed(self, admin: Client) -> None:
        response = admin.post(EDIT, sent(admin))
        assert response.status_code == 422
        assert "路线没有变化" in response.content.decode()

    def test_copies_a_route_under_a_code_of_its_own(self, admin: Client) -> None:
        data = {**sent(admin, COPY), "code": "county_own", "name": "本县路线"}
        response = admin.post(COPY, data)
        assert response.status_code == 302
        assert selectors.route_get("county_own", on=timezone.localdate()).name == "本县路线"

    @pytest.mark.parametrize("address", [EDIT, COPY])
    @pytest.mark.parametrize("role", [Role.DRAFTER, Role.FINAL_REVIEWER, Role.UNIT_LEADER, Role.SUPERVISOR])
    def test_is_closed_to_others(self, world: World, role: Role, address: str) -> None:
        client = browser(world.person(role, world.office))
        assert client.get(address).status_code == 403
        assert client.post(address, {}).status_code == 403


class TestAssign:
    def test_lets_a_route_hold_and_end(self, admin: Client, world: World) -> None:
        town = reverse("approvals:staff:route_assign", args=["town_short"])
        assert admin.post(town, {"unit": world.east.pk}).status_code == 302
        row = RouteAssignment.objects.get()
        assert (
            "东湾镇人民政府及下级"
            in admin.get(reverse("approvals:staff:route_detail", args=["town_short"])).content.decode()
        )
        end = reverse("approvals:staff:route_unassign", args=["town_short", row.pk])
        assert admin.post(end, follow=True).status_code == 200
        row.refresh_from_db()
        assert row.ended_at is not None
        assert "已经取消" in admin.post(end, follow=True).content.decode()

    def test_shows_a_refusal_beside_the_form(self, admin: Client) -> None:
        admin.post(ASSIGN, {})
        response = admin.post(ASSIGN, {})
        assert response.status_code == 422
        assert "已经是这样设定的" in response.content.decode()

    def test_is_given_to_a_column_and_a_kind_by_name(self, admin: Client, world: World) -> None:
        directory_ensure(actor=SYSTEM, now=NOW)
        assert "其他政策文件" in admin.get(DETAIL).content.decode()
        assert admin.post(ASSIGN, {"column": "C01-3", "kind": "notice"}).status_code == 302
        row = RouteAssignment.objects.get()
        assert (row.column, row.kind) == ("C01-3", "notice")
        asked = {"unit": world.finance.pk, "column": "C01-3", "kind": "notice"}
        assert "栏目“其他政策文件”、种类“通知”" in admin.get(LIST, asked).content.decode()

    def test_names_what_is_no_column(self, admin: Client) -> None:
        response = admin.post(ASSIGN, {"column": "nowhere"})
        assert response.status_code == 422
        assert not RouteAssignment.objects.exists()
        assert "nowhere" in response.content.decode()


class TestDelegations:
    def give(self, team: Team, **more: Any) -> tuple[Client, Any]:
        client = browser(team.by_step["final_review"])
        today = timezone.localdate()
        data = {
            "post": f"{team.unit.pk}:{Role.FINAL_REVIEWER}",
            "to": team.by_step["legality_review"].pk,
            "from_on": today,
            "until_on": today + timedelta(days=3),
            "reason": "出差",
        }
        return client, client.post(DELEGATIONS, {**data, **more})

    def test_are_given_listed_and_taken_back(self, team: Team) -> None:
        client, response = self.give(team)
        assert response.status_code == 302
        page = client.get(DELEGATIONS).content.decode()
        assert "我 → 何法" in page
        given = Delegation.objects.get()
        revoke = reverse("approvals:staff:delegation_revoke", args=[given.pk])
        assert browser(team.by_step["first_review"]).post(revoke).status_code == 403
        assert "委托已收回" in client.post(revoke, follow=True).content.decode()
        assert "已经收回" in client.post(revoke, follow=True).content.decode()

    def test_show_every_reason_against_one(self, team: Team) -> None:
        _, response = self.give(team, to=team.by_step["first_review"].pk, until_on=timezone.localdate() - timedelta(1))
        page = response.content.decode()
        assert response.status_code == 422
        assert "早于开始日期" in page
        assert "要求它与“终审”由不同的人办理" in page

    def test_offer_nothing_to_give_to_those_who_sign_nothing(self, team: Team) -> None:
        page = browser(team.author).get(DELEGATIONS).content.decode()
        assert "委托代签</h2>" not in page
        assert "没有委托" in page

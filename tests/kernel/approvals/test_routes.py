"""Routes that an office makes itself, and which one holds where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals import selectors, services
from gongkai.kernel.approvals.models import RouteAssignment, RouteVersion
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.world import NOW, TODAY, World
from tests.kernel.approvals.rounds import Team

FULL = "three_review_three_proof"


@pytest.fixture
def admin(world: World) -> Actor:
    return world.actor(Role.SYSTEM_ADMINISTRATOR, world.office)


class TestSave:
    def test_makes_a_version_that_holds_from_then_on(self, team: Team, admin: Actor) -> None:
        running = team.open()
        shipped = selectors.route_get(FULL, on=TODAY)
        shorter = tuple(
            replace(step, separate_from=tuple(o for o in step.separate_from if o != "third_proof"))
            for step in shipped.steps
            if step.code != "third_proof"
        )
        changed = replace(shipped, steps=shorter)
        version = services.route_save(actor=admin, route=changed, note="人手不足", seen=0, now=NOW)
        assert version.number == 1
        held = selectors.route_get(FULL, on=TODAY)
        assert (held.number, held.verified, len(held.steps)) == (1, True, len(shipped.steps) - 1)
        assert running.steps.filter(code="third_proof").exists()
        assert not team.open(target_id="2").steps.filter(code="third_proof").exists()

    def test_names_every_fault(self, admin: Actor) -> None:
        route = selectors.route_get(FULL, on=TODAY)
        bad = replace(route, name="", steps=tuple(s for s in route.steps if s.kind == "proof"))
        with pytest.raises(Refused) as caught:
            services.route_save(actor=admin, route=bad, now=NOW)
        assert {"approvals.route.no_name", "approvals.route.no_decision", "approvals.route.no_confidentiality"} <= set(
            caught.value.codes()
        )

    def test_refuses_what_changes_nothing_or_somebody_elses_change(self, admin: Actor) -> None:
        route = selectors.route_get(FULL, on=TODAY)
        with pytest.raises(Refused) as caught:
            services.route_save(actor=admin, route=route, now=NOW)
        assert caught.value.codes() == ["approvals.route.unchanged"]
        services.route_save(actor=admin, route=replace(route, name="三审三校（本县）"), seen=0, now=NOW)
        with pytest.raises(Refused) as caught:
            services.route_save(actor=admin, route=replace(route, name="另一个名称"), seen=0, now=NOW)
        assert caught.value.codes() == ["kernel.changed_meanwhile"]

    def test_adds_a_route_of_ones_own(self, admin: Actor) -> None:
        route = replace(selectors.route_get("town_short", on=TODAY), code="own_route", name="本县路线")
        services.route_save(actor=admin, route=route, now=NOW)
        rows = {row.route.code: row.own for row in selectors.route_list(actor=admin, on=TODAY)}
        assert rows["own_route"] is True
        assert RouteVersion.objects.get().content["code"] == "own_route"

    def test_does_not_turn_an_ordinary_route_into_one_for_emergencies(self, admin: Actor) -> None:
        urgent = selectors.route_get("emergency_release", on=TODAY)
        with pytest.raises(Refused) as caught:
            services.route_save(actor=admin, route=replace(urgent, code=FULL), now=NOW)
        assert "approvals.route.purpose" in caught.value.codes()


class TestAssign:
    def held(self, unit_id: int, **more: object) -> str:
        return selectors.route_for(unit_id=unit_id, on=TODAY, **more).route.code  # type: ignore[arg-type]

    def test_holds_for_the_unit_and_those_below(self, world: World, admin: Actor) -> None:
        services.route_assign(actor=admin, route_code="town_short", unit_id=world.east.pk, now=NOW)
        assert self.held(world.east.pk) == self.held(world.village.pk) == "town_short"
        assert self.held(world.west.pk) == FULL
        assert self.held(world.east.pk, emergency=True) == "emergency_release"

    def test_unit_and_column_go_before_either(self, world: World, admin: Actor) -> None:
        services.route_assign(actor=admin, route_code="town_short", unit_id=world.east.pk, now=NOW)
        services.route_assign(actor=admin, route_code=FULL, unit_id=world.east.pk, column="policies", now=NOW)
        assert self.held(world.east.pk, columns=["policies"]) == FULL
        assert self.held(world.east.pk, columns=["news"]) == "town_short"

    def test_takes_the_place_of_what_held_there_and_ends(self, world: World, admin: Actor) -> None:
        services.route_assign(actor=admin, route_code="town_short", unit_id=world.east.pk, now=NOW)
        row = services.route_assign(actor=admin, route_code=FULL, unit_id=world.east.pk, now=NOW)
        assert RouteAssignment.objects.filter(ended_at__isnull=True).count() == 1
        services.route_unassign(actor=admin, assignment_id=row.pk, now=NOW)
        held = selectors.route_for(unit_id=world.east.pk, on=TODAY)
        assert (held.route.code, held.assignment) == (FULL, None)
        assert "默认" in held.why
        with pytest.raises(Refused) as caught:
            services.route_unassign(actor=admin, assignment_id=row.pk, now=NOW)
        assert caught.value.codes() == ["approvals.assignment.ended"]

    def test_refuses_unknown_routes_and_what_holds_already(self, world: World, admin: Actor) -> None:
        with pytest.raises(Refused) as caught:
            services.route_assign(actor=admin, route_code="nothing", now=NOW)
        assert caught.value.codes() == ["approvals.route.unknown"]
        services.route_assign(actor=admin, route_code=FULL, now=NOW)
        with pytest.raises(Refused) as caught:
            services.route_assign(actor=admin, route_code=FULL, now=NOW)
        assert caught.value.codes() == ["approvals.assignment.same"]

    def test_says_why_a_route_holds(self, world: World, admin: Actor) -> None:
        services.route_assign(
            actor=admin, route_code=FULL, unit_id=world.east.pk, column="news", kind="notice", now=NOW
        )
        held = selectors.route_for(unit_id=world.village.pk, columns=["news"], kind="notice", on=TODAY)
        assert held.why == "按设定：单位“东湾镇人民政府”及其下级、栏目“news”、种类“通知”"


class TestWhoManages:
    @pytest.mark.parametrize("role", list(Role))
    @pytest.mark.parametrize("where", ["office", "finance"])
    def test_administrators_and_the_disclosure_authority(self, world: World, role: Role, where: str) -> None:
        actor = world.actor(role, getattr(world, where))
        office = role in (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD) and where == "office"
        if role is Role.SYSTEM_ADMINISTRATOR or office:
            assert services.route_assign(actor=actor, route_code="town_short", now=NOW)
        else:
            with pytest.raises(NotPermitted):
                services.route_assign(actor=actor, route_code="town_short", now=NOW)
            with pytest.raises(NotPermitted):
                services.route_save(actor=actor, route=selectors.route_get(FULL, on=TODAY), now=NOW)
            with pytest.raises(NotPermitted):
                services.route_unassign(actor=actor, assignment_id=1, now=NOW)

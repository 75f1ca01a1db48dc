"""The permission matrix, walked cell by cell: every role, in every place, against every ability of people and units."""

from __future__ import annotations

import pytest

from gongkai.kernel.accounts import permissions as accounts
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Ability, Where, abilities, allows, register
from gongkai.kernel.accounts.roles import REVIEWING, Role
from gongkai.kernel.orgs import permissions as orgs

TOP, OFFICE, BUREAU, BELOW, ELSEWHERE = 1, 2, 3, 4, 5
AUTHORITY = frozenset({TOP, OFFICE})
HEADS = {Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD}
ADMIN = {Role.SYSTEM_ADMINISTRATOR}


def holds(role: Role, unit_id: int) -> Actor:
    return Actor(user_id=7, name="某人", grants=frozenset({(role, unit_id)}), authority_ids=AUTHORITY)


# What the table must say, written a second time by hand: ability → roles that have it in a bureau, in the top unit.
EXPECTED: dict[str, tuple[set[Role], set[Role]]] = {
    "accounts.list": (
        HEADS | ADMIN | {Role.SUPERVISOR, Role.UNIT_LEADER},
        HEADS | ADMIN | {Role.SUPERVISOR, Role.UNIT_LEADER},
    ),
    "accounts.manage": (ADMIN, ADMIN),
    "accounts.own_password": (set(Role), set(Role)),
    "orgs.view": (set(Role), set(Role)),
    "orgs.view_directory": (set(Role), set(Role)),
    "orgs.edit": (ADMIN, HEADS | ADMIN),
    "orgs.check_entry": (HEADS | ADMIN, HEADS | ADMIN),
    "orgs.link_group": (HEADS | ADMIN, HEADS | ADMIN),
}


class TestMatrix:
    @pytest.mark.parametrize("role", list(Role), ids=lambda r: r.value)
    @pytest.mark.parametrize("code", sorted(EXPECTED))
    def test_cell(self, code: str, role: Role) -> None:
        in_bureau, at_top = EXPECTED[code]
        assert allows(holds(role, BUREAU), code, unit_ids=(BUREAU,)) is (role in in_bureau)
        assert allows(holds(role, OFFICE), code, unit_ids=(OFFICE,)) is (role in at_top)

    def test_every_ability_of_people_and_units_is_in_the_table(self) -> None:
        assert {a.code for a in abilities() if a.code.split(".")[0] in ("accounts", "orgs")} == set(EXPECTED)

    @pytest.mark.parametrize("ability", abilities(), ids=lambda a: a.code)
    def test_nobody_gets_in_without_a_role_or_a_sign_in(self, ability: Ability) -> None:
        assert allows(Actor.anonymous(), ability.code, unit_ids=(BUREAU,)) is ability.visitors
        nobody = Actor(user_id=9, name="无岗位")
        assert allows(nobody, ability.code, unit_ids=(BUREAU,)) is (ability.visitors or ability.everyone)

    @pytest.mark.parametrize("ability", abilities(), ids=lambda a: a.code)
    def test_a_job_may_everything(self, ability: Ability) -> None:
        assert allows(Actor.system("任务"), ability.code)

    @pytest.mark.parametrize("ability", abilities(), ids=lambda a: a.code)
    def test_a_superuser_is_an_administrator_and_no_more(self, ability: Ability) -> None:
        root = Actor(user_id=1, name="root", is_superuser=True)
        expected = ability.visitors or ability.everyone or Role.SYSTEM_ADMINISTRATOR in ability.roles
        assert (
            allows(root, ability.code, unit_ids=(BUREAU,)) is expected
            or ability.roles.get(Role.SYSTEM_ADMINISTRATOR) is Where.TOP
        )


class TestWhere:
    @pytest.fixture(autouse=True)
    def ability(self) -> None:
        for where in Where:
            register(f"test.{where.value}", f"试验 {where.label}", area="试验", roles={Role.DRAFTER: where})

    @pytest.mark.parametrize(
        ("where", "held_in", "units", "expected"),
        [
            (Where.ANY, ELSEWHERE, (BUREAU,), True),
            (Where.SAME, BUREAU, (BUREAU, OFFICE), True),
            (Where.SAME, OFFICE, (BUREAU, OFFICE), False),
            (Where.SAME, BUREAU, (), False),
            (Where.ABOVE, OFFICE, (BUREAU, OFFICE), True),
            (Where.ABOVE, BELOW, (BUREAU, OFFICE), False),
            (Where.TOP, OFFICE, (BUREAU,), True),
            (Where.TOP, BUREAU, (BUREAU,), False),
        ],
    )
    def test_counts(self, where: Where, held_in: int, units: tuple[int, ...], expected: bool) -> None:
        assert allows(holds(Role.DRAFTER, held_in), f"test.{where.value}", unit_ids=units) is expected

    def test_a_code_has_one_meaning(self) -> None:
        with pytest.raises(ValueError, match="test.any"):
            register("test.any", "别的意思", area="试验")

    def test_an_unknown_code_is_a_mistake_of_the_program(self) -> None:
        with pytest.raises(KeyError):
            allows(Actor.anonymous(), "no.such")


class TestPredicates:
    @pytest.mark.parametrize("role", list(Role), ids=lambda r: r.value)
    def test_an_administrator_gives_himself_no_reviewing_role(self, role: Role) -> None:
        administrator = holds(Role.SYSTEM_ADMINISTRATOR, BUREAU)
        assert accounts.can_grant(administrator, user_id=7, role=role) is (role not in REVIEWING)
        assert accounts.can_grant(administrator, user_id=8, role=role)
        assert not accounts.can_grant(holds(Role.UNIT_LEADER, BUREAU), user_id=8, role=role)

    def test_an_office_checks_the_entry_of_its_own_unit(self) -> None:
        office = holds(Role.DISCLOSURE_OFFICE, BUREAU)
        assert orgs.can_check_entry(office, unit_id=BUREAU)
        assert not orgs.can_check_entry(office, unit_id=ELSEWHERE)
        assert orgs.can_check_entry(holds(Role.DISCLOSURE_OFFICE, OFFICE), unit_id=ELSEWHERE)

    def test_the_back_office_needs_a_post(self) -> None:
        assert not accounts.can_enter_back_office(Actor(user_id=1, name="某人"))
        assert accounts.can_enter_back_office(holds(Role.PROOFREADER, BUREAU))
        assert accounts.can_enter_back_office(Actor(user_id=1, name="root", is_superuser=True))


class TestActor:
    def test_knows_where_a_role_is_held(self) -> None:
        actor = Actor(1, "某人", frozenset({(Role.DRAFTER, BUREAU), (Role.SUPERVISOR, OFFICE)}))
        assert actor.has(Role.DRAFTER)
        assert actor.has(Role.DRAFTER, BUREAU)
        assert not actor.has(Role.DRAFTER, OFFICE)
        assert actor.unit_ids == {BUREAU, OFFICE}
        assert actor.roles == {Role.DRAFTER, Role.SUPERVISOR}
        assert actor.units_with(Role.SUPERVISOR) == {OFFICE}

    @pytest.mark.parametrize(
        ("role", "unit_id", "expected"),
        [
            (Role.DISCLOSURE_OFFICE, OFFICE, True),
            (Role.DISCLOSURE_OFFICE_HEAD, TOP, True),
            (Role.DISCLOSURE_OFFICE, BUREAU, False),
            (Role.SUPERVISOR, OFFICE, False),
        ],
    )
    def test_the_authority_is_the_office_of_the_top_unit(self, role: Role, unit_id: int, expected: bool) -> None:
        assert holds(role, unit_id).is_disclosure_authority is expected

    def test_a_superuser_reviews_nothing(self) -> None:
        root = Actor(user_id=1, name="root", is_superuser=True)
        assert [role for role in Role if root.has(role)] == [Role.SYSTEM_ADMINISTRATOR]

    def test_a_visitor_is_nobody(self) -> None:
        assert not Actor.anonymous().is_authenticated
        assert Actor.system("任务").is_authenticated
        assert Actor.system("任务").has(Role.FINAL_REVIEWER, BUREAU)

"""People and posts: what is written, what is refused, and that a post counts on its days only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from gongkai.kernel.accounts import selectors, services
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.passwords import one_time_password
from gongkai.kernel.accounts.roles import REVIEWING, Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from tests.kernel.people import Place, actor_of, make_person, make_place

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)
SYSTEM = Actor.system("测试")


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


@pytest.fixture
def administrator(place: Place) -> User:
    return make_person(Role.SYSTEM_ADMINISTRATOR, place.office, name="管理员")


def grant(user: User, place: Place, **more: object) -> Post:
    values = {"unit_id": place.bureau.pk, "role": Role.DRAFTER, "from_on": TODAY, "actor": SYSTEM, **more}
    return services.post_grant(user_id=user.pk, now=NOW, **values)  # type: ignore[arg-type]


class TestActorGet:
    @pytest.mark.parametrize(
        ("from_on", "until_on", "held"),
        [
            (TODAY, None, True),
            (TODAY, TODAY, True),
            (TODAY - timedelta(days=9), YESTERDAY, False),
            (TODAY + timedelta(days=1), None, False),
        ],
    )
    def test_counts_a_post_on_its_days_only(
        self, place: Place, from_on: date, until_on: date | None, held: bool
    ) -> None:
        user = make_person(None, None)
        grant(user, place, from_on=from_on, until_on=until_on)
        assert selectors.actor_get(user=user, today=TODAY).has(Role.DRAFTER, place.bureau.pk) is held

    def test_a_deactivated_person_holds_nothing(self, place: Place) -> None:
        user = make_person(Role.DRAFTER, place.bureau)
        user.is_active = False
        user.save()
        assert actor_of(user).grants == frozenset()

    def test_a_dissolved_unit_gives_nothing(self, place: Place) -> None:
        user = make_person(Role.DRAFTER, place.bureau)
        place.bureau.dissolved_on = TODAY
        place.bureau.save()
        assert actor_of(user).grants == frozenset()

    def test_knows_the_authority_and_who_sees_what(self, place: Place) -> None:
        authority = actor_of(make_person(Role.DISCLOSURE_OFFICE, place.office))
        bureau = actor_of(make_person(Role.DISCLOSURE_OFFICE, place.bureau))
        assert authority.is_disclosure_authority
        assert not bureau.is_disclosure_authority
        assert selectors.visible_unit_ids(actor=authority) is None
        assert selectors.visible_unit_ids(actor=bureau) == {place.bureau.pk}


class TestUserCreate:
    def test_gives_a_one_time_password_that_must_be_changed(self, place: Place, administrator: User) -> None:
        user, secret = services.user_create(
            actor=actor_of(administrator), username="zhangsan", display_name="张三", now=NOW
        )
        assert user.check_password(secret)
        assert user.must_change_password
        entry = Entry.objects.get(action="accounts.user.create")
        assert secret not in str(entry.details) + entry.summary

    @pytest.mark.parametrize(
        ("username", "name", "codes"),
        [
            ("", "", ["accounts.name.missing", "accounts.username.shape"]),
            ("a b", "甲", ["accounts.username.shape"]),
            ("BOSS", "甲", ["accounts.username.taken"]),
        ],
    )
    def test_refuses_with_every_reason(self, place: Place, username: str, name: str, codes: list[str]) -> None:
        services.user_create(actor=SYSTEM, username="boss", display_name="首长", now=NOW)
        with pytest.raises(Refused) as refused:
            services.user_create(actor=SYSTEM, username=username, display_name=name, now=NOW)
        assert refused.value.codes() == codes

    def test_with_a_post_both_or_neither(self, place: Place) -> None:
        place.bureau.dissolved_on = YESTERDAY
        place.bureau.save()
        with pytest.raises(Refused):
            services.user_create_with_post(
                actor=SYSTEM,
                username="lisi",
                display_name="李四",
                unit_id=place.bureau.pk,
                role=Role.DRAFTER,
                from_on=TODAY,
                now=NOW,
            )
        assert not User.objects.filter(username="lisi").exists()

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM_ADMINISTRATOR])
    def test_nobody_else_may(self, place: Place, role: Role) -> None:
        actor = actor_of(make_person(role, place.office))
        user = make_person(None, None)
        for attempt in (
            lambda: services.user_create(actor=actor, username="x1", display_name="某", now=NOW),
            lambda: services.user_update(actor=actor, user_id=user.pk, fields={"phone": "1"}, now=NOW),
            lambda: services.user_deactivate(actor=actor, user_id=user.pk, now=NOW),
            lambda: services.user_activate(actor=actor, user_id=user.pk, now=NOW),
            lambda: services.password_reset(actor=actor, user_id=user.pk, now=NOW),
            lambda: grant(user, place, actor=actor),
        ):
            with pytest.raises(NotPermitted):
                attempt()


class TestPostGrant:
    def test_lets_the_person_into_the_back_office(self, place: Place) -> None:
        user, _ = services.user_create(actor=SYSTEM, username="wangwu", display_name="王五", now=NOW)
        assert not user.has_perm("wagtailadmin.access_admin")
        post = grant(user, place)
        assert User.objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")
        assert Entry.objects.get(action="accounts.post.grant").details["post"] == post.pk

    @pytest.mark.parametrize("role", sorted(REVIEWING), ids=lambda r: r.value)
    def test_nobody_gives_himself_a_reviewing_role(self, place: Place, administrator: User, role: Role) -> None:
        with pytest.raises(Refused) as refused:
            grant(administrator, place, actor=actor_of(administrator), role=role)
        assert refused.value.codes() == ["accounts.post.own_review"]
        assert "不能给自己授予" in str(refused.value)

    def test_another_administrator_may_give_it(self, place: Place, administrator: User) -> None:
        second = make_person(Role.SYSTEM_ADMINISTRATOR, place.office)
        assert grant(second, place, actor=actor_of(administrator), role=Role.FIRST_REVIEWER).pk

    @pytest.mark.parametrize(
        ("first", "second", "overlaps"),
        [
            ((TODAY, None), (TODAY + timedelta(days=30), None), True),
            ((TODAY, TODAY), (TODAY, None), True),
            ((TODAY - timedelta(days=9), YESTERDAY), (TODAY, None), False),
            ((TODAY + timedelta(days=10), None), (TODAY, TODAY + timedelta(days=9)), False),
        ],
    )
    def test_spans_of_one_post_do_not_overlap(
        self,
        place: Place,
        first: tuple[date, date | None],
        second: tuple[date, date | None],
        overlaps: bool,
    ) -> None:
        user = make_person(None, None)
        grant(user, place, from_on=first[0], until_on=first[1])
        if not overlaps:
            assert grant(user, place, from_on=second[0], until_on=second[1]).pk
            return
        with pytest.raises(Refused) as refused:
            grant(user, place, from_on=second[0], until_on=second[1])
        assert refused.value.codes() == ["accounts.post.overlap"]

    def test_refuses_with_every_reason(self, place: Place) -> None:
        user = make_person(None, None)
        user.is_active = False
        user.save()
        place.bureau.founded_on = TODAY + timedelta(days=5)
        place.bureau.save()
        with pytest.raises(Refused) as refused:
            grant(user, place, until_on=YESTERDAY)
        assert refused.value.codes() == ["accounts.post.inactive", "accounts.post.dates", "accounts.post.unit_gone"]

    def test_the_database_refuses_too(self, place: Place) -> None:
        post = grant(make_person(None, None), place)
        with pytest.raises(IntegrityError), transaction.atomic():
            Post.objects.filter(pk=post.pk).update(until_on=YESTERDAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            Post.objects.filter(pk=post.pk).update(role="king")


class TestPostEnd:
    def test_yesterday_ends_it_at_once(self, place: Place) -> None:
        user = make_person(Role.DRAFTER, place.bureau)
        services.post_end(actor=SYSTEM, post_id=user.posts.get().pk, until_on=YESTERDAY, now=NOW)
        assert actor_of(user).grants == frozenset()

    def test_the_last_administrator_stays(self, place: Place, administrator: User) -> None:
        with pytest.raises(Refused) as refused:
            services.post_end(actor=SYSTEM, post_id=administrator.posts.get().pk, until_on=TODAY, now=NOW)
        assert refused.value.codes() == ["accounts.user.last_administrator"]
        make_person(Role.SYSTEM_ADMINISTRATOR, place.office)
        assert services.post_end(actor=SYSTEM, post_id=administrator.posts.get().pk, until_on=TODAY, now=NOW).until_on

    def test_an_ended_post_is_not_prolonged(self, place: Place) -> None:
        user = make_person(Role.DRAFTER, place.bureau)
        post = user.posts.get()
        services.post_end(actor=SYSTEM, post_id=post.pk, until_on=YESTERDAY, now=NOW)
        with pytest.raises(Refused) as refused:
            services.post_end(actor=SYSTEM, post_id=post.pk, until_on=TODAY, now=NOW)
        assert refused.value.codes() == ["accounts.post.ended"]


class TestUserDeactivate:
    def test_shuts_out_and_lets_in_again(self, place: Place, administrator: User) -> None:
        user = make_person(Role.DRAFTER, place.bureau)
        services.user_deactivate(actor=actor_of(administrator), user_id=user.pk, now=NOW)
        assert not User.objects.get(pk=user.pk).is_active
        services.user_activate(actor=actor_of(administrator), user_id=user.pk, now=NOW)
        assert User.objects.get(pk=user.pk).is_active

    def test_neither_oneself_nor_the_last_administrator(self, place: Place, administrator: User) -> None:
        with pytest.raises(Refused) as refused:
            services.user_deactivate(actor=actor_of(administrator), user_id=administrator.pk, now=NOW)
        assert refused.value.codes() == ["accounts.user.self_deactivate", "accounts.user.last_administrator"]


class TestPasswords:
    @pytest.mark.parametrize("number", range(20))
    def test_a_one_time_password_satisfies_the_rules(self, number: int) -> None:
        validate_password(one_time_password())

    @pytest.mark.parametrize(
        ("password", "said"),
        [
            ("Ab1-x", "至少"),
            ("abcdefghijkl", "三种"),
            ("password123", "常见"),
            ("Zhangsan-1", "相似"),
        ],
    )
    def test_a_weak_one_is_refused_in_chinese(self, place: Place, password: str, said: str) -> None:
        user, secret = services.user_create(actor=SYSTEM, username="zhangsan-1", display_name="张三", now=NOW)
        actor = Actor(user_id=user.pk, name="张三")
        with pytest.raises(Refused) as refused:
            services.password_change(actor=actor, old=secret, new=password, now=NOW)
        assert said in str(refused.value)

    def test_a_good_one_is_taken(self, place: Place) -> None:
        user, secret = services.user_create(actor=SYSTEM, username="zhaoliu", display_name="赵六", now=NOW)
        actor = Actor(user_id=user.pk, name="赵六")
        services.password_change(actor=actor, old=secret, new="Qing-Xi-2026!", now=NOW)
        user.refresh_from_db()
        assert user.check_password("Qing-Xi-2026!")
        assert not user.must_change_password
        assert user.password_changed_at == NOW

    def test_the_old_one_must_be_right_and_another(self, place: Place) -> None:
        user, secret = services.user_create(actor=SYSTEM, username="zhaoliu", display_name="赵六", now=NOW)
        actor = Actor(user_id=user.pk, name="赵六")
        with pytest.raises(Refused) as wrong:
            services.password_change(actor=actor, old="no", new="Qing-Xi-2026!", now=NOW)
        with pytest.raises(Refused) as same:
            services.password_change(actor=actor, old=secret, new=secret, now=NOW)
        assert (wrong.value.codes(), same.value.codes()) == (["accounts.password.wrong"], ["accounts.password.same"])


class TestUserLists:
    def test_users_with_role_are_those_of_today(self, place: Place) -> None:
        now, before = make_person(Role.DRAFTER, place.bureau), make_person(Role.DRAFTER, place.bureau)
        services.post_end(actor=SYSTEM, post_id=before.posts.get().pk, until_on=YESTERDAY, now=NOW)
        assert selectors.users_with_role(role=Role.DRAFTER, unit_id=place.bureau.pk, today=TODAY) == [now]
        found = selectors.users_of_units(unit_ids=[place.bureau.pk, place.office.pk], today=TODAY)
        assert found == {place.bureau.pk: [now], place.office.pk: []}

    def test_people_are_found_by_unit_with_what_stands_below(self, place: Place) -> None:
        user = make_person(Role.DRAFTER, place.bureau, name="李教育")
        listed = selectors.user_list(actor=SYSTEM, today=TODAY, unit_id=place.government.pk)
        assert user in listed
        assert user not in selectors.user_list(actor=SYSTEM, today=TODAY, unit_id=place.government.pk, below=False)
        assert list(selectors.user_list(actor=SYSTEM, today=TODAY, search="教育")) == [user]

    def test_a_drafter_sees_himself_only(self, place: Place, administrator: User) -> None:
        user = make_person(Role.DRAFTER, place.bureau)
        assert selectors.user_get(actor=actor_of(user), user_id=user.pk) == user
        with pytest.raises(NotPermitted):
            selectors.user_get(actor=actor_of(user), user_id=administrator.pk)
        with pytest.raises(NotPermitted):
            selectors.user_list(actor=actor_of(user), today=TODAY)

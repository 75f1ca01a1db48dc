"""Tokens: their form, what is kept of them, who is let in by them, and when no more."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gongkai.features.foi.scopes import FIGURES, STATUS, SUBMIT
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.tokens import services
from gongkai.kernel.tokens.models import AccessToken
from gongkai.kernel.tokens.selectors import TokenUnknown, bearer_get, comes_from
from gongkai.kernel.tokens.written import FORM, SIGNS, key_of, token_made
from tests.factories.world import NOW, TODAY, World, moment


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def admin(world: World) -> Actor:
    return world.actor(Role.SYSTEM_ADMINISTRATOR, world.office)


def connect(admin: Actor, **more: Any) -> services.Issued:
    values: dict[str, Any] = {
        "name": "12345热线",
        "contact": "周工 0797-1234567",
        "unit_id": None,
        "scopes": [SUBMIT, STATUS],
        "networks": [],
        "until_on": TODAY + timedelta(days=30),
        "now": NOW,
    }
    return services.system_create(actor=admin, **{**values, **more})


class TestForm:
    def test_is_recognized_in_any_text(self) -> None:
        key, written = token_made()
        found = FORM.search(f"curl -H 'Authorization: Bearer {written}' https://…")
        assert found is not None and found[0] == written
        assert (written.startswith("gk_"), key_of(written), len(written)) == (True, key, 58)

    @given(st.integers(0, 57), st.sampled_from(SIGNS))
    def test_a_sign_that_was_mistyped_makes_it_no_token(self, place: int, sign: str) -> None:
        _, written = token_made()
        changed = written[:place] + sign + written[place + 1 :]
        assert (key_of(changed) == "") is (changed != written)

    @pytest.mark.parametrize("text", ["", "gk_", "gk_" + "a" * 55, "x" * 10_000, "gk_😀", "gk_\x00"], ids=range(6))
    def test_anything_else_is_none(self, text: str) -> None:
        assert key_of(text) == ""


class TestIssue:
    def test_lets_in_with_its_scopes_and_bounds(self, world: World, admin: Actor) -> None:
        issued = connect(admin, unit_id=world.finance.pk, networks=["10.8.0.9/24"])
        bearer = bearer_get(written=issued.written, today=TODAY)
        assert (bearer.unit_id, bearer.scopes) == (world.finance.pk, {SUBMIT, STATUS})
        assert (bearer.networks, bearer.actor.name) == (("10.8.0.0/24",), "接口（12345热线）")

    def test_the_secret_is_kept_nowhere(self, admin: Actor) -> None:
        issued = connect(admin)
        secret = issued.written.rpartition("_")[2]
        found = []
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE %s', [f"%{secret[:20]}%"])
                if cursor.fetchone()[0]:
                    found.append(table)
        assert found == []
        assert secret not in repr(issued)

    def test_is_written_down(self, admin: Actor) -> None:
        issued = connect(admin)
        entry = Entry.objects.get(action="tokens.token.issue")
        assert issued.token.key in entry.summary and entry.details["scopes"] == [STATUS, SUBMIT]

    def test_every_fault_is_told_at_once(self, admin: Actor) -> None:
        with pytest.raises(Refused) as refused:
            connect(
                admin, name=" ", contact="", scopes=["foi.all"], networks=["10.0.0.300", "x"], until_on=date(2020, 1, 1)
            )
        assert refused.value.codes() == [
            "tokens.system.name",
            "tokens.system.contact",
            "tokens.scopes.unknown",
            "tokens.until.past",
            "tokens.networks.form",
            "tokens.networks.form",
        ]

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"scopes": []}, "tokens.scopes.none"),
            ({"until_on": TODAY + timedelta(days=800)}, "tokens.until.far"),
            ({"networks": [f"10.0.0.{n}" for n in range(21)]}, "tokens.networks.many"),
        ],
        ids=["scopes", "far", "many"],
    )
    def test_what_is_too_much_or_nothing_is_refused(self, admin: Actor, more: dict[str, Any], code: str) -> None:
        with pytest.raises(Refused) as refused:
            connect(admin, **more)
        assert refused.value.codes() == [code]

    def test_a_name_is_there_once(self, admin: Actor) -> None:
        connect(admin)
        with pytest.raises(Refused) as refused:
            connect(admin)
        assert refused.value.codes() == ["tokens.system.taken"]

    def test_another_token_of_the_same_system_runs_beside_the_old_one(self, admin: Actor) -> None:
        old = connect(admin)
        new = services.token_issue(
            actor=admin, system_id=old.token.system_id, scopes=[FIGURES], networks=[], until_on=TODAY, now=NOW
        )
        both = [bearer_get(written=one.written, today=TODAY) for one in (old, new)]
        assert both[0].system_id == both[1].system_id
        assert both[1].scopes == {FIGURES}

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM_ADMINISTRATOR])
    def test_nobody_but_administrators(self, world: World, admin: Actor, role: Role) -> None:
        other = world.actor(role, world.office)
        token = connect(admin).token
        with pytest.raises(NotPermitted):
            connect(other, name="别的系统")
        with pytest.raises(NotPermitted):
            services.token_issue(
                actor=other, system_id=token.system_id, scopes=[STATUS], networks=[], until_on=TODAY, now=NOW
            )
        with pytest.raises(NotPermitted):
            services.token_revoke(actor=other, token_id=token.pk, reason="试试", now=NOW)


class TestEnd:
    def test_its_last_day_counts_and_the_next_does_not(self, admin: Actor) -> None:
        issued = connect(admin, until_on=TODAY)
        assert bearer_get(written=issued.written, today=TODAY)
        with pytest.raises(TokenUnknown) as refused:
            bearer_get(written=issued.written, today=TODAY + timedelta(days=1))
        assert refused.value.codes() == ["tokens.expired"]

    def test_revoked_it_ends_at_once_and_for_good(self, admin: Actor) -> None:
        issued = connect(admin)
        services.token_revoke(actor=admin, token_id=issued.token.pk, reason="疑似泄露", now=NOW)
        with pytest.raises(TokenUnknown) as refused:
            bearer_get(written=issued.written, today=TODAY)
        assert refused.value.codes() == ["tokens.revoked"]
        with pytest.raises(Refused) as again:
            services.token_revoke(actor=admin, token_id=issued.token.pk, reason=" ", now=NOW)
        assert again.value.codes() == ["tokens.revoke.reason", "tokens.revoke.again"]
        assert "疑似泄露" in Entry.objects.get(action="tokens.token.revoke").summary

    def test_a_token_with_a_known_key_and_another_secret_is_told_nothing(self, admin: Actor) -> None:
        issued = connect(admin)
        services.token_revoke(actor=admin, token_id=issued.token.pk, reason="x", now=NOW)
        _, other = token_made()
        AccessToken.objects.filter(pk=issued.token.pk).update(key=key_of(other))
        with pytest.raises(TokenUnknown) as refused:
            bearer_get(written=other, today=TODAY)
        assert refused.value.codes() == ["tokens.unknown"]


class TestUse:
    def test_is_noted_but_not_each_time(self, admin: Actor) -> None:
        token = connect(admin).token
        for hour, place in ((9, "10.0.0.1"), (9, "10.0.0.1"), (10, "10.0.0.2")):
            services.token_used(token_id=token.pk, place=place, now=moment(TODAY, hour))
        token.refresh_from_db()
        assert (token.last_used_at, token.last_used_from) == (moment(TODAY, 10), "10.0.0.2")

    @pytest.mark.parametrize(
        ("networks", "place", "may"),
        [
            ([], "203.0.113.9", True),
            (["10.8.0.0/24"], "10.8.0.200", True),
            (["10.8.0.0/24"], "10.8.1.1", False),
            (["10.8.0.0/24"], "::ffff:10.8.0.7", True),
            (["2001:db8::/32"], "2001:db8::1", True),
            (["10.8.0.0/24", "2001:db8::/32"], "unknown", False),
        ],
        ids=range(6),
    )
    def test_comes_from_where_it_may(self, networks: list[str], place: str, may: bool) -> None:
        assert comes_from(networks, place) is may

    def test_its_name_shows_no_secret(self, admin: Actor) -> None:
        assert re.fullmatch(r"gk_\w{8}_…", str(connect(admin).token))

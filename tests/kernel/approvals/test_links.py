"""A signer without an account: the link works once, for one step, for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals import selectors, services
from gongkai.kernel.approvals.models import Approval, Signature, SigningLink
from gongkai.kernel.approvals.selectors.links import contact_key
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.world import NOW, TODAY
from tests.kernel.approvals.rounds import DIGEST, LAWFUL, ORDER, OTHER, Team


def waiting(team: Team) -> Approval:
    """A round that has come to the legality review."""
    approval = team.open(flags=["legality"])
    team.sign_all(approval, ORDER[:4])
    return approval


def issue(team: Team, approval: Approval, who: User | None = None, **more: Any) -> tuple[SigningLink, str]:
    fields: dict[str, Any] = {"step": "legality_review", "name": "卢律师", "contact": "138 0000 1234", "now": NOW}
    actor = team.acting(who or team.office)
    return services.link_issue(actor=actor, approval_id=approval.pk, **{**fields, **more})


def sign(token: str, **more: Any) -> Signature:
    fields: dict[str, Any] = {"digest": DIGEST, "verdict": "sign", "form": LAWFUL, "now": NOW + timedelta(hours=1)}
    return services.link_sign(token=token, **{**fields, **more})


def codes(call: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    assert all(caught.value.sentences())
    return caught.value.codes()


class TestLink:
    def test_signs_its_step_once(self, team: Team) -> None:
        approval = waiting(team)
        link, token = issue(team, approval, organization="青溪律师事务所")
        assert token not in {link.token_hash}
        seen = selectors.link_read(token=token, now=NOW)
        assert (seen.step.code, seen.digest, seen.form and seen.form.code) == ("legality_review", DIGEST, "legality")
        signature = sign(token)
        assert (signature.signer, signature.signer_name) == (None, "卢律师（青溪律师事务所）")
        assert codes(sign, token) == ["approvals.link.used"]
        assert codes(selectors.link_read, token=token, now=NOW) == ["approvals.link.used"]
        progress = selectors.approval_progress(selectors.approval_get(approval.pk), today=TODAY)
        row = next(step for step in progress.steps if step.code == "legality_review")
        assert (row.by_link, row.vouched_by) == (True, "欧阳办")

    def test_needs_the_form_and_the_digest_that_was_shown(self, team: Team) -> None:
        _, token = issue(team, waiting(team))
        assert set(codes(sign, token, form={})) == {"approvals.form.missing"}
        assert codes(sign, token, digest=OTHER) == ["approvals.digest.changed"]

    def test_expires(self, team: Team) -> None:
        link, token = issue(team, waiting(team))
        assert link.expires_at == NOW + timedelta(days=3)
        assert codes(sign, token, now=link.expires_at) == ["approvals.link.expired"]

    def test_is_taken_back(self, team: Team) -> None:
        link, token = issue(team, waiting(team))
        services.link_revoke(actor=team.acting(team.office), link_id=link.pk, now=NOW)
        assert codes(sign, token) == ["approvals.link.revoked"]
        assert codes(services.link_revoke, actor=team.acting(team.office), link_id=link.pk, now=NOW) == [
            "approvals.link.revoked"
        ]

    def test_ends_with_the_round(self, team: Team) -> None:
        approval = waiting(team)
        _, token = issue(team, approval)
        services.approval_void(
            actor=team.acting(team.author), target_type="test.text", target_id="1", reason="改", now=NOW
        )
        assert codes(sign, token) == ["approvals.link.ended"]

    @pytest.mark.parametrize("token", ["", "x", "a" * 43, "../../etc/passwd", "字" * 30])
    def test_another_token_opens_nothing(self, team: Team, token: str) -> None:
        assert codes(sign, token) == ["approvals.link.unknown"]


class TestIssue:
    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"step": "confidentiality_review"}, "approvals.link.not_allowed"),
            ({"name": " "}, "approvals.link.no_name"),
            ({"contact": ""}, "approvals.link.no_contact"),
            ({"contact": "不知道"}, "approvals.link.bad_contact"),
            ({"step": "nothing"}, "approvals.step.unknown"),
        ],
    )
    def test_is_refused_with_the_reason(self, team: Team, more: dict[str, str], code: str) -> None:
        assert codes(issue, team, waiting(team), **more) == [code]

    def test_not_before_the_step_is_open(self, team: Team) -> None:
        assert codes(issue, team, team.open(flags=["legality"])) == ["approvals.link.not_open"]

    def test_not_to_somebody_with_an_account(self, team: Team) -> None:
        User.objects.filter(pk=team.author.pk).update(phone="13800001234")
        assert codes(issue, team, waiting(team)) == ["approvals.link.has_account"]

    @pytest.mark.parametrize("role", list(Role))
    def test_who_may(self, team: Team, role: Role) -> None:
        approval = waiting(team)
        user = team.world.person(role, team.unit)
        if role in (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD):
            assert issue(team, approval, user)[1]
        else:
            with pytest.raises(NotPermitted):
                issue(team, approval, user)

    def test_an_author_who_is_the_office_cannot_vouch_for_a_signer(self, team: Team) -> None:
        approval = team.open(flags=["legality"], author_ids=[team.office.pk])
        team.sign_all(approval, ORDER[:4])
        _, token = issue(team, approval)
        assert codes(sign, token) == ["approvals.separation.author"]


class TestContactKey:
    @pytest.mark.parametrize(
        ("contact", "key"),
        [
            ("+86 138-0000-1234", "13800001234"),
            ("8613800001234", "13800001234"),
            ("0797 8391234", "07978391234"),
            (" Lu@Example.CN ", "lu@example.cn"),
            ("不知道", ""),
            ("123", ""),
        ],
    )
    def test_tells_people_apart_however_they_are_written(self, contact: str, key: str) -> None:
        assert contact_key(contact) == key

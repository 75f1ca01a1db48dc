"""What the tests of review and release share: browsers of actors, steps of a round, addresses."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.features.disclosure.models import Item
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.approvals.models import Approval, ApprovalStep
from tests.factories.disclosure import Bureau, answers


def url(name: str, *args: Any) -> str:
    return reverse(f"disclosure:staff:{name}", args=args)


def today() -> date:
    return timezone.localdate()


def browser(actor: Actor | None) -> Client:
    """A browser in which that person (or nobody) is signed in."""
    client = Client()
    if actor is not None:
        user = User.objects.get(pk=actor.user_id)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(response: Any) -> str:
    """The text of a page."""
    return response.content.decode()


def words_of(response: Any) -> str:
    """What a page says, without tags and blanks."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page_of(response)))


def step_of(approval: Approval, code: str) -> ApprovalStep:
    return ApprovalStep.objects.get(approval=approval, code=code)


def sign_data(approval: Approval, code: str, **more: Any) -> dict[str, Any]:
    """What the sign page sends when somebody agrees."""
    return {"digest": approval.digest, "verdict": "sign", **answers(step_of(approval, code).form), **more}


def sign_by_web(bureau: Bureau, approval: Approval) -> list[Actor]:
    """Let different people sign every step through the page."""
    rows = list(ApprovalStep.objects.filter(approval=approval).order_by("order", "position"))
    used: set[int | None] = set(approval.authors)
    signers = []
    for row in rows:
        actor = bureau.signer(row, used)
        used.add(actor.user_id)
        signers.append(actor)
        response = browser(actor).post(url("sign", approval.pk, row.code), sign_data(approval, row.code))
        assert response.status_code == 302, words_of(response)
    return signers


def round_of_item(item: Item) -> Approval:
    """The newest round over an item."""
    found = Approval.objects.filter(target_type="disclosure.item", target_id=str(item.pk)).order_by("-round").first()
    assert found is not None
    return found

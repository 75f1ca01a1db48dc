"""Linked applications, remedies and amendments in a real browser: every page accessible in two looks and never too wide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from tests.browser.looks import faults
from tests.factories.foi import Desk, request

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.amendment import AmendmentCommand, AmendmentVerb
from gongkai.domain.foi.defense import DefenseCommand, DefenseVerb
from gongkai.domain.foi.model import RemedyKind
from gongkai.domain.foi.parting import Part
from gongkai.features.foi import services
from gongkai.kernel.accounts.actor import Actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def remedied(desk: Desk) -> int:
    """A case with a reconsideration that waits for its answer."""
    application = desk.granted(desk.today)
    desk.do(application, c.FileRemedy(on=desk.today, kind=RemedyKind.RECONSIDERATION, ref="青府复〔2026〕3号"))
    row = application.remedies.get()
    notify = DefenseCommand(verb=DefenseVerb.NOTIFY, on=desk.today, organ="青溪县人民政府")
    services.remedy_step(actor=desk.clerk, remedy_id=row.pk, command=notify, now=timezone.now())
    return row.pk


class TestEveryPage:
    def test_is_accessible_in_two_looks_and_never_too_wide(
        self,
        become: Callable[[Actor], Any],
        live_server: Any,
        desk: Desk,
        axe: Callable[..., None],
    ) -> None:
        one, two = desk.taken().application, desk.taken(request=request(subject="学府路施工许可证")).application
        text = "1.甲项目的批复文件；2.乙项目的批复文件"
        paper = desk.taken(request=request(subject="甲项目、乙项目", description=text)).application
        services.application_split(
            actor=desk.clerk,
            application_id=paper.pk,
            parts=[Part("甲项目、乙项目", "甲项目的批复文件"), Part("乙项目", "乙项目的批复文件")],
            on=desk.today,
            now=timezone.now(),
        )
        remedy, row = remedied(desk), desk.amendment().amendment
        ask = AmendmentCommand(verb=AmendmentVerb.ASK_EVIDENCE, on=desk.today, text="请提交户口簿")
        services.amendment_do(actor=desk.clerk, amendment_id=row.pk, command=ask, now=timezone.now())
        page = become(desk.clerk)
        paths = [
            f"{paper.pk}/",
            *(f"{two.pk}/{name}/" for name in ("split", "move", "merge")),
            f"{two.pk}/like/{one.pk}/",
            "remedies/",
            f"remedies/{remedy}/",
            f"remedies/{remedy}/evidence/",
            "amendments/",
            "amendments/new/",
            f"amendments/{row.pk}/",
        ]
        wrong = faults(page, axe, f"{live_server.url}/admin/foi/", paths)
        assert not wrong, "\n".join(wrong)

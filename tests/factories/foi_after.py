"""Answered and archived cases, and people who work on what comes after."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from gongkai.domain.foi import commands as c
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.selectors.course import case_course
from tests.factories.foi import Desk
from tests.factories.world import moment


def upload(name: str, data: bytes) -> BytesIO:
    """A file as a form hands it in."""
    found = BytesIO(data)
    found.name = name
    return found


def closed(desk: Desk, on: date, **more: Any) -> Application:
    """A case that was granted and closed on one day."""
    application = desk.granted(on, **more)
    rules = case_course(application=application).law.dispositions.dispositions["granted_provide"]
    evidence = tuple(item.code for item in rules.evidence if not item.later)
    return desk.do(application, c.Close(on=on, evidence=evidence))


def archived(desk: Desk, on: date, **more: Any) -> Application:
    """The same, filed away."""
    return desk.do(closed(desk, on, **more), c.Archive(on=on))


def paper(desk: Desk, application: Application, kind: str, name: str, data: bytes, on: date | None = None) -> CasePaper:
    """A paper put into a case."""
    return services.paper_add(
        actor=desk.clerk,
        application_id=application.pk,
        kind=kind,
        title=name,
        upload=upload(name, data),
        now=moment(on or desk.today, 11),
    )

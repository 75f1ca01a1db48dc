"""A bureau that is asked for information, the people who handle it, and applications at any stage."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.intake import Person, Request
from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.receipt import Channel, ReceiptFact
from gongkai.domain.foi.wishes import Form
from gongkai.features.foi import services
from gongkai.features.foi.models import Application
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from tests.factories.world import TODAY, World, moment

_numbers = count(1)
WRONG, WANTED = "出生日期写成1990年1月10日", "出生日期1990年1月1日"
NAME, PHONE, NUMBER, ADDRESS = "欧阳晓明", "13979701234", "360721199001011233", "江西省青溪县东湾镇学府路18号3栋502室"


def person(**more: Any) -> Person:
    """A citizen with everything filled in."""
    fields: dict[str, Any] = {
        "kind": ApplicantClass.NATURAL_PERSON,
        "name": NAME,
        "id_number": NUMBER,
        "phone": PHONE,
        "email": "ouyang.xm@example.net",
        "address": ADDRESS,
    }
    return Person(**{**fields, **more})


def request(**more: Any) -> Request:
    """A request for a document."""
    fields: dict[str, Any] = {
        "subject": "学府路改造项目环境影响评价批复",
        "description": "2025年学府路改造项目的环境影响报告表及批复文件全文。",
        "wanted_form": Form.ELECTRONIC,
        "wanted_delivery": Delivery.ONLINE,
    }
    return Request(**{**fields, **more})


class Desk:
    """A unit with everybody who has to do with its applications."""

    def __init__(self, world: World, today: date = TODAY) -> None:
        self.world, self.today = world, today
        self.unit = world.education
        self.clerk = world.actor(Role.DISCLOSURE_OFFICE, self.unit, today)
        self.head = world.actor(Role.DISCLOSURE_OFFICE_HEAD, self.unit, today)
        self.lawyer = world.actor(Role.LEGALITY_REVIEWER, self.unit, today)
        self.leader = world.actor(Role.UNIT_LEADER, self.unit, today)

    def taken(self, *, on: date | None = None, **more: Any) -> services.Taken:
        """An application handed in at the desk: received at once."""
        day = on or self.today
        fields: dict[str, Any] = {
            "actor": self.clerk,
            "unit_id": self.unit.pk,
            "channel": Channel.IN_PERSON,
            "person": person(),
            "request": request(),
            "on": day,
            "now": moment(day),
        }
        return services.application_submit(**{**fields, **more})

    def online(self, *, on: date | None = None, **more: Any) -> services.Taken:
        """An application from the public page: not yet confirmed."""
        return self.taken(on=on, actor=Actor.anonymous(), channel=Channel.ONLINE, **more)

    def amendment(self, *, on: date | None = None, **more: Any) -> services.AmendmentTaken:
        """A request to amend the own record, handed in at the desk with the identity card shown."""
        day = on or self.today
        fields: dict[str, Any] = {
            "actor": self.clerk,
            "unit_id": self.unit.pk,
            "channel": Channel.IN_PERSON,
            "person": person(),
            "record": "2024年城乡居民医保参保登记",
            "wrong": WRONG,
            "wanted": WANTED,
            "on": day,
            "shown": True,
            "now": moment(day),
        }
        return services.amendment_submit(**{**fields, **more})

    def do(self, application: Application, command: c.Command, *, by: Actor | None = None) -> Application:
        """Do one step on the day it happened."""
        return services.case_do(
            actor=by or self.clerk, application_id=application.pk, command=command, now=moment(command.on, 10)
        )

    def granted(self, on: date, closed: date | None = None, **more: Any) -> Application:
        """An application answered by providing the information, up to its service."""
        application = self.taken(on=on, **more).application
        day = closed or on
        for command, who in (
            (c.Accept(on=on), self.clerk),
            (c.Draft(on=day, disposition="granted_provide"), self.clerk),
            (c.Sign(on=day, signed_by="局长"), self.leader),
            (c.Send(on=day, delivery=Delivery.ONLINE), self.clerk),
        ):
            application = self.do(application, command, by=who)
        return application


def confirm(desk: Desk, application: Application, on: date, at: datetime | None = None) -> Application:
    """Both sides have confirmed."""
    facts = (ReceiptFact.CONFIRMED_BY_ORGAN, ReceiptFact.CONFIRMED_BY_APPLICANT)
    return services.receipt_record(
        actor=desk.clerk, application_id=application.pk, facts=facts, on=on, now=at or moment(on, 15)
    )

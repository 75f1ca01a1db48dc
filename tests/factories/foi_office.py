"""What the bureau of the tests has set up for its letters, and letters that go out."""

from __future__ import annotations

from typing import Any

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.office import OfficeEntry
from gongkai.domain.foi.remedies import Role
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, CasePaper, OfficeFacts
from tests.factories.foi import Desk
from tests.factories.world import moment

COURT, CHANNEL = "青溪县人民法院", "“掌上复议”小程序"
REPLY = {"facts": "该信息由本机关制作", "form": "电子版", "provided": "批复文件一份"}


def entry(**more: Any) -> OfficeEntry:
    """Everything an office sets up."""
    fields: dict[str, Any] = {
        "names": {Role.BASIC_COURT: COURT, Role.REVIEW_CHANNEL: CHANNEL},
        "doc_code": "青教体",
        "doc_pattern": "{unit}公复〔{year}〕{number:2}号",
        "seal_name": "青溪县教育体育局政府信息公开专用章",
        "contact": "办公室",
        "phone": "0000-1234567",
        "address": "青溪县学府路1号",
        "office_hours": "工作日8:30-17:30",
    }
    return OfficeEntry(**{**fields, **more})


def set_up(desk: Desk, **more: Any) -> OfficeFacts:
    """The bureau has set everything up, from today on."""
    return services.office_save(
        actor=desk.head, unit_id=desk.unit.pk, entry=entry(**more), from_on=desk.today, now=moment(desk.today)
    )


def signed(desk: Desk, disposition: str = "granted_provide", grounds: tuple[str, ...] = ()) -> Application:
    """An application whose reply is signed and not yet sent."""
    application = desk.taken().application
    today = desk.today
    desk.do(application, c.Accept(on=today))
    desk.do(application, c.Draft(on=today, disposition=disposition, grounds=grounds))
    return desk.do(application, c.Sign(on=today, signed_by="局长"), by=desk.leader)


def reply(desk: Desk, application: Application, **more: Any) -> CasePaper:
    """The letter that provides the information."""
    fields: dict[str, Any] = {
        "actor": desk.clerk,
        "application_id": application.pk,
        "code": "L10_granted",
        "values": REPLY,
        "delivery": Delivery.POST,
        "sealed": True,
        "on": desk.today,
        "now": moment(desk.today, 11),
    }
    return services.letter_write(**{**fields, **more})

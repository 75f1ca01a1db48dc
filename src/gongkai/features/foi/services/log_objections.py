"""The applicant does not want the answer in the log: recorded once by whatever way, and honoured at every stage."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from gongkai.domain.issues import Issue
from gongkai.features.foi import after_permissions, permissions
from gongkai.features.foi.items_port import items
from gongkai.features.foi.models import Application, LogEntry, LogObjection
from gongkai.features.foi.permissions import OFFICE
from gongkai.features.foi.selectors.access import NotFound, application_by_code
from gongkai.features.foi.selectors.log_entries import gone_on_ids, objected_ids
from gongkai.features.foi.services.after_actions import KIND_LOG
from gongkai.features.foi.services.writing import audit_case, day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.notices.services import notice_send

_DROPPED = "不再列入答复公开目录"


def applicant_object(*, query_code: str, now: datetime) -> LogObjection:
    """The applicant objects on the own page; said before it changes nothing. Raises NotFound."""
    found = application_by_code(query_code=query_code)
    actor = Actor(user_id=None, name="申请人")
    with transaction.atomic(), gathered():
        application = _locked(found.pk)
        return objection_write(application=application, actor=actor, way=LogObjection.Way.FOLLOW, now=now)


def objection_record(*, actor: Actor, application_id: int, now: datetime, on: date | None = None) -> LogObjection:
    """The office writes down that the applicant objects; raises NotFound, NotPermitted, Refused for a later day."""
    with transaction.atomic(), gathered():
        application = _locked(application_id)
        if not permissions.can_see_case(actor, application.unit_id):
            raise NotFound()
        if not after_permissions.can_edit_log(actor, application.unit_id):
            raise NotPermitted(ability="记录申请人不同意列入答复公开目录")
        if on is not None and on > day_of(now):
            raise Refused(Issue("foi.log.objected_later", "on"))
        return objection_write(application=application, actor=actor, way=LogObjection.Way.DESK, now=now, on=on)


def objection_write(
    *, application: Application, actor: Actor, way: LogObjection.Way, now: datetime, on: date | None = None
) -> LogObjection:
    """Write an objection on a locked case, and stop its entry wherever it stands; one that is there stays as it is.

    A draft that nobody reviews yet is discarded; what is under review or public is the office's to take back or down at
    once, and it is told so. Permission is the caller's matter. Inside a transaction only.
    """
    objection, new = LogObjection.objects.get_or_create(
        application=application,
        defaults={"way": way.value, "said_on": on or day_of(now), "by_name": actor.name[:150], "at": now},
    )
    if not new:
        return objection
    entries = LogEntry.objects.select_related("application").select_for_update(of=("self",), no_key=True)
    for entry in entries.filter(application_id__in=gone_on_ids(application.pk)).order_by("application_id"):
        _stop(entry, entry.application, now)
    audit_case(
        application=application,
        actor=actor,
        action="foi.log.object",
        summary=f"申请人不同意列入答复公开目录（{way.label}）",
        now=now,
    )
    return objection


def _stop(entry: LogEntry, application: Application, now: datetime) -> None:
    if entry.item_id is None:
        entry.state = LogEntry.State.OBJECTED.value
        entry.save(update_fields=["state"])
        return
    if items().drop(item_id=entry.item_id, reason=_DROPPED, now=now):
        entry.state = LogEntry.State.OBJECTED.value
        entry.save(update_fields=["state"])
        return
    objection_tell(entry=entry, application=application, now=now)


def objection_tell(*, entry: LogEntry, application: Application, now: datetime) -> int:
    """Tell the office that something has to come down, once a day; returns how many notices are new."""
    people = users_of_units(unit_ids=[application.unit_id], today=day_of(now), roles=OFFICE)
    return notice_send(
        recipients=[user.pk for user in people.get(application.unit_id, ())],
        kind=KIND_LOG,
        title="答复公开目录有一条须撤下",
        body="申请人表示不同意列入。已经公开的请撤下，正在审核的请撤回并作废。",
        url=reverse("foi:staff:log_entry", args=[entry.pk]),
        dedupe_key=f"foi.log.objected.{entry.pk}.{day_of(now).isoformat()}",
        level="urgent",
        now=now,
    )


def item_published(*, item_id: int, now: datetime) -> int:
    """An item went out: where the applicant had objected meanwhile, the office is told at once."""
    entry = LogEntry.objects.select_related("application").filter(item_id=item_id).first()
    if entry is None or not objected_ids([entry.application_id]):
        return 0
    return objection_tell(entry=entry, application=entry.application, now=now)


def _locked(application_id: int) -> Application:
    rows = Application.objects.select_related("unit").select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=application_id).first()
    if found is None:
        raise NotFound()
    return found

"""Everything an item's page shows, and what this actor may do with it."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from gongkai.domain.issues import Issue
from gongkai.domain.items import ItemContent, State, Verb, possible
from gongkai.domain.items.fields import FIELD_NAMES
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import AttributeDecision, Item, ItemReader
from gongkai.features.disclosure.selectors.access import is_public, item_get, was_public
from gongkai.features.disclosure.selectors.addresses import public_path
from gongkai.features.disclosure.selectors.items import TARGET, item_rows
from gongkai.features.disclosure.selectors.lineage import unit_note
from gongkai.features.disclosure.selectors.values import DecisionRow, ItemDetail, ReaderRow
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals.models import Approval, ApprovalState, Purpose, Signature, Verdict
from gongkai.rulebook.disclosure import ItemKind, disclosure_rules

BY_VERB = {
    Verb.SAVE: permissions.can_edit_item,
    Verb.REVISE: permissions.can_edit_item,
    Verb.ABANDON: permissions.can_edit_item,
    Verb.DECIDE_ATTRIBUTE: permissions.can_decide_attribute,
    Verb.CIRCULATE: permissions.can_circulate,
    Verb.RECALL: permissions.can_circulate,
    Verb.SCHEDULE: permissions.can_publish,
    Verb.UNSCHEDULE: permissions.can_publish,
    Verb.PUBLISH: permissions.can_publish,
    Verb.WITHDRAW: permissions.can_withdraw,
    Verb.ARCHIVE: permissions.can_archive,
    Verb.REOPEN: permissions.can_archive,
    Verb.DISCARD: permissions.can_discard,
}
"""Which predicate guards which verb; what the review does (return, approve, void …) nobody does by hand."""


def item_detail(*, actor: Actor, item_id: int, today: date) -> ItemDetail:
    """Return everything about an item; raises NotFound."""
    item = item_get(actor=actor, item_id=item_id)
    assert item.head is not None
    content = ItemContent.from_data(item.head.content)
    rules = disclosure_rules()
    kind = rules.kinds.get(item.kind)
    found = _round(item)
    now = timezone.make_aware(datetime.combine(today, time.max))
    public = is_public(item.pk, at=now)
    verbs = item_verbs(actor, item, public=public)
    edits = Verb.SAVE in verbs or Verb.REVISE in verbs
    return ItemDetail(
        row=item_rows([item], today=today)[0],
        content=content,
        kind=kind,
        grounds=tuple(rules.grounds[code] for code in item.grounds if code in rules.grounds),
        subject=rules.subject_path(content.subject) if content.subject else "",
        created_at=item.created_at,
        attribute_note=item.ground_note,
        attribute_by_name=item.attribute_decided_by.get_full_name() if item.attribute_decided_by else "",
        attribute_at=item.attribute_decided_at,
        decisions=_decisions(item),
        attachments=content.attachments,
        readers=_readers(item),
        approval_id=found.pk if found else None,
        signed=_signed(found),
        issuer_note=issuer_note(item, content, on=today),
        public_path=public_path(item.uid) if public else "",
        draft_by_name=item.draft_by.get_full_name() if item.draft_by else "",
        draft_at=item.draft_at,
        verbs=verbs,
        can_edit=edits,
        can_decide_attribute=Verb.DECIDE_ATTRIBUTE in verbs,
        can_circulate=Verb.CIRCULATE in verbs,
        can_recall=Verb.RECALL in verbs,
        can_publish=Verb.PUBLISH in verbs,
        can_withdraw=Verb.WITHDRAW in verbs,
        can_limit=permissions.can_limit_item(actor, item),
        can_discard=Verb.DISCARD in verbs,
        can_archive=Verb.ARCHIVE in verbs,
        missing=missing_fields(content, kind),
    )


def item_verbs(actor: Actor, item: Item, *, public: bool) -> tuple[Verb, ...]:
    """Return what the actor may do with the item now, by the table of states, the record of publication and the roles."""
    verbs = [verb for verb in possible(State(item.state)) if verb in BY_VERB and BY_VERB[verb](actor, item)]
    ever = public or was_public(item.pk)
    without = {Verb.ARCHIVE} if public else {Verb.WITHDRAW, Verb.ABANDON}
    without |= {Verb.DISCARD} if ever else set()
    without |= set() if item.attribute == Item.Attribute.PROACTIVE else {Verb.PUBLISH, Verb.SCHEDULE}
    without |= set() if item.attribute and item.grounds else {Verb.CIRCULATE}
    return tuple(verb for verb in verbs if verb not in without)


def missing_fields(content: ItemContent, kind: ItemKind | None) -> tuple[Issue, ...]:
    """Return which fields the item's kind asks for and the content does not have yet; warnings while it is written."""
    wanted = kind.required if kind else ()
    return tuple(
        Issue("disclosure.field.missing", field=name, values={"field": FIELD_NAMES[name]})
        for name in wanted
        if not getattr(content, name)
    )


def issuer_note(item: Item, content: ItemContent, *, on: date) -> str:
    """Return what became of the unit that issued the item: 原青溪县粮食局（2025年并入…）; empty where nothing changed."""
    since = content.written_on or content.issued_on or timezone.localdate(item.created_at)
    if content.issuer is None or not content.issuer.name:
        return ""
    return unit_note(unit_id=content.issuer.id, name=content.issuer.name, since=since, on=on)


def _round(item: Item) -> Approval | None:
    assert item.head is not None
    rounds = Approval.objects.filter(target_type=TARGET, target_id=str(item.pk), digest=item.head.digest)
    return rounds.exclude(purpose=Purpose.AFTER_REVIEW).order_by("-round").first()


def _signed(found: Approval | None) -> tuple[str, ...]:
    if found is None or found.state not in (ApprovalState.OPEN, ApprovalState.COMPLETED):
        return ()
    rows = Signature.objects.filter(approval=found, verdict=Verdict.SIGN).order_by("signed_at", "pk")
    return tuple(dict.fromkeys(rows.values_list("signer_name", flat=True)))


def _decisions(item: Item) -> tuple[DecisionRow, ...]:
    grounds = disclosure_rules().grounds
    rows = AttributeDecision.objects.filter(item=item).select_related("decided_by").order_by("-decided_at", "-pk")
    return tuple(
        DecisionRow(
            attribute=row.attribute,
            attribute_name=row.get_attribute_display(),
            grounds=tuple(grounds[code].label if code in grounds else code for code in row.grounds),
            note=row.note,
            reassessed=row.reassessed,
            by_name=row.decided_by.get_full_name() if row.decided_by else "系统",
            at=row.decided_at,
        )
        for row in rows
    )


def _readers(item: Item) -> tuple[ReaderRow, ...]:
    rows = ItemReader.objects.filter(item=item).select_related("user", "added_by").order_by("added_at", "pk")
    return tuple(
        ReaderRow(
            row.user_id,
            row.user.get_full_name(),
            row.added_by.get_full_name() if row.added_by else "系统",
            row.added_at,
        )
        for row in rows
    )

"""Making many drafts at once: the same checks and the same record as one by one, in a handful of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.db.models import JSONField, OuterRef, Subquery, Value

from gongkai.domain.issues import Issue
from gongkai.domain.items import AttachmentRef, ItemContent, Verb
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.events import AttributeDecided, ItemCreated, ItemDated
from gongkai.features.disclosure.models import AttributeDecision, DirectoryColumn, Item, Revision
from gongkai.features.disclosure.services.actions import ITEM_ACTIONS, TARGET
from gongkai.features.disclosure.services.attributes import decision_issues
from gongkai.features.disclosure.services.contents import clean_content, clean_text
from gongkai.features.disclosure.services.writing import COPIED, require, with_decision
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record_many
from gongkai.kernel.events import publish
from gongkai.kernel.files.services import KeptFile, files_record
from gongkai.kernel.orgs.models import Unit
from gongkai.rulebook.disclosure import disclosure_rules


@dataclass(frozen=True, slots=True)
class NewItem:
    """One draft to be made: its content without attachments, its files (kept already, with titles), its attribute."""

    content: ItemContent
    files: tuple[tuple[KeptFile, str], ...] = ()
    attribute: str = ""
    grounds: tuple[str, ...] = ()
    ground_note: str = ""
    note: str = ""


@dataclass(slots=True)
class Known:
    """Columns and units that exist, loaded once for many drafts."""

    columns: frozenset[str] = field(default_factory=frozenset)
    units: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def load(cls) -> Known:
        """Return what exists now (two queries)."""
        columns = DirectoryColumn.objects.filter(closed_on__isnull=True).values_list("code", flat=True)
        return cls(frozenset(columns), frozenset(Unit.objects.values_list("pk", flat=True)))


def new_item_check(new: NewItem, *, known: Known) -> tuple[NewItem, list[Issue]]:
    """Return a draft as it may be kept, and everything that is wrong with it: what ``item_create`` would refuse."""
    rules = disclosure_rules()
    given = replace(new.content, attachments=(), attribute="", grounds=(), ground_note="")
    if not given.columns and given.kind in rules.kinds and rules.kinds[given.kind].column in known.columns:
        given = replace(given, columns=(rules.kinds[given.kind].column,))
    units = [unit for unit in (given.issuer, *given.joint) if unit is not None and unit.id is not None]
    issues = [
        Issue("disclosure.column.unknown", field="columns", values={"column": code})
        for code in given.columns
        if code not in known.columns
    ]
    issues += [
        Issue("disclosure.unit.unknown", field="issuer", values={"unit": unit.name or unit.id})
        for unit in units
        if unit.id not in known.units
    ]
    # References were asked for above, for all drafts at once; what is left needs no query.
    bare, faults = clean_content(replace(given, columns=(), issuer=None, joint=()), item_id=None)
    cleaned = replace(bare, columns=given.columns, issuer=given.issuer, joint=given.joint)
    issues += faults
    if new.attribute:
        issues += decision_issues(new.attribute, list(new.grounds), clean_text(new.ground_note))
    return replace(new, content=cleaned), issues


def items_create(*, actor: Actor, unit_id: int, drafts: Sequence[NewItem], now: datetime) -> list[Item]:
    """Make a draft of each, in order; every one has to have passed ``new_item_check``.

    Items, first revisions, attributes, files and audit entries are written together or not at all. The attribute goes
    no way around the gate: like any draft, these need their approvals before anything is published. Raises NotPermitted.
    """
    require(permissions.can_create_item(actor, unit_id), "新建公开信息")
    if not drafts:
        return []
    with transaction.atomic():
        items = [_item(new, unit_id, actor, now) for new in drafts]
        Item.objects.bulk_create(items)
        contents = _with_files(items, drafts, actor=actor, now=now)
        # As an expression, a content is a parameter of its own: Django would put plain values into one array for all
        # rows, where psycopg escapes every quotation mark of the JSON one by one.
        written = [content.as_data() for content in contents]
        revisions = [
            Revision(
                item=item,
                number=1,
                content=Value(data, JSONField()),
                digest=content.digest(),
                text=content.plain_text(),
                note=new.note[:300],
                created_by_id=actor.user_id,
                created_at=now,
            )
            for item, content, data, new in zip(items, contents, written, drafts, strict=True)
        ]
        Revision.objects.bulk_create(revisions)
        for item, revision, data in zip(items, revisions, written, strict=True):
            item.head, revision.content = revision, data
        # One statement without a case for each row, which Django would spend most of the time of a chunk on.
        newest = Revision.objects.filter(item=OuterRef("pk"), number=1).values("pk")
        Item.objects.filter(pk__in=[item.pk for item in items]).update(head=Subquery(newest))
        decisions = AttributeDecision.objects.bulk_create(
            AttributeDecision(
                item=item,
                attribute=new.attribute,
                grounds=list(new.grounds),
                note=clean_text(new.ground_note),
                decided_by_id=actor.user_id,
                decided_at=now,
            )
            for item, new in zip(items, drafts, strict=True)
            if new.attribute
        )
        _audit(items, revisions, decisions, actor=actor, now=now)
        for item in items:
            publish(ItemCreated(item_id=item.pk, at=now))
        for decision in decisions:
            told = AttributeDecided(
                item_id=decision.item_id, decision_id=decision.pk, attribute=decision.attribute, at=now
            )
            publish(told)
            publish(ItemDated(item_id=decision.item_id, at=now))
    return items


def _item(new: NewItem, unit_id: int, actor: Actor, now: datetime) -> Item:
    item = Item(
        unit_id=unit_id,
        created_by_id=actor.user_id,
        created_at=now,
        changed_at=now,
        columns=list(new.content.columns),
        **{name: getattr(new.content, name) for name in COPIED},
    )
    if new.attribute:
        item.attribute, item.grounds, item.ground_note = (
            new.attribute,
            list(new.grounds),
            clean_text(new.ground_note),
        )
        item.attribute_decided_by_id, item.attribute_decided_at = actor.user_id, now
    return item


def _with_files(items: Sequence[Item], drafts: Sequence[NewItem], *, actor: Actor, now: datetime) -> list[ItemContent]:
    """Write the records of the files and return each content with its attachments and its attribute."""
    kept = [
        replace(file, target_type=TARGET, target_id=str(item.pk), unit_id=item.unit_id)
        for item, new in zip(items, drafts, strict=True)
        for file, _ in new.files
    ]
    stored = iter(files_record(actor=actor, files=kept, now=now))
    contents = []
    for item, new in zip(items, drafts, strict=True):
        refs = []
        for _, title in new.files:
            row = next(stored)
            refs.append(AttachmentRef(row.pk, row.sha256, row.name, row.size, row.media_type, title=title))
        contents.append(with_decision(replace(new.content, attachments=tuple(refs)), item))
    return contents


def _audit(
    items: Sequence[Item],
    revisions: Sequence[Revision],
    decisions: Sequence[AttributeDecision],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    entries = [
        {
            "action": "disclosure.item.create",
            "target_type": TARGET,
            "target_id": item.pk,
            "summary": f"新建《{item.title}》（批量导入）",
            "unit_id": item.unit_id,
            "details": {"kind": item.kind, "digest": revision.digest, "limited": False},
        }
        for item, revision in zip(items, revisions, strict=True)
    ]
    entries += [
        {
            "action": ITEM_ACTIONS[Verb.DECIDE_ATTRIBUTE],
            "target_type": TARGET,
            "target_id": decision.item_id,
            "summary": f"确定《{decision.item.title}》的公开属性：{decision.get_attribute_display()}（批量导入）",
            "unit_id": decision.item.unit_id,
            "details": {"attribute": decision.attribute, "grounds": decision.grounds},
        }
        for decision in decisions
    ]
    record_many(actor=actor, entries=entries, now=now)

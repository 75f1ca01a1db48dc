"""What every write to an item has in common: locking, the step by the table of states, the audit entry, the number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.domain.issues import Issue
from gongkai.domain.items import Facts, ItemContent, State, Verb, decide
from gongkai.domain.items.index_numbers import FALLBACK, build_index_no, fallback_code
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import IndexScheme, Item, Publication, Revision
from gongkai.features.disclosure.selectors.access import NotFound, is_public, was_public
from gongkai.features.disclosure.services.actions import TARGET
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals.models import Approval, ApprovalState, Purpose, Signature, Verdict
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.registers.services import number_take

SERIES = "disclosure.index"
COPIED = ("kind", "title", "doc_no", "written_on", "issued_on")


def day_of(now: datetime) -> date:
    """Return the day of ``now`` where the office is."""
    return timezone.localdate(now)


def say_when(moment: datetime) -> str:
    """Return a moment in words, where the office is: 3月2日09:05."""
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def item_lock(*, actor: Actor, item_id: int) -> Item:
    """Load an item for writing, with unit and newest revision; raises NotFound, also for what is hidden.

    Call inside a transaction. The lock leaves the key alone: rows that only refer to the item are written meanwhile.
    """
    item = locked_item(item_id)
    if item is None or not permissions.can_see_item(actor, item):
        raise NotFound(item_id)
    return item


def locked_item(item_id: int | str) -> Item | None:
    """Lock an item's row, then load it, or return None.

    Two statements: whoever waited for the lock would otherwise join the newest revision by the eyes of before.
    """
    row_lock(item_id)
    return next(iter(Item.objects.select_related("unit", "head").filter(pk=item_id).order_by()), None)


def row_lock(item_id: int | str) -> None:
    """Lock an item's row for whoever is about to change the item or its round of approval."""
    list(Item.objects.select_for_update(no_key=True).filter(pk=item_id).order_by().values_list("pk"))


def require(allowed: bool, ability: str) -> None:
    """Raise NotPermitted, naming what was tried, unless it is allowed."""
    if not allowed:
        raise NotPermitted(ability=ability)


def refuse_if(issues: Iterable[Issue]) -> None:
    """Raise Refused with all issues when there is any."""
    found = list(issues)
    if found:
        raise Refused(found)


def facts_of(item: Item, *, now: datetime) -> Facts:
    """Return what the table of states wants to know about an item."""
    ever_public = was_public(item.pk)
    return Facts(
        attribute=item.attribute,
        grounds=tuple(item.grounds),
        public=ever_public and is_public(item.pk, at=now),
        ever_public=ever_public,
        saved=item.head_id is not None,
    )


def step_issues(
    item: Item, verb: Verb, *, now: datetime, reason: str = "", facts: Facts | None = None
) -> tuple[Issue, ...]:
    """Return every reason why the item's state and facts forbid the verb; none when it may be done."""
    return decide(State(item.state), verb, facts or facts_of(item, now=now), reason=reason).issues


def move(item: Item, verb: Verb, *, now: datetime, reason: str = "", facts: Facts | None = None) -> State:
    """Take a step by the table of states; the caller saves ``state`` and ``changed_at``. Returns the state before.

    The item has to be locked. ``facts`` stand in for those of the database where they are just changing. Raises
    Refused with every reason.
    """
    before = State(item.state)
    decision = decide(before, verb, facts or facts_of(item, now=now), reason=reason)
    refuse_if(decision.issues)
    assert decision.after is not None
    item.state, item.changed_at = decision.after.value, now
    return before


def name_of(item: Item) -> str:
    """Return how an item is called where others may read it: by its title, or, when access is limited, by its number."""
    return f"限制知悉的信息（编号{item.pk}）" if item.access_limited else f"《{item.title}》"


def audit_item(
    *, item: Item, actor: Actor, action: str, summary: str, now: datetime, details: Mapping[str, Any] | None = None
) -> None:
    """Add an audit entry about an item; call it last in the transaction. ``summary`` must not tell a limited title."""
    record(
        actor=actor,
        action=action,
        target_type=TARGET,
        target_id=item.pk,
        summary=summary,
        unit_id=item.unit_id,
        details=details,
        now=now,
    )


def content_of(item: Item) -> ItemContent:
    """Return the content of the item's newest revision."""
    assert item.head is not None
    return ItemContent.from_data(item.head.content)


def write_revision(
    item: Item,
    content: ItemContent,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
    restored_from: int | None = None,
) -> Revision:
    """Write the next revision and copy what lists show into the item's columns; the caller saves the item's state.

    Content that is the same as the newest revision's makes no new one. The item has to be locked.
    """
    content = with_decision(content, item)
    digest = content.digest()
    if item.head is not None and item.head.digest == digest:
        return item.head
    revision = Revision.objects.create(
        item=item,
        number=item.head.number + 1 if item.head else 1,
        content=content.as_data(),
        digest=digest,
        text=content.plain_text(),
        note=note[:300],
        restored_from=restored_from,
        created_by_id=actor.user_id,
        created_at=now,
    )
    item.head = revision
    for name in COPIED:
        setattr(item, name, getattr(content, name))
    item.columns = list(content.columns)
    item.changed_at = now
    item.save(update_fields=["head", *COPIED, "columns", "changed_at", "state"])
    return revision


def with_decision(content: ItemContent, item: Item) -> ItemContent:
    """Return the content with the attribute as it was decided; nobody writes it into a text by hand."""
    return replace(content, attribute=item.attribute, grounds=tuple(item.grounds), ground_note=item.ground_note)


def index_no_ensure(item: Item, *, now: datetime) -> str:
    """Give the item its index number if it has none yet; given once, never again. The caller saves ``index_no``.

    The unit's own scheme and code are used; a unit without one gets a code made from its number, so that no item goes
    out without an index number.
    """
    if item.index_no:
        return item.index_no
    scheme = IndexScheme.objects.filter(unit_id=item.unit_id).first()
    year = day_of(now).year
    subject = content_of(item).subject if item.head else ""
    number = build_index_no(
        scheme=scheme.scheme if scheme else FALLBACK,
        code=scheme.code if scheme else fallback_code(item.unit_id),
        year=year,
        number=number_take(series=SERIES, year=year, unit_id=item.unit_id),
        category=subject,
    )
    item.index_no = str(number)
    return item.index_no


def authors_since_publication(item: Item) -> list[int]:
    """Return who made the revisions since the last published one: they count as authors for the separation of persons."""
    # A statement of two narrow columns each: this is asked at every round.
    published = (
        Publication.objects.filter(item_id=item.pk).order_by("-number").values_list("revision__number", flat=True)
    )
    after = next(iter(published[:1]), 0)
    rows = Revision.objects.filter(item_id=item.pk, created_by__isnull=False, number__gt=after).order_by()
    return sorted(set(rows.values_list("created_by_id", flat=True)))


def current_round(item: Item) -> Approval | None:
    """Return the round of approval that is open or completed over the item's newest revision, or None."""
    assert item.head is not None
    rounds = Approval.objects.filter(target_type=TARGET, target_id=str(item.pk), digest=item.head.digest)
    found = rounds.exclude(purpose=Purpose.AFTER_REVIEW).order_by("-round").first()
    return found if found and found.state in (ApprovalState.OPEN, ApprovalState.COMPLETED) else None


def signed_names(item: Item) -> list[str]:
    """Return who has signed the round over the newest revision, in order of signing."""
    found = current_round(item)
    if found is None:
        return []
    rows = Signature.objects.filter(approval=found, verdict=Verdict.SIGN).order_by("signed_at", "pk")
    return list(dict.fromkeys(rows.values_list("signer_name", flat=True)))

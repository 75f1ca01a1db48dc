"""What proves a publication: content against digest, signatures against digest, the entry of the chain, the day's anchor."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from gongkai.domain.issues import Issue
from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.models import Publication
from gongkai.features.disclosure.selectors.publications import approvals_complete
from gongkai.kernel.audit.chain import digest as entry_digest
from gongkai.kernel.audit.models import Anchor, Entry
from gongkai.kernel.errors import Refused

TARGET = "disclosure.item"
MAKE = "disclosure.publication.make"
CHUNK = 200
LABELS = {
    "content": "内容与摘要值一致",
    "approval": "审批按签批记录重新计算，已经签完",
    "gate": "发布检查针对同一内容并且通过",
    "entry": "审计记录写明了这次发布",
    "entry_digest": "审计记录的摘要值正确",
    "time": "发布时间不早于入库时间",
    "anchor": "当日锚点在审计记录之后",
}


@dataclass(frozen=True, slots=True)
class ProofStep:
    """One thing that was checked: whether it holds, and in words what was compared. ``holds`` None: not possible yet."""

    code: str
    label: str
    holds: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A publication and everything that proves it; ``holds`` when no step fails."""

    uid: UUID
    title: str
    number: int
    published_at: datetime
    entered_at: datetime
    digest: str
    entry_sequence: int | None
    entry_digest: str
    anchor_day: date | None
    anchor_sequence: int | None
    anchor_digest: str
    steps: tuple[ProofStep, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing that was checked fails."""
        return all(step.holds is not False for step in self.steps)


def publication_proof(*, uid: UUID | str, number: int | None = None) -> Proof | None:
    """Return the proof of an item's newest publication, or of the one with the number; None when there is none."""
    try:
        wanted = uid if isinstance(uid, UUID) else UUID(str(uid))
    except ValueError:
        return None
    found = _publications().filter(item__uid=wanted)
    if number is not None:
        found = found.filter(number=number)
    newest = found.order_by("-number").first()
    return proof_of(newest) if newest is not None else None


def proofs(*, uid: UUID | str | None = None) -> Iterator[Proof]:
    """Yield the proofs of every publication, or of one item's, in the order of their record.

    Raises Refused ``publication.verify.unknown`` for an identifier under which nothing was published.
    """
    found = _publications()
    if uid is not None:
        try:
            found = found.filter(item__uid=UUID(str(uid)))
        except ValueError:
            found = found.none()
        if not found.exists():
            raise Refused(Issue("publication.verify.unknown", values={"uid": uid}))
    rows = found.order_by("pk").iterator(chunk_size=CHUNK)
    while some := list(islice(rows, CHUNK)):
        yield from proofs_of(some)


def _publications():  # type: ignore[no-untyped-def]
    return Publication.objects.select_related("item", "revision", "approval", "gate_run")


def publication_proofs(*, wanted: Collection[tuple[int, int | None]]) -> dict[int, Proof]:
    """Return the proofs of many items at once, by item: of the publication with the number, else of the newest one."""
    numbers = dict(wanted)
    chosen: dict[int, Publication] = {}
    for publication in _publications().filter(item_id__in=numbers).order_by("item_id", "number"):
        if numbers[publication.item_id] in (None, publication.number):
            chosen[publication.item_id] = publication
    return dict(zip(chosen, proofs_of(list(chosen.values())), strict=True))


def proof_of(publication: Publication) -> Proof:
    """Check one publication from the rows themselves."""
    return proofs_of([publication])[0]


def proofs_of(publications: list[Publication]) -> list[Proof]:
    """Check publications from the rows themselves (three queries, however many they are)."""
    entries: dict[tuple[str, int], Entry] = {}
    ids = [str(publication.item_id) for publication in publications]
    found = Entry.objects.filter(target_type=TARGET, target_id__in=ids, action=MAKE).order_by("sequence")
    for entry in found:
        entries.setdefault((entry.target_id, int(entry.details.get("publication") or 0)), entry)
    first = min((entry.sequence for entry in entries.values()), default=0)
    anchors = list(Anchor.objects.filter(sequence__gte=first).order_by("sequence"))
    ends = [anchor.sequence for anchor in anchors]
    complete = approvals_complete(
        wanted=[(publication.approval_id, publication.digest) for publication in publications]
    )
    proofs = []
    for publication in publications:
        made = entries.get((str(publication.item_id), publication.pk))
        place = bisect_left(ends, made.sequence) if made is not None else len(anchors)
        anchor = anchors[place] if place < len(anchors) else None
        signed = complete[publication.approval_id, publication.digest]
        proofs.append(_proof(publication, made, anchor, signed))
    return proofs


def _proof(publication: Publication, entry: Entry | None, anchor: Anchor | None, signed: bool) -> Proof:
    steps = (
        _content(publication),
        _approval(publication, signed),
        _gate(publication),
        *_entry(publication, entry),
        _time(publication),
        _anchor(anchor, entry),
    )
    return Proof(
        uid=publication.item.uid,
        title=publication.title,
        number=publication.number,
        published_at=publication.published_at,
        entered_at=publication.entered_at,
        digest=publication.digest,
        entry_sequence=entry.sequence if entry else None,
        entry_digest=entry.digest if entry else "",
        anchor_day=anchor.day if anchor else None,
        anchor_sequence=anchor.sequence if anchor else None,
        anchor_digest=anchor.digest if anchor else "",
        steps=steps,
    )


def _step(code: str, holds: bool | None, text: str) -> ProofStep:
    return ProofStep(code, LABELS[code], holds, text)


def _content(publication: Publication) -> ProofStep:
    computed = ItemContent.from_data(publication.revision.content).digest()
    holds = computed == publication.digest == publication.revision.digest
    return _step("content", holds, f"第{publication.revision.number}版，重新计算得{computed}")


def _approval(publication: Publication, complete: bool) -> ProofStep:
    approval = publication.approval
    own = (approval.target_type, approval.target_id) == (TARGET, str(publication.item_id))
    return _step("approval", own and complete, f"审批第{approval.pk}号，第{approval.round}轮")


def _gate(publication: Publication) -> ProofStep:
    run = publication.gate_run
    same = (run.item_id, run.digest) == (publication.item_id, publication.digest)
    return _step("gate", same and run.passed, f"发布检查第{run.pk}号")


def _entry(publication: Publication, entry: Entry | None) -> tuple[ProofStep, ...]:
    if entry is None:
        return (_step("entry", False, "没有找到审计记录"),)
    told = entry.details.get("digest") == publication.digest and entry.details.get("number") == publication.number
    computed = entry_digest(entry.link)
    return (
        _step("entry", told, f"审计记录第{entry.sequence}条"),
        _step("entry_digest", computed == entry.digest, f"重新计算得{computed}"),
    )


def _time(publication: Publication) -> ProofStep:
    """The database's own clock beside the moment given: what was entered later is told, it is no forgery by itself."""
    given, entered = publication.published_at, publication.entered_at
    late = (entered - given).total_seconds()
    if late <= 60:
        return _step("time", True, "发布时间与入库时间相符")
    days, hours, minutes = int(late // 86400), int(late // 3600), int(late // 60)
    told = f"{days}天" if days else f"{hours}小时" if hours else f"{minutes}分钟"
    return _step("time", None, f"入库比所记发布时间晚{told}，属补录，不能由本系统证明当时已经公开")


def _anchor(anchor: Anchor | None, entry: Entry | None) -> ProofStep:
    if anchor is None or entry is None:
        return _step("anchor", None, "当日锚点在次日生成")
    return _step(
        "anchor", anchor.sequence >= entry.sequence, f"{anchor.day}的锚点，到第{anchor.sequence}条，{anchor.digest}"
    )

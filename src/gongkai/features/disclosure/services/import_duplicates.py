"""What rows of an import are there already: in the unit's items, or earlier in the same batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from gongkai.domain.issues import Issue
from gongkai.features.disclosure.models import ImportBatch, ImportRow, Item
from gongkai.features.disclosure.services.import_rows import Prepared
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.files.models import StoredFile
from gongkai.rulebook.messages import describe

Title = tuple[str, date]


@dataclass(slots=True)
class Likenesses:
    """Digests, numbers and titles that are taken, each with how it is told; loaded once for a chunk."""

    files: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    titles: dict[Title, str] = field(default_factory=dict)

    @classmethod
    def load(cls, batch: ImportBatch, prepared: Sequence[Prepared], *, actor: Actor) -> Likenesses:
        """Look up what the rows of a chunk could repeat (four queries).

        Who imports may make items of the unit and sees those of it that are not limited; a limited one is told by its
        number only.
        """
        found = cls()
        digests = [one.digest for one in prepared if one.digest]
        contents = [one.draft.content for one in prepared if one.draft is not None]
        items = Item.objects.filter(unit_id=batch.unit_id).exclude(state=Item.State.DISCARDED)
        kept = StoredFile.objects.filter(sha256__in=digests, target_type="disclosure.item", unit_id=batch.unit_id)
        targets = {
            sha256: int(target) for sha256, target in kept.values_list("sha256", "target_id") if target.isdecimal()
        }
        named = {item.pk: _told(item) for item in items.filter(pk__in=set(targets.values()))}
        found.files = {sha256: named[pk] for sha256, pk in targets.items() if pk in named}
        numbers = [content.doc_no for content in contents if content.doc_no]
        found.numbers = {item.doc_no: _told(item) for item in items.filter(doc_no__in=numbers)}
        titles = [content.title for content in contents if content.written_on]
        for item in items.filter(title__in=titles, written_on__isnull=False):
            found.titles[item.title, item.written_on] = _told(item)
        done = ImportRow.objects.filter(batch=batch, digest__in=digests, state=ImportRow.State.DONE)
        found.rows = dict(done.values_list("digest", "number"))
        return found

    def take(self, one: Prepared) -> str | None:
        """Return how a row's likeness is told; None when it is new, and then it is known for the rows behind it."""
        assert one.draft is not None
        content, number = one.draft.content, one.row.number
        title = (content.title, content.written_on) if content.written_on else None
        if one.digest in self.rows:
            return describe(Issue("intake.row.same_row", values={"row": self.rows[one.digest]}))
        for how, told in (
            ("文件完全相同", self.files.get(one.digest)),
            ("文号相同", self.numbers.get(content.doc_no) if content.doc_no else None),
            ("标题和成文日期相同", self.titles.get(title) if title else None),
        ):
            if told is not None:
                return describe(Issue("intake.row.duplicate", values={"how": how, "what": told}))
        self.rows[one.digest] = number
        if content.doc_no:
            self.numbers[content.doc_no] = f"本批第 {number} 行"
        if title:
            self.titles[title] = f"本批第 {number} 行"
        return None


def _told(item: Item) -> str:
    return f"编号 {item.pk}" if item.access_limited else f"《{item.title}》（编号 {item.pk}）"

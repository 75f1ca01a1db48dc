"""Building the release: everything, or what changed since the last time. Both write the same bytes.

A whole build is the same work over all parts: it goes through the items in chunks, and between two chunks what has
changed meanwhile has its turn. So nothing that is published or taken down waits for it.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from django.db import DatabaseError
from django.utils import timezone

from gongkai.domain.release import Kind, Part, files_of, folder_of
from gongkai.features.disclosure.selectors.standing import items_count
from gongkai.portal.release import parts, planning, selectors
from gongkai.portal.release.assets import asset_files
from gongkai.portal.release.disk import Disk
from gongkai.portal.release.frame import frame_digest
from gongkai.portal.release.packing import SUFFIXES
from gongkai.portal.release.rendering import Files
from gongkai.portal.release.services.slots import changes_settled
from gongkai.portal.release.shared import Kept, Moment
from gongkai.portal.release.workers import Workers, Written

logger = logging.getLogger(__name__)

MOST_FAILED = 5
"""Parts of a chunk that may fail by themselves; with more something is wrong with us, and all stays as it was released."""
FEW = 1000
"""Items that are built faster than other processes start."""
MOST_CHANGES = 500
"""Changes of one step; what is more waits for the next one, which follows at once."""
# Where readers look first comes last: what a page links to is there before the page.
_ORDER = (
    Kind.DISPLAY,
    Kind.ITEM,
    Kind.SITEMAP_SHARD,
    Kind.SITEMAP,
    Kind.LIST_PAGE,
    Kind.LIST,
    Kind.TOPIC,
    Kind.PAGE,
    Kind.HOME,
)
Clock = Callable[[], datetime]
Tell = Callable[[int, int, int], None]
"""Gets the number of items that are done, of how many, and of the files that they have."""


class BuildFailed(Exception):
    """So much could not be rendered that nothing of it was written; what was released before goes on being served."""


@dataclass(slots=True)
class Built:
    """What a step did: parts rendered, files they consist of, whether it built everything."""

    parts: int = 0
    files: int = 0
    everything: bool = False


class Builder:
    """Builds the release below ``root``; ``clock`` tells the moment, asked anew for every chunk.

    A whole build of ``few`` items and more is done by as many ``processes``.
    """

    def __init__(self, root: Path, *, clock: Clock, processes: int = 1, few: int = FEW) -> None:
        self.disk = Disk(root)
        self.clock = clock
        self.processes, self.few = processes, few
        self._workers: Workers | None = None
        self._seen: set[str] | None = None
        self._kept = Kept()

    def step(self) -> Built | None:
        """Render what has changed; everything where nothing was released yet, or by other software. None: nothing to do."""
        with self.disk.alone():
            memory = self.disk.memory()
            if not self.disk.built or memory.get("frame") != frame_digest():
                return self._everything(None)
            return self._changes(memory)

    def full(self, tell: Tell | None = None) -> Built:
        """Render everything, write what differs, take away what belongs to nothing."""
        with self.disk.alone():
            return self._everything(tell)

    def mend(self, wanted: Iterable[Part]) -> Built:
        """Render these parts anew and write them."""
        with self.disk.alone():
            at = self.clock()
            built = self._write(wanted, at, check=True)
            self.disk.commit(built_at=at.astimezone(UTC))
        return built

    def render(self, part: Part, moment: Moment) -> Files | None:
        """Return the files of a part, None where it cannot be rendered. Raises DatabaseError: nothing can be, then."""
        try:
            if part.kind is Kind.ITEM and not moment.has_read(part):
                moment.read_items([part])
            return parts.part_files(part, moment)
        except DatabaseError:
            raise
        except Exception:
            logger.exception("%s could not be rendered", part)
            return None

    def _changes(self, memory: dict[str, object]) -> Built | None:
        at = self.clock()
        on = timezone.localdate(at)
        changes = selectors.changes_due(at=at, limit=MOST_CHANGES)
        before = _day(memory.get("day"))
        if not changes and before == on:
            return None
        anchored = memory.get("anchor", 0)
        plan = planning.plan_changes(changes, at=at, on=on, anchored=anchored if isinstance(anchored, int) else 0)
        if before != on:
            day = planning.plan_day(before=before, on=on, at=at)
            plan.parts |= day.parts
            plan.everything |= day.everything
        if plan.everything and self._seen is None:
            built = self._everything(None)
        else:
            built = self._write(plan.parts, at)
            self._commit(at, on)
        changes_settled(ids=plan.ids)
        return built

    def _everything(self, tell: Tell | None) -> Built:
        """Go through all items, then through all that shows many of them; changes that come meanwhile come between."""
        self._seen, built = set(), Built(everything=True)
        many = items_count(at=self.clock())
        with contextlib.ExitStack() as stack:
            stack.callback(self._forget_run)
            if self.processes > 1 and many >= self.few:
                self._workers = stack.enter_context(Workers(self.disk.root, self.processes))
            at = self.clock()
            anchor, first = planning.newest_anchor(), timezone.localdate(at)
            waiting = selectors.changes_due(at=at, limit=10**6)
            began, known = at, {change.id for change in waiting}
            self._seen |= self.disk.put(asset_files(), check=True)
            done = 0
            for ids in parts.item_chunks(at=at):
                at = self.clock()
                on = timezone.localdate(at)
                self._hand(planning.plan_settled(ids, at=at, on=on), at, built)
                done += len(ids)
                if tell is not None:
                    tell(done - self._under_way, many, built.files)
                self._turn(built, known, began)
            self._rest(built)
            if tell is not None:
                tell(done, done, built.files)
            at = self.clock()
            on = timezone.localdate(at)
            for chunk in _chunks([*parts.list_page_parts(), *parts.fixed_parts(at=at, on=on)]):
                at = self.clock()
                self._hand(chunk, at, built)
                self._turn(built, known, began)
            self._rest(built)
            self._sweep()
            self._commit(at, first, anchor=anchor)
            changes_settled(ids=known)
        return built

    def _forget_run(self) -> None:
        self._seen, self._workers = None, None

    @property
    def _under_way(self) -> int:
        return self._workers.parts_under_way if self._workers is not None else 0

    def _hand(self, wanted: Iterable[Part], at: datetime, built: Built) -> None:
        """Build a chunk of a whole build, here or in another process."""
        if self._workers is None:
            self._add(built, self._write(wanted, at, check=True))
            return
        for written in self._workers.hand(sorted(wanted, key=_rank), at):
            self._take(written, built)

    def _rest(self, built: Built) -> None:
        """Wait for what other processes are building."""
        if self._workers is not None:
            for written in self._workers.rest():
                self._take(written, built)

    def _take(self, done: list[Written], built: Built) -> None:
        """Let the manifest name what another process wrote."""
        assert self._seen is not None
        for one in done:
            owned = self._owned(one.part)
            if one.entries is None:
                self._seen |= owned
                continue
            for path, entry in one.entries.items():
                if self.disk.entry(path) != entry:
                    self.disk.name(path, entry)
            self.disk.remove(owned - one.entries.keys())
            self._seen.update(one.entries)  # `|=` with a view of keys would copy the whole set
            built.parts += 1
            built.files += len(one.entries)

    def write_for(self, some: list[Part], at: datetime) -> list[Written]:
        """Render and write parts for another builder, which holds the seat and names them in its manifest."""
        self.disk.refresh()
        self._kept.bound()
        moment = Moment(at, timezone.localdate(at), self._kept)
        found = []
        for part, files in self._rendered(some, moment):
            paths = self.disk.put(files, check=True) if files is not None else None
            entries = None if paths is None else {path: entry for path in paths if (entry := self.disk.entry(path))}
            found.append(Written(part, entries))
        self.disk.settle()
        return found

    def _turn(self, built: Built, known: set[int], began: datetime) -> None:
        """Let what has changed since a whole build began have its turn."""
        at = self.clock()
        on = timezone.localdate(at)
        changes = selectors.changes_since(known=known, began=began, at=at, limit=MOST_CHANGES)
        if not changes:
            return
        self._rest(built)  # what is under way may have been read before the change
        plan = planning.plan_changes(changes, at=at, on=on, anchored=0)
        # What changes everything once more is left for the step after this build.
        later = {one.id for one in changes if one.subject in {"columns", "lineage", "anchors"}}
        self._add(built, self._write(plan.parts, at))
        self._commit(at, on, remember=False)
        changes_settled(ids=[one.id for one in changes if one.id not in later])

    def _write(self, wanted: Iterable[Part], at: datetime, *, check: bool = False) -> Built:
        built = Built()
        ordered = sorted(wanted, key=_rank)
        self._kept.bound()
        moment = Moment(at, timezone.localdate(at), self._kept)
        for start in range(0, len(ordered), parts.CHUNK):
            self._write_some(ordered[start : start + parts.CHUNK], moment, built, check=check)
        return built

    def _rendered(self, some: list[Part], moment: Moment) -> list[tuple[Part, Files | None]]:
        """Render parts; raises BuildFailed where many of them cannot be."""
        try:
            moment.read_items(some)
            moment.read_lists(some)
        except DatabaseError:
            raise
        except Exception:
            logger.exception("parts could not be read together, each is read by itself")
        rendered = [(part, self.render(part, moment)) for part in some]
        failed = [part for part, files in rendered if files is None]
        if len(failed) > MOST_FAILED:
            raise BuildFailed(f"{len(failed)} of {len(some)} parts could not be rendered, among them {failed[0]}")
        return rendered

    def _write_some(self, some: list[Part], moment: Moment, built: Built, *, check: bool) -> None:
        kind: Kind | None = None
        for part, files in self._rendered(some, moment):
            if part.kind is not kind:
                self.disk.settle()  # what a page leads to is there before the page
                kind = part.kind
            if files is None and self._seen is not None:
                self._seen |= self._owned(part)  # it did not change: the change would have come by itself
                continue
            # What alone cannot be rendered is left out, for Django to answer: better than a page that is not true now.
            written = self.disk.put(files or {}, check=check)
            self.disk.remove(self._owned(part) - written)
            if self._seen is not None:
                self._seen |= written
            built.parts += 1
            built.files += len(written)

    def _owned(self, part: Part) -> set[str]:
        """Every file that the manifest names as this part's."""
        folder = folder_of(part)
        if part.kind in {Kind.ITEM, Kind.PLAN, Kind.TOPIC}:
            return self.disk.owned(folder)
        if folder:
            return set()  # the names of its files are fixed
        names = {f"{path}{suffix}" for path in files_of(part) for suffix in ("", *SUFFIXES)}
        return {name for name in names if self.disk.names(name)}

    def _sweep(self) -> None:
        """Take away what a whole build did not come across."""
        assert self._seen is not None
        self.disk.remove(sorted(self.disk.entries().keys() - self._seen))

    def _commit(self, at: datetime, on: date, *, anchor: int | None = None, remember: bool = True) -> None:
        self.disk.commit(built_at=at.astimezone(UTC))
        if remember:
            newest = planning.newest_anchor() if anchor is None else anchor
            self.disk.remember({"frame": frame_digest(), "day": on.isoformat(), "anchor": newest})

    @staticmethod
    def _add(total: Built, more: Built) -> None:
        total.parts += more.parts
        total.files += more.files


def _rank(part: Part) -> tuple[int, Part]:
    return _ORDER.index(part.kind) if part.kind in _ORDER else len(_ORDER), part


def _chunks(found: list[Part]) -> Iterable[list[Part]]:
    for start in range(0, len(found), parts.CHUNK):
        yield found[start : start + parts.CHUNK]


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None

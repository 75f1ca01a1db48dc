"""The items of the sample city and what happened to each: written, reviewed, released, corrected, taken down.

Everything goes through the services of people and reviews, with the moments at which it would have happened; there is
no other way to publish.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from gongkai.cli.demo.attachments import files_of
from gongkai.cli.demo.item_facts import columns_of, files_wanted, grounds_of, kind_of, masked, minute_of, subject_of
from gongkai.cli.demo.rounds import SYSTEM, Table, after_review_of, steps_of
from gongkai.cli.demo.texts import Block, Text
from gongkai.domain.items import ItemContent, UnitRef
from gongkai.features.disclosure.services import (
    attributes,
    banners,
    bundles,
    circulation,
    columns,
    endings,
    index_schemes,
    items,
    publishing,
    reviews,
    revisions,
    schedules,
    timeliness,
)
from gongkai.features.disclosure.services.uploads import NewAttachment
from gongkai.kernel.approvals.services import route_assign
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.events import unheard

if TYPE_CHECKING:
    from gongkai.cli.demo.history import Stage
    from gongkai.cli.demo.loading import World

SHORT_ROUTE = "town_short"
WORKING_STATES = frozenset({"drafting", "in_review", "returned", "approved", "scheduled"})


def disclosure_prepare(world: World, *, now: datetime) -> None:
    """Fill the directory, give every publishing unit a code for index numbers, and towns the short route."""
    columns.directory_ensure(actor=SYSTEM, now=now)
    admin = world.actor("admin", now.date())
    for number, (key, crew) in enumerate(sorted(world.crews.items()), 1):
        index_schemes.index_scheme_set(
            actor=admin, unit_id=world.units[key], scheme="letter_cat", code=f"Q{number:05d}", now=now
        )
        if crew.short:
            route_assign(actor=admin, route_code=SHORT_ROUTE, unit_id=world.units[key], now=now)


class Story:
    """Puts what happens to every item on a stage."""

    def __init__(self, stage: Stage, world: World) -> None:
        self.stage, self.world = stage, world
        self.calendar = calendar_current()
        self.ids: dict[str, int] = {}
        self.bundles: dict[str, list[Text]] = {}

    def tell(self, written: list[Text]) -> None:
        """Add the steps of the items."""
        for text in written:
            self._write(text)
            if text.state in WORKING_STATES:
                self._desk(text)
            elif text.story.get("emergency"):
                self._urgent(text)
            else:
                self._ordinary(text)
        for name, members in self.bundles.items():
            self._bundle(name, members)
        self._banners()

    def _add(
        self, day: date, hour: int, step: Callable[[datetime], object], minute: int = 0, *, heard: bool = False
    ) -> None:
        """Put a step on the stage; only of what still lies on a desk is anybody told anew (``heard``)."""

        def quietly(now: datetime) -> None:
            with unheard():
                step(now)

        self.stage.add(day, hour, step if heard else quietly, minute=minute)

    # --- days --------------------------------------------------------------------------------------------------------

    def _move(self, day: date, working_days: int) -> date:
        """Return the day that many working days later, or earlier."""
        step = timedelta(days=1 if working_days > 0 else -1)
        left = abs(working_days)
        while left:
            day += step
            if self._works(day):
                left -= 1
        return day

    def _works(self, day: date) -> bool:
        if self.calendar.missing_years(day, day):
            return day.weekday() < 5
        return self.calendar.is_working_day(day)

    # --- writing -----------------------------------------------------------------------------------------------------

    def _table(self, text: Text) -> Table:
        return Table(self.world, self.world.crews[text.unit], masked=masked(text), files=bool(files_wanted(text)))

    def _content(self, text: Text, body: tuple[Block, ...]) -> ItemContent:
        units, names = self.world.units, self.world.full_names
        desk = text.state in ("drafting", "in_review", "returned") and not text.story.get("overdue")
        town = self.world.crews[text.unit].town
        return ItemContent(
            kind=kind_of(text),
            title=text.title,
            body=body,
            issuer=UnitRef(units[text.issuer], names[text.issuer]),
            joint=tuple(UnitRef(units[key], names[key]) for key in text.joint),
            doc_no=text.doc_no,
            written_on=text.written,
            issued_on=None if desk else text.issued,
            effective_on=text.effective,
            expires_on=text.expires,
            subject=subject_of(text),
            columns=columns_of(text, town=town),
        )

    def _author(self, text: Text) -> str:
        return str(text.story.get("author") or self.world.crews[text.unit].author)

    def _write(self, text: Text) -> None:
        """The writer makes the item and says whether and why it is disclosed, before anybody sees it."""
        author = self._author(text)
        grounds, note = grounds_of(text)
        begun = text.issued if text.story.get("emergency") else self._move(text.issued, -3)

        def write(now: datetime) -> None:
            actor = self.world.actor(author, now.date())
            item = items.item_create(
                actor=actor,
                unit_id=self.world.units[text.unit],
                kind=kind_of(text),
                title=text.title,
                content=self._content(text, text.body),
                attachments=[NewAttachment(name=name, upload=data) for name, data in files_of(text)],
                now=now,
            )
            self.ids[text.key] = item.pk
            if text.state == "drafting" and text.key.startswith("desk"):
                return
            attributes.attribute_decide(
                actor=actor, item_id=item.pk, attribute=text.attribute, grounds=grounds, note=note, now=now
            )
            timeliness.timeliness_start(actor=SYSTEM, item_id=item.pk, now=now)

        self._add(begun, 9 if not text.story.get("emergency") else 4, write, minute=minute_of(text))

    def _circulate(self, text: Text, now: datetime, **how: Any) -> Any:
        actor = self.world.actor(self._author(text), now.date())
        return circulation.item_circulate(actor=actor, item_id=self.ids[text.key], now=now, **how)

    def _review(self, text: Text, begun: date, done: date) -> None:
        """The whole round: out in the morning of one day, the last signature in the afternoon of another."""
        table = self._table(text)
        running: list[Any] = []
        first = self._move(begun, 1) if begun < done else begun

        def out(now: datetime) -> None:
            running.append(self._circulate(text, now))

        def middle(now: datetime) -> None:
            for step in steps_of(running[0])[:-1]:
                table.sign(running[0], step, now)

        def last(now: datetime) -> None:
            table.sign(running[0], steps_of(running[0])[-1], now)
            table.follow(running[0], now)

        self._add(begun, 10, out, minute=minute_of(text))
        self._add(min(first, done), 14, middle, minute=minute_of(text))
        self._add(done, 16, last, minute=minute_of(text))

    # --- what happens ------------------------------------------------------------------------------------------------

    def _publisher(self, text: Text, now: datetime) -> Any:
        crew = self.world.crews[text.unit]
        return self.world.actor("gongkai" if text.unit == "office" else crew.secrecy, now.date())

    def _publish(self, text: Text, day: date, hour: int = 9) -> None:
        def publish(now: datetime) -> None:
            publishing.publication_make(actor=self._publisher(text, now), item_id=self.ids[text.key], now=now)
            reviews.review_plan(actor=SYSTEM, item_id=self.ids[text.key], now=now)

        self._add(day, hour, publish, minute=minute_of(text))

    def _ordinary(self, text: Text) -> None:
        """Reviewed in the three days before it is issued, before the public one or two working days after."""
        self._review(text, self._move(text.issued, -3), text.issued)
        if text.state != "published":
            return
        if text.story.get("bundle"):
            self.bundles.setdefault(str(text.story["bundle"]), []).append(text)
        else:
            self._publish(text, self._move(text.issued, int(text.story.get("lag") or 1 + minute_of(text) % 2)))
        self._afterwards(text)

    def _afterwards(self, text: Text) -> None:
        """Corrected, taken down, no longer in force."""
        if correction := text.story.get("correction"):
            self._correct(text, correction)
        if ended := text.story.get("ended"):
            self._add(ended["day"], 11, lambda now: self._end(text, ended, now), minute=minute_of(text))
        if text.story.get("validity"):
            self._validity(text)

    def _correct(self, text: Text, correction: dict[str, Any]) -> None:
        def save(now: datetime) -> None:
            content = replace(self._content(text, text.second))
            revisions.item_save(
                actor=self.world.actor(self._author(text), now.date()),
                item_id=self.ids[text.key],
                content=content,
                base=self._head(text, now),
                note=correction["note"],
                now=now,
            )

        begun = self._move(correction["day"], -1)
        self._add(begun, 9, save, minute=minute_of(text))
        self._review(text, begun, correction["day"])
        self._publish(text, correction["day"], hour=17)

    def _head(self, text: Text, now: datetime) -> int:
        from gongkai.features.disclosure.selectors.access import item_get

        item = item_get(actor=self.world.actor(self._author(text), now.date()), item_id=self.ids[text.key])
        assert item.head is not None
        return int(item.head.number)

    def _end(self, text: Text, ended: dict[str, Any], now: datetime) -> None:
        endings.publication_withdraw(
            actor=self._publisher(text, now),
            item_id=self.ids[text.key],
            kind=ended["kind"],
            reason=ended["reason"],
            redirect_to=self.ids[ended["into"]] if "into" in ended else None,
            now=now,
        )

    def _validity(self, text: Text) -> None:
        outcome = str(text.story["validity"])
        repealed, correction = text.story.get("repealed"), text.story.get("correction")
        if repealed:
            day, note, by = repealed["day"], repealed["why"], None
        elif outcome == "amended" and correction:
            day, note, by = self._move(correction["day"], 1), correction["note"], text.story.get("amended_by")
        else:
            assert text.expires is not None
            day, note, by = self._move(text.expires, 1), "有效期届满，未延续", None

        def review(now: datetime) -> None:
            reviews.validity_review(
                actor=self.world.actor(self._author(text), now.date()),
                item_id=self.ids[text.key],
                outcome=outcome,
                note=note,
                instead_id=self.ids[by] if by else None,
                now=now,
            )

        self._add(day, 17, review, minute=59)

    def _urgent(self, text: Text) -> None:
        """Released at once on the short signatures; the full review follows, or is still owed."""
        table = self._table(text)

        def release(now: datetime) -> None:
            approval = self._circulate(text, now, emergency=True, reason=text.story["why"])
            for step in steps_of(approval):
                table.sign(approval, step, now)
            table.follow(approval, now)
            publishing.publication_make(actor=self._publisher(text, now), item_id=self.ids[text.key], now=now)

        def after(now: datetime) -> None:
            owed = after_review_of(self.ids[text.key])
            for step in steps_of(owed):
                table.sign(owed, step, now)

        self._add(text.issued, 4, release, minute=min(minute_of(text) + 15, 59))
        if text.story["emergency"] == "reviewed":
            self._add(self._move(text.issued, 2), 16, after)

    def _bundle(self, name: str, members: list[Text]) -> None:
        """A document, what explains it and how to apply: published at one moment."""
        lead = next(text for text in members if text.kind == "normative")
        roles = {"normative": "document", "interpretation": "interpretation", "service_guide": "guide"}

        def publish(now: datetime) -> None:
            actor = self._publisher(lead, now)
            bundle = bundles.bundle_create(actor=actor, unit_id=self.world.units[lead.unit], title=lead.title, now=now)
            for text in sorted(members, key=lambda one: one is not lead):
                needs = None if text is lead else self.ids[lead.key]
                bundles.bundle_add(
                    actor=actor,
                    bundle_id=bundle.pk,
                    item_id=self.ids[text.key],
                    role=roles[text.kind],
                    needs_item_id=needs,
                    now=now,
                )
            bundles.bundle_publish(actor=actor, bundle_id=bundle.pk, now=now)
            for text in members:
                reviews.review_plan(actor=SYSTEM, item_id=self.ids[text.key], now=now)

        self._add(self._move(lead.issued, 1), 10, publish, minute=len(name))

    def _desk(self, text: Text) -> None:
        """What lies on a desk today: with some signatures, sent back, approved, or waiting for its moment."""
        if text.state == "drafting":
            return
        table = self._table(text)
        day = text.issued

        def go(now: datetime) -> None:
            approval = self._circulate(text, now)
            until, count = str(text.story.get("until") or ""), text.story.get("signed")
            if text.state in ("approved", "scheduled"):
                until, count = "", None
            steps = steps_of(approval, until=until, count=count)
            for step in steps:
                table.sign(approval, step, now)
            if text.state == "returned":
                following = steps_of(approval)[len(steps)]
                table.sign(approval, following, now, verdict="return", remark=text.story["remark"])
            table.follow(approval, now)
            if text.state == "scheduled":
                moment = (now + timedelta(days=int(text.story["publish_in"]))).replace(hour=8, minute=30, second=0)
                schedules.schedule_set(
                    actor=self._publisher(text, now), item_id=self.ids[text.key], publish_at=moment, now=now
                )

        self._add(day, 11, go, minute=minute_of(text), heard=True)

    def _banners(self) -> None:
        """One that has run out, and one that is up."""

        def old(now: datetime) -> None:
            banners.banner_raise(
                actor=self.world.actor("kezhang", now.date()),
                unit_id=self.world.units["office"],
                level="orange",
                title="6·18强降雨：青河城区段水位上涨，请远离河岸，服从转移安排",
                expires_at=now + timedelta(days=2),
                item_id=self.ids["em-duanqiao"],
                now=now,
            )

        def new(now: datetime) -> None:
            banners.banner_raise(
                actor=self.world.actor("kezhang", now.date()),
                unit_id=self.world.units["office"],
                level="yellow",
                title="今晚到明天山区路段可能结冰，请减少夜间出行",
                expires_at=now + timedelta(days=2),
                item_id=self.ids["em-shuiku"],
                now=now,
            )

        self._add(date(2026, 6, 18), 5, old)
        self._add(self.stage.today, 5, new)

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
from gongkai.rulebook.disclosure import disclosure_rules

if TYPE_CHECKING:
    from gongkai.cli.demo.history import Stage
    from gongkai.cli.demo.loading import World

SHORT_ROUTE = "town_short"
WORKING_STATES = frozenset({"drafting", "in_review", "returned", "approved", "scheduled"})
_KINDS = {
    "normative": "normative_document",
    "policy": "other_policy",
    "profile": "organ_profile",
    "licence": "licence_result",
    "penalty": "announcement",
    "project": "major_project",
    "subsidy": "subsidy_result",
    "warning": "emergency_info",
    "land": "land_requisition",
    "proposal": "proposal_answer",
    "service_guide": "other",
    "report": "other",
    "answer": "other",
}
_COUNTY = {"市政建设": 1, "公共服务": 2, "公益事业": 3, "土地征收": 4, "房屋征收": 5, "治安管理": 6, "社会救助": 7}
_TOWN = {
    "贯彻落实农业农村政策": 1,
    "农田水利工程建设运营": 2,
    "农村土地承包经营权流转": 3,
    "宅基地使用情况审核": 4,
    "土地征收": 5,
    "房屋征收": 6,
    "筹资筹劳": 7,
    "社会救助": 8,
}
_SUBJECTS = {"就业": "1501", "社会救助": "1703", "医保": "1502"}
_NOTES = {"annual_report": "条例第五十条规定各机关公布年度报告", "recruitment": "招考信息"}
_OTHER_NOTE = "法律、法规和国家有关规定要求公开"


def kind_of(text: Text) -> str:
    """Return the code of an item's kind in the rulebook."""
    if text.kind == "policy" and not text.doc_no:
        return "livelihood"
    if text.kind == "budget" and text.key.startswith("juesuan"):
        return "final_accounts"
    return _KINDS.get(text.kind, text.kind)


def columns_of(text: Text, *, town: bool) -> tuple[str, ...]:
    """Return the codes of the directory's columns; a kind's own column stands for the statutory one above it."""
    own = disclosure_rules().kinds[kind_of(text)].column
    found = []
    for name in text.columns:
        if town and name in _TOWN:
            found.append(f"T21-{_TOWN[name]}")
        elif name in _COUNTY:
            found.append(f"X21-{_COUNTY[name]}")
        elif name in _TOWN:
            found.append(f"T21-{_TOWN[name]}")
        else:
            found.append(own if own.startswith(f"{name}-") else name)
    return tuple(dict.fromkeys(found))


def subject_of(text: Text) -> str:
    """Return the code of the subject class that the text names, of the second level where it is one."""
    if text.subject in _SUBJECTS:
        return _SUBJECTS[text.subject]
    subjects = disclosure_rules().subjects.values()
    return next((one.code for one in subjects if one.name == text.subject and text.subject), "")


def grounds_of(text: Text) -> tuple[list[str], str]:
    """Return the grounds of the item's attribute, and the reason in words where a ground needs one."""
    if text.attribute != "proactive":
        return [text.story["ground"]], str(text.story.get("note") or _reason(text))
    rules = disclosure_rules()
    offered = [rules.grounds[code] for code in rules.kinds[kind_of(text)].grounds]
    chosen = next((ground for ground in offered if not ground.note_needed), offered[0])
    note = _NOTES.get(kind_of(text), _OTHER_NOTE) if chosen.note_needed else ""
    return [chosen.code], note


def _reason(text: Text) -> str:
    reasons = {
        "art16_internal": "属于机关内部管理事务，对外不产生效力",
        "art16_process": "讨论过程中的材料，尚未形成决定，公开可能误导公众",
        "art16_case": "行政执法案卷材料，当事人可以依照有关规定查阅",
        "art15_trade": "企业书面说明属于商业秘密，已征求意见，不同意公开",
        "art15_privacy": "涉及特定个人的隐私，公开会损害其合法权益",
        "art14_security": "公开后可能被用于规避防范措施，危及公共安全",
        "art27": "只涉及特定单位或者特定用途，一般公众不需要广泛知晓，可以依申请提供",
    }
    return reasons[text.story["ground"]]


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
        masked = any("某" in cell for cell in _cells(text.body))
        return Table(self.world, self.world.crews[text.unit], masked=masked, files=bool(files_wanted(text)))

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

        self._add(begun, 9 if not text.story.get("emergency") else 4, write, minute=_minute(text))

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

        self._add(begun, 10, out, minute=_minute(text))
        self._add(min(first, done), 14, middle, minute=_minute(text))
        self._add(done, 16, last, minute=_minute(text))

    # --- what happens ------------------------------------------------------------------------------------------------

    def _publisher(self, text: Text, now: datetime) -> Any:
        crew = self.world.crews[text.unit]
        return self.world.actor("gongkai" if text.unit == "office" else crew.secrecy, now.date())

    def _publish(self, text: Text, day: date, hour: int = 9) -> None:
        def publish(now: datetime) -> None:
            publishing.publication_make(actor=self._publisher(text, now), item_id=self.ids[text.key], now=now)
            reviews.review_plan(actor=SYSTEM, item_id=self.ids[text.key], now=now)

        self._add(day, hour, publish, minute=_minute(text))

    def _ordinary(self, text: Text) -> None:
        """Reviewed in the three days before it is issued, before the public one or two working days after."""
        self._review(text, self._move(text.issued, -3), text.issued)
        if text.state != "published":
            return
        if text.story.get("bundle"):
            self.bundles.setdefault(str(text.story["bundle"]), []).append(text)
        else:
            self._publish(text, self._move(text.issued, int(text.story.get("lag") or 1 + _minute(text) % 2)))
        self._afterwards(text)

    def _afterwards(self, text: Text) -> None:
        """Corrected, taken down, no longer in force."""
        if correction := text.story.get("correction"):
            self._correct(text, correction)
        if ended := text.story.get("ended"):
            self._add(ended["day"], 11, lambda now: self._end(text, ended, now), minute=_minute(text))
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
        self._add(begun, 9, save, minute=_minute(text))
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

        self._add(text.issued, 4, release, minute=min(_minute(text) + 15, 59))
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

        self._add(day, 11, go, minute=_minute(text), heard=True)

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


def files_wanted(text: Text) -> bool:
    """Tell whether files hang on the item."""
    return bool(text.attach) or text.story.get("flawed") == "hidden_sheet"


def _cells(body: tuple[Block, ...]) -> list[str]:
    tables = [block["value"] for block in body if block["type"] == "table"]
    return [cell for table in tables for row in table["rows"] for cell in row]


def _minute(text: Text) -> int:
    """Return a minute that follows from the key, so that two loads are alike."""
    return sum(map(ord, text.key)) % 55

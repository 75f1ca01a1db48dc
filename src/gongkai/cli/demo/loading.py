"""Building the sample city: units and people first, then what they published, the two plans and their items.

Everything goes through the services, with the moments at which it would have happened, in the order of time. It is one
transaction: an interrupted load leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction

from gongkai.cli.demo.cast import OFFICE_HOURS, PHONE, unit_facts
from gongkai.cli.demo.crew import Crew, crews
from gongkai.cli.demo.documents import PLAN_NAME, TABLE_NAME, content, plan_docx, table_xlsx
from gongkai.cli.demo.texts import shortened, texts
from gongkai.domain.issues import Issue
from gongkai.features.workplans import selectors as plans
from gongkai.features.workplans import services as ledger
from gongkai.kernel.accounts import selectors as accounts
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.services import post_grant, user_create
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.audit.selectors import entry_list
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import Refused
from gongkai.kernel.orgs import selectors as orgs
from gongkai.kernel.orgs.services import NewUnit, unit_create, unit_rename

PASSWORD = "Qinglu-2026-demo"
LOADED = "demo.load"
PLAN_ISSUED = date(2026, 3, 20)
CHINA = ZoneInfo("Asia/Shanghai")
SYSTEM = Actor.system("示例市")
FOUNDED = date(2022, 12, 30)
"""When the office set its units and people up: a working day before the first item."""
POSTS_SINCE = date(2022, 12, 1)

register_targets({"demo": "示例市"})
register_actions({LOADED: "装入示例市"})


@dataclass
class World:
    """What has been built so far, by the keys of the YAML files."""

    units: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    full_names: dict[str, str] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    crews: dict[str, Crew] = field(default_factory=dict)
    contacts: dict[int, str] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, username: str, on: date) -> Actor:
        """Return the person as an actor; posts do not change in the sample city, so each is looked up once."""
        if username not in self.actors:
            user = accounts.user_get(actor=SYSTEM, user_id=self.people[username])
            self.actors[username] = accounts.actor_get(user=user, today=on)
        return self.actors[username]


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment of the working day in China."""
    return datetime.combine(day, time(hour, minute), CHINA)


def loaded_at() -> datetime | None:
    """Return when the sample city was loaded, or None."""
    entry = entry_list(target_type="demo", target_id="city").first()
    return None if entry is None else entry.recorded_at.astimezone(CHINA)


def demo_load(*, now: datetime, tell: Callable[[str], None], all_items: bool = False) -> World:
    """Build the sample city as it stands at ``now``; raises Refused beside real data or a second time.

    Each item is signed by all who have to, so all of them (``all_items``) take minutes; a part shows every screen too.
    """
    from gongkai.cli.demo.disclosure import Story, disclosure_prepare
    from gongkai.cli.demo.foi import add_applications
    from gongkai.cli.demo.foi_after import add_after
    from gongkai.cli.demo.foi_linked import add_linked
    from gongkai.cli.demo.foi_office import add_offices
    from gongkai.cli.demo.history import Stage, add_plans
    from gongkai.cli.demo.sites import add_sites

    with transaction.atomic():
        _refuse_beside_data(now)
        record(
            actor=SYSTEM,
            action=LOADED,
            target_type="demo",
            target_id="city",
            summary=f"装入示例市“{content('units.yaml')['place']}”，台账做到 {now:%Y-%m-%d}",
            now=now,
        )
        world = World()
        written = texts(today=now.astimezone(CHINA).date())
        if not all_items:
            written = shortened(written)
        tell("正在建立单位…")
        _units(world)
        tell("正在建立人员和岗位…")
        _people(world, {text.unit for text in written})
        disclosure_prepare(world, now=at(FOUNDED, 15))
        tell("正在补记公开信息…")
        stage = Stage(world, now.astimezone(CHINA), content("story.yaml"))
        story = Story(stage, world)
        story.tell(written)
        add_offices(stage)
        stage.play(until=at(PLAN_ISSUED))
        tell("正在导入两份方案…")
        office = world.units["office"]
        first = _plan(world, plan_docx(), PLAN_NAME, office, PLAN_ISSUED, "progress_and_notes")
        second = _plan(world, table_xlsx(), TABLE_NAME, office, date(2026, 4, 10), "progress")
        tell("正在补记办理过程…")
        add_plans(stage, plan_ids=(first, second))
        add_applications(stage)
        add_linked(stage)
        add_after(stage)
        stage.play()
        tell("正在建立网站的专题和栏目…")
        add_sites(world, story.ids, now=now)
    tell("示例市已装入。")
    return world


def _refuse_beside_data(now: datetime) -> None:
    issues = []
    if loaded_at() is not None:
        issues.append(Issue("demo.loaded_already"))
    else:
        units = orgs.unit_list(actor=SYSTEM, on=now.date()).count()
        people = accounts.user_list(actor=SYSTEM, today=now.date()).count()
        if units or people:
            issues.append(Issue("demo.beside_data", values={"units": units, "people": people}))
    if issues:
        raise Refused(issues)


def _units(world: World) -> None:
    data = content("units.yaml")
    former = {key: (name, short, date.fromisoformat(until)) for key, name, short, until in data["history"]}
    towns = 0
    for key, facts in unit_facts().items():
        kind, name, short, parent = facts.kind, facts.name, facts.short_name, facts.parent
        division = data["division_code"] if kind == "government" else ""
        if kind in {"town", "street"}:
            towns += 1
            division = f"{data['division_code']}{towns:03d}"
        first_name, first_short, until = former.get(key, (name, short, None))
        unit = unit_create(
            actor=SYSTEM,
            new=NewUnit(
                kind=kind,
                name=first_name,
                short_name=first_short,
                parent_id=world.units[parent] if parent else None,
                division_code=division,
                aliases=data["aliases"].get(key, ()),
                position=facts.position,
                is_disclosure_authority=key == data["disclosure_authority"],
                functions=facts.functions,
                address=facts.address,
                office_hours=OFFICE_HOURS,
                phone=facts.phone,
                head_name=facts.head,
            ),
            now=at(FOUNDED),
        )
        if until is not None:
            since = until + timedelta(days=1)
            unit_rename(
                actor=SYSTEM, unit_id=unit.pk, name=name, short_name=short, on=since, basis="机构改革", now=at(FOUNDED)
            )
        world.units[key], world.names[unit.pk], world.full_names[key] = unit.pk, short, name


def _people(world: World, publishing: set[str]) -> None:
    data = content("people.yaml")
    world.crews, more = crews(unit_facts(), publishing, data["people"], data["writers"])
    rows = [(name, shown, world.units[unit], roles) for name, shown, unit, roles in [*data["people"], *more]]
    staffed = {unit_id for _, _, unit_id, roles in rows if "drafter" in roles}
    for key, unit_id in world.units.items():
        if unit_id not in staffed and key != "gov":
            rows.append((f"u_{key}", f"{world.names[unit_id]}联系人", unit_id, data["contact_roles"]))
    encoded = make_password(PASSWORD)
    for number, (username, name, unit_id, roles) in enumerate(rows):
        user, _ = user_create(
            actor=SYSTEM,
            username=username,
            display_name=name,
            phone=PHONE.format(100 + number),
            email=f"{username}@qinglu.example",
            encoded_password=encoded,
            must_change_password=False,
            now=at(FOUNDED, 10),
        )
        world.people[username] = user.pk
        for role in roles:
            post_grant(
                actor=SYSTEM,
                user_id=user.pk,
                unit_id=unit_id,
                role=Role(role),
                from_on=POSTS_SINCE,
                now=at(FOUNDED, 10),
            )
        if Role.DRAFTER in roles:
            world.contacts.setdefault(unit_id, username)
    for username, unit, role in data["more_posts"]:
        post_grant(
            actor=SYSTEM,
            user_id=world.people[username],
            unit_id=world.units[unit],
            role=Role(role),
            from_on=POSTS_SINCE,
            now=at(FOUNDED, 11),
        )


def _plan(world: World, data: bytes, name: str, owner_id: int, issued: date, visibility: str) -> int:
    """Bring a document onto the ledger the way a clerk does: upload, decide about phrases, confirm, publish."""
    clerk = world.actor("gongkai", issued)
    draft = ledger.plan_upload(actor=clerk, upload=data, name=name, owner_id=owner_id, now=at(issued, 15))
    view = plans.import_get(actor=clerk, import_id=draft.pk, today=issued)
    decisions = {p.phrase: {"decision": "text"} for p in view.phrases if not p.settled}
    if decisions:
        draft = ledger.import_resolve_units(
            actor=clerk, import_id=draft.pk, revision=view.revision, decisions=decisions, now=at(issued, 15, 30)
        )
    plan = ledger.import_confirm(
        actor=clerk, import_id=draft.pk, revision=draft.revision, now=at(issued + timedelta(days=3), 9)
    )
    ledger.plan_publish(actor=clerk, plan_id=plan.pk, visibility=visibility, now=at(issued + timedelta(days=3), 10))
    return plan.pk

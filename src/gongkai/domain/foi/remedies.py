"""What a letter says about remedies (救济途径): computed from route, issuer, way of delivery and day, never typed by hand.

Implements 行政复议法 (2023) arts. 20, 22-24, 27, 28, 34, 行政诉讼法 arts. 14, 15, 45, 46 and 政府信息公开条例 art. 51. Which
organ and court belong to which kind of issuer, and the periods, come from the rulebook (``gongkai.rulebook.foi_remedies``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from gongkai.domain.deadlines import Unit
from gongkai.domain.foi.dispositions import Route
from gongkai.domain.foi.model import Delivery
from gongkai.domain.issues import Basis, Issue
from gongkai.domain.organizations.kinds import UnitKind


class IssuerKind(StrEnum):
    """The kinds of organ that the law tells apart when it says who reconsiders and which court hears."""

    DEPARTMENT = "department"
    TOWN = "town"
    COUNTY_GOVERNMENT = "county_government"
    CITY_GOVERNMENT = "city_government"
    PROVINCE_GOVERNMENT = "province_government"
    STREET = "street"
    AUTHORIZED_BODY = "authorized_body"
    DEPARTMENT_BRANCH = "department_branch"
    CITY_DEPARTMENT_BRANCH = "city_department_branch"
    VERTICAL = "vertical"
    JUSTICE = "justice"
    DISCLOSURE_OFFICE = "disclosure_office"
    MANAGEMENT_COMMITTEE = "management_committee"


class Role(StrEnum):
    """What a named organ, court or address is to the issuer.

    OWN_GOVERNMENT is the government of the issuer's level, or the one that set up or manages it; SEAT_GOVERNMENT that of
    the place where a branch sits. ITSELF stands for the issuer.
    """

    ITSELF = "itself"
    OWN_GOVERNMENT = "own_government"
    UPPER_GOVERNMENT = "upper_government"
    SEAT_GOVERNMENT = "seat_government"
    UPPER_AUTHORITY = "upper_authority"
    UPPER_JUSTICE = "upper_justice"
    BASIC_COURT = "basic_court"
    INTERMEDIATE_COURT = "intermediate_court"
    REVIEW_CHANNEL = "review_channel"


ROLE_NAMES: Mapping[Role, str] = {
    Role.ITSELF: "本机关",
    Role.OWN_GOVERNMENT: "本级人民政府（设立或者管理它的人民政府）",
    Role.UPPER_GOVERNMENT: "上一级人民政府",
    Role.SEAT_GOVERNMENT: "所在地人民政府",
    Role.UPPER_AUTHORITY: "上一级主管部门",
    Role.UPPER_JUSTICE: "上一级司法行政部门",
    Role.BASIC_COURT: "基层人民法院",
    Role.INTERMEDIATE_COURT: "中级人民法院",
    Role.REVIEW_CHANNEL: "互联网行政复议渠道",
}
_UNIT_WORDS = {Unit.CALENDAR_DAY: "日", Unit.MONTH: "个月", Unit.YEAR: "年", Unit.WORKING_DAY: "个工作日"}


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the law: ``number`` of ``unit``."""

    number: int
    unit: Unit
    basis: tuple[Basis, ...] = ()

    def __str__(self) -> str:
        return f"{self.number}{_UNIT_WORDS[self.unit]}"


@dataclass(frozen=True, slots=True)
class IssuerRule:
    """Who reconsiders the decisions of a kind of organ (``or_organ``: a second one of the applicant's choice), which court."""

    title: str
    organ: Role
    or_organ: Role | None
    court: Role
    verified: bool
    note: str
    basis: tuple[Basis, ...]


@dataclass(frozen=True)
class RemedyRules:
    """What the law says of remedies on a day in a place; ``names`` are the place's own organs, courts and addresses.

    ``unsettled_told`` says whether a route that is not settled is told; ``overdue`` which route a missing reply takes.
    """

    issuers: Mapping[IssuerKind, IssuerRule]
    names: Mapping[Role, str]
    review: Period
    suit: Period
    suit_after_review: Period
    review_first_basis: tuple[Basis, ...]
    channel_basis: tuple[Basis, ...]
    complaint_basis: tuple[Basis, ...]
    unsettled_told: bool
    unsettled_note: str
    overdue: Route


@dataclass(frozen=True)
class RemedyBlock:
    """The remedies of one decision: as data, and as the paragraphs of the letter.

    ``pending`` holds what is 待核, for the officer and never for the letter. ``issues`` tell why the letter cannot go out;
    then there are no paragraphs. ``organs`` are the organs of reconsideration, one or two to choose from.
    """

    route: Route
    organs: tuple[str, ...] = ()
    court: str = ""
    review: Period | None = None
    suit: Period | None = None
    suit_after_review: Period | None = None
    channel: str = ""
    paragraphs: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    basis: tuple[Basis, ...] = ()
    issues: tuple[Issue, ...] = ()


def issuer_kind_of(kind: UnitKind, *, division: str = "", own_name_office: bool = False) -> IssuerKind | None:
    """Return the kind of issuer a unit is, None where the unit can issue no decision in its own name.

    ``division`` is the six-digit code of a government (360783); ``own_name_office`` marks the office of a government that
    replies in its own name as disclosure office. Branches, vertical organs and the justice department are told by the
    unit's own settings, not by its kind.
    """
    if own_name_office:
        return IssuerKind.DISCLOSURE_OFFICE
    if kind is UnitKind.GOVERNMENT:
        if division[2:6] == "0000":
            return IssuerKind.PROVINCE_GOVERNMENT
        return IssuerKind.CITY_GOVERNMENT if division[4:6] == "00" else IssuerKind.COUNTY_GOVERNMENT
    return {
        UnitKind.DEPARTMENT: IssuerKind.DEPARTMENT,
        UnitKind.DISPATCHED_AGENCY: IssuerKind.DEPARTMENT_BRANCH,
        UnitKind.MANAGEMENT_COMMITTEE: IssuerKind.MANAGEMENT_COMMITTEE,
        UnitKind.TOWN: IssuerKind.TOWN,
        UnitKind.STREET: IssuerKind.STREET,
        UnitKind.PUBLIC_INSTITUTION: IssuerKind.AUTHORIZED_BODY,
    }.get(kind)


def remedy_block(
    rules: RemedyRules | None,
    *,
    route: Route,
    issuer: IssuerKind,
    issuer_name: str,
    decided_on: date,
    delivery: Delivery,
    names: Mapping[Role, str] | None = None,
    letter: str = "本告知书",
    tell_unsettled: bool | None = None,
    tell_complaint: bool = False,
) -> RemedyBlock:
    """Return the remedies of a decision made on ``decided_on`` (Beijing time) by an organ.

    ``rules`` are those of that day, None when no rules were in force. ``names`` stand before the names of the rules (the
    unit's own). ``letter`` is how the letter calls itself. ``tell_unsettled`` is a legal officer's decision on a route that
    is not settled; None leaves it to the rules. Everything that is missing is told at once in ``issues``.
    """
    if route is Route.PROCEDURAL:
        return RemedyBlock(route)
    if rules is None:
        values = {"day": decided_on.isoformat()}
        return RemedyBlock(route, issues=(Issue("foi.remedy.not_in_force", "decided_on", values),))
    pending = [rules.unsettled_note] if route is Route.UNSETTLED else []
    if route is Route.UNSETTLED and not (rules.unsettled_told if tell_unsettled is None else tell_unsettled):
        return RemedyBlock(route, pending=tuple(pending))
    rule = rules.issuers[issuer]
    if not rule.verified:
        pending.append(f"{rule.title}：{rule.note}")
    known = {**rules.names, **(names or {}), Role.ITSELF: issuer_name}
    choice = (rule.organ,) if rule.or_organ is None else (rule.organ, rule.or_organ)
    needed = [*choice] if route is Route.REVIEW_FIRST else [*choice, rule.court]
    if delivery is Delivery.ONLINE:
        needed.append(Role.REVIEW_CHANNEL)
    issues = tuple(_name_issues(needed, known, rules, rule))
    if issues:
        return RemedyBlock(route, pending=tuple(pending), basis=rule.basis, issues=issues)
    first = route is Route.REVIEW_FIRST
    channel = known.get(Role.REVIEW_CHANNEL, "").strip()
    block = RemedyBlock(
        route,
        organs=tuple(known[role].strip() for role in choice),
        court="" if first else known[rule.court].strip(),
        review=rules.review,
        suit=None if first else rules.suit,
        suit_after_review=rules.suit_after_review if first else None,
        channel=channel,
        pending=tuple(pending),
        basis=tuple(_basis(rules, rule, first=first, channel=channel, complaint=tell_complaint)),
    )
    return _told(block, letter=letter, complaint=tell_complaint)


def name_unfit(role: Role, name: str) -> bool:
    """Tell whether a text is no name of one organ (or, for the channel, no address in one line)."""
    return "\n" in name or name.startswith("或者") or (role is not Role.REVIEW_CHANNEL and "主管部门" in name)


def needed_roles(rule: IssuerRule) -> tuple[Role, ...]:
    """Return whose names the letters of such an issuer need, whatever their route and delivery."""
    organs = (rule.organ,) if rule.or_organ is None else (rule.organ, rule.or_organ)
    return tuple(role for role in (*organs, rule.court, Role.REVIEW_CHANNEL) if role is not Role.ITSELF)


def _name_issues(
    needed: list[Role], known: Mapping[Role, str], rules: RemedyRules, rule: IssuerRule
) -> Iterator[Issue]:
    for role in dict.fromkeys(needed):
        name = known.get(role, "").strip()
        channel = role is Role.REVIEW_CHANNEL
        values = {"role": ROLE_NAMES[role], "issuer": rule.title}
        if not name:
            if channel:
                yield Issue("foi.remedy.channel_missing", role.value, values, basis=rules.channel_basis)
            else:
                yield Issue("foi.remedy.name_missing", role.value, values, basis=rule.basis)
        elif name_unfit(role, name):
            yield Issue("foi.remedy.name_unfit", role.value, {**values, "name": name}, basis=rule.basis)


def _basis(rules: RemedyRules, rule: IssuerRule, *, first: bool, channel: str, complaint: bool) -> Iterator[Basis]:
    yield from rule.basis
    yield from rules.review.basis
    yield from (*rules.review_first_basis, *rules.suit_after_review.basis) if first else rules.suit.basis
    if channel:
        yield from rules.channel_basis
    if complaint:
        yield from rules.complaint_basis


def _told(block: RemedyBlock, *, letter: str, complaint: bool) -> RemedyBlock:
    """Write the paragraphs of a block that is whole."""
    organs = "或者".join(block.organs)
    if block.route is Route.REVIEW_FIRST:
        told = [
            f"如不服{letter}中不予公开政府信息的决定，应当自收到{letter}之日起{block.review}内，先向{organs}申请行政复议。",
            f"对行政复议决定不服的，可以自收到行政复议决定书之日起{block.suit_after_review}内，依法向人民法院提起行政诉讼；"
            f"行政复议机关决定不予受理、驳回申请或者受理后超过行政复议期限不作答复的，可以自收到决定书之日起或者行政复议期限"
            f"届满之日起{block.suit_after_review}内，依法向人民法院提起行政诉讼。",
        ]
    else:
        told = [
            f"如不服{letter}，可以自收到{letter}之日起{block.review}内向{organs}申请行政复议，"
            f"也可以自收到{letter}之日起{block.suit}内向{block.court}提起行政诉讼。"
        ]
    if block.channel:
        told.append(f"可以通过以下互联网渠道申请行政复议：{block.channel}。")
    if complaint:
        told.append(
            "认为行政机关未依法履行政府信息公开义务的，还可以向上一级行政机关或者政府信息公开工作主管部门投诉、举报。"
        )
    return replace(block, paragraphs=tuple(told))

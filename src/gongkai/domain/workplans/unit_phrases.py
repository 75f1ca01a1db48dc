"""Who does it: labels with lists of units, and sentences such as X局牵头，Y局、Z局按职责分工负责."""

from __future__ import annotations

import re

from gongkai.domain.issues import Issue, Severity
from gongkai.domain.workplans.characters import fold, tidy
from gongkai.domain.workplans.due_phrases import is_due_clause
from gongkai.domain.workplans.labels import UNIT_ROLES, Label, Role, labels_in_bracket
from gongkai.domain.workplans.model import Assignment
from gongkai.domain.workplans.unit_lists import looks_like_unit, placed_unit, split_units, surely_unit

_SHARED = (
    r"(?:分别)?(?:按照?|依据?|根据|在)?(?:各自|有关|相应|各|其)?(?:工作|部门)?(?:职责|职能|责任)(?:范围|权限)?(?:和任务)?(?:分工)?内?"
    r"|按照?分工|分工"
)
_LEADING_VERB = r"牵头(?:负责|抓总|组织|落实|推进|实施|办理|会同|协调|制定|开展)?|主办|主责|主抓|负责牵头|总牵头"
_COOPERATING_VERB = r"(?:密切|积极|协同|协助)?配合(?:落实|做好|完成|实施|推进)?|协助(?:落实|做好)?|协同(?:落实|推进)?|协办|参与(?:落实)?|参加"
_DOING_VERB = (
    r"(?:具体|共同|分工|分别|组织|全面)?负责(?:落实|组织实施|实施|推进|抓好落实)?|(?:抓好|组织|贯彻|具体|共同|分别|分头|参照|对照|抓|认真)?落实"
    r"|组织实施|承办|(?:具体|共同|组织|参照)?实施|(?:参照)?执行|共同推进|推进落实|办理|组织开展"
)
_VERB = re.compile(
    rf"(?P<shared>{_SHARED})?(?:共同|联合|统筹|具体|分别|进行)?"
    rf"(?:(?P<lead>{_LEADING_VERB})|(?P<cooperate>{_COOPERATING_VERB})|(?P<do>{_DOING_VERB}))"
    r"(?=\s*(?:[，；、。）〕/]|$|[市县区省州各]))"
)
_VERB_IN_PROSE = re.compile(
    rf"(?P<shared>{_SHARED})?(?:共同|联合|统筹|具体)?(?:(?P<lead>牵头(?:负责)?)|(?P<cooperate>配合|协助|协同)|(?P<do>负责))"
    r"(?![的人制任科处室])"
)
_TOGETHER_IN_PROSE = re.compile(
    r"(?:^|(?<=[。；，\n]))(?P<bound>由)?(?P<first>[^，。；\n]{3,40}?)(?:要|应)?会同(?P<second>[^，。；\n]{2,40}?(?:局|委|办公室|办|室|部|院|政府|中心|部门|单位))"
    r"(?![局委办室部院府公])"
)
_SAID_TO_BE = re.compile(
    r"(?P<label>(?:牵头|责任|配合|主办|承办)(?:单位|部门|科室))(?:为|是)(?P<units>[^。；\n]{2,60})"
)
_ANYBODY = ("有关部门", "相关部门", "各局", "各科室", "各单位", "各部门")
_SHARED_ALONE = re.compile(rf"(?P<shared>{_SHARED})\s*(?=[，；。）〕]|$)")
_TOGETHER = re.compile("会同|联合(?=[市县区省州各有相])")


def parse_assignment(phrase: str, *, default: Role = Role.RESPONSIBLE) -> Assignment:
    """Read one bracket or labelled line.

    ``phrase`` is the inside of the bracket; ``default`` is the role of units for which nothing else is said.
    """
    folded = fold(phrase)
    labels = labels_in_bracket(folded)
    reader = _Reader()
    head = phrase[: labels[0].start] if labels else phrase
    if head.strip("；，。、 \n\t：*"):
        reader.read_units(head, default)
    ends = [*(label.start for label in labels[1:]), len(phrase)]
    for label, end in zip(labels, ends, strict=False):
        content = phrase[label.end : end]
        reader.read_label(label, content.strip("；，。、;,. \n\t*"))
    return reader.result(phrase)


def names_units(phrase: str) -> bool:
    """Tell whether the inside of a bracket assigns units: by labels, by a verb, or by nothing but unit names."""
    folded = fold(phrase)
    labels = labels_in_bracket(folded)
    if labels:
        return any(label.role in UNIT_ROLES or label.role in (Role.LEADERS, Role.DUE) for label in labels)
    if len(phrase) > 600 or re.search("[。！？].", folded):
        return False
    folded, dues = take_due_clauses(folded)
    verbs = list(_VERB.finditer(folded))
    if verbs:
        first = split_units(folded[: verbs[0].start()]).units
        tail = split_units(_SHARED_ALONE.sub("", folded[verbs[-1].end() :])).units
        between = [folded[a.end() : b.start()] for a, b in zip(verbs, verbs[1:], strict=False)]
        named = all(looks_like_unit(u) for part in between for u in split_units(part).units)
        return bool(first) and named and all(surely_unit(u) for u in (*first, *tail))
    folded = _SHARED_ALONE.sub("", folded)
    units = split_units(folded).units
    return only_units(folded) or (bool(dues and units) and all(surely_unit(u) for u in units))


def take_due_clauses(phrase: str) -> tuple[str, list[str]]:
    """Return the phrase without the clauses that are time limits (…牵头，9月底前完成), and those clauses."""
    kept: list[str] = []
    dues: list[str] = []
    for piece in re.split("([，；。,;])", phrase):
        if is_due_clause(piece, loose=not any(placed_unit(u) for u in split_units(piece).units)):
            dues.append(tidy(piece))
        else:
            kept.append(piece)
    return "".join(kept).strip("，；。,; "), dues


def only_units(phrase: str) -> bool:
    """Tell whether a phrase is nothing but a list of plain unit names."""
    units = split_units(phrase).units
    return bool(units) and len(phrase) <= 400 and all(placed_unit(u) for u in units)


def assignment_in_prose(text: str) -> Assignment | None:
    """Find 由市教育局牵头，市财政局配合，… inside a sentence; only a plain unit that leads or 由…负责 counts."""
    folded = fold(text)
    for begin in [0, *(m.end() for m in re.finditer("[。；，\n]", folded))]:
        place, end, phrases = begin, begin, list[str]()
        for verb in _VERB_IN_PROSE.finditer(folded, begin):
            between = text[place : verb.start()].strip("，、, ")
            comma = fold(between).rfind("，")
            if phrases and comma >= 0 and re.search("[。；\n]", fold(between)) is None:
                # 由X局牵头，于10月底前完成，Y局配合: what is to be done may stand between.
                last = between[comma + 1 :]
                between = between if all(placed_unit(u) for u in split_units(between).units) else last
            bound = between.startswith("由")
            units = split_units(between.removeprefix("由")).units
            # 由办公室牵头 needs no level before the name; what follows in the same breath neither.
            known = surely_unit if bound or phrases else placed_unit
            if not units or len(between) > 120 or not all(known(u) or u in _ANYBODY for u in units):
                break
            if end == begin and not (verb["lead"] or (bound and verb["do"])):
                break
            phrases.append(between.removeprefix("由") + verb.group())
            place = end = verb.end()
        if phrases:
            return parse_assignment("，".join(phrases))
    for found in _TOGETHER_IN_PROSE.finditer(folded):
        first, second = split_units(found["first"]).units, split_units(found["second"]).units
        known = surely_unit if found["bound"] else placed_unit
        if first and second and all(known(u) for u in (*first, *second)):
            return parse_assignment(f"{found['first']}会同{found['second']}负责")
    for found in _SAID_TO_BE.finditer(folded):
        named = [u for piece in found["units"].split("，") for u in split_units(piece).units]
        sure = named[: next((k for k, u in enumerate(named) if not surely_unit(u)), len(named))]
        if sure:
            return parse_assignment(f"{found['label']}：{'、'.join(sure)}")
    return None


def parse_cell(text: str, role: Role) -> Assignment:
    """Read a cell of a column of units; the cell may carry labels or verbs of its own."""
    return parse_assignment(text, default=role)


def split_names(text: str) -> list[str]:
    """Return the persons of a list; telephone numbers and stray brackets are left out."""
    names = (p.strip("（）()〔〕：: ") for p in re.split(r"[、，；,;/\s]+", text))
    return [n for n in names if n and not re.search(r"\d{3}|[：:]", n)]


class _Reader:
    """Collects what the pieces of one phrase say."""

    def __init__(self) -> None:
        self.by_role: dict[Role, list[str]] = {Role.LEAD: [], Role.RESPONSIBLE: [], Role.COOPERATING: []}
        self.leaders: list[str] = []
        self.due: list[str] = []
        self.notes: dict[str, str] = {}
        self.shared = False
        self.open_list = False
        self.issues: list[Issue] = []
        self.plain_doers: list[str] = []

    def read_label(self, label: Label, content: str) -> None:
        if label.role in UNIT_ROLES:
            self.read_units(content, label.role)
        elif label.role is Role.LEADERS:
            self.leaders.extend(split_names(content))
        elif label.role is Role.DUE:
            self.due.append(tidy(content))
        elif content:
            self.notes[label.name] = tidy(content)

    def read_units(self, content: str, default: Role) -> None:
        content, dues = take_due_clauses(content)
        self.due.extend(dues)
        for clause in re.split("[；;。\n]", content):
            self._read_clause(clause, default)

    def _read_clause(self, clause: str, default: Role) -> None:
        folded = fold(clause)
        place = 0
        for verb in _VERB.finditer(folded):
            if not clause[place : verb.start()].strip("，、, "):
                place = verb.end()
                continue
            role = Role.LEAD if verb["lead"] else Role.COOPERATING if verb["cooperate"] else default
            self.shared |= bool(verb["shared"])
            if verb["cooperate"] and place == 0:
                # 市数据局，各县区配合: only what stands right before the verb cooperates.
                comma = max(folded.rfind("，", 0, verb.start()), -1) + 1
                if clause[:comma].strip("，、, ") and clause[comma : verb.start()].strip("，、, "):
                    self._add(clause[:comma], default)
                    place = comma
            plain = verb["do"] is not None and default is Role.RESPONSIBLE and "落实" not in verb["do"]
            self._add(clause[place : verb.start()], role, plain=plain)
            place = verb.end()
        rest = clause[place:]
        alone = _SHARED_ALONE.search(fold(rest))
        if alone:
            self.shared = True
            rest = rest[: alone.start()] + rest[alone.end() :]
        if rest.strip("，、。,. \t"):
            self._add(rest, default)

    def _add(self, text: str, role: Role, *, plain: bool = False) -> None:
        together = _TOGETHER.search(fold(text))
        if together and text[: together.start()].strip("，、 "):
            self._add(text[: together.start()], Role.LEAD)
            self._add(text[together.end() :], Role.COOPERATING)
            return
        found = split_units(text)
        self.open_list |= found.open_list
        for unit in found.units:
            if unit not in self.by_role[role]:
                self.by_role[role].append(unit)
            if plain and unit not in self.plain_doers:
                self.plain_doers.append(unit)
        self.issues.extend(
            Issue("plan.unit.odd", "responsible_units", {"phrase": unit}, Severity.WARNING) for unit in found.odd
        )

    def result(self, phrase: str) -> Assignment:
        lead, responsible = self.by_role[Role.LEAD], self.by_role[Role.RESPONSIBLE]
        cooperating = self.by_role[Role.COOPERATING]
        if self.plain_doers and not lead and cooperating and not labels_in_bracket(fold(phrase)):
            # X局负责，Y局配合: the one in charge leads.
            lead = list(self.plain_doers)
            responsible = [u for u in responsible if u not in lead]
        return Assignment(
            lead_units=tuple(lead),
            responsible_units=(*responsible, *(u for u in cooperating if u not in responsible)),
            cooperating_units=tuple(cooperating),
            leaders=tuple(self.leaders),
            due_text="；".join(self.due),
            shared=self.shared,
            open_list=self.open_list,
            phrase=tidy(phrase),
            notes=self.notes,
            issues=tuple(self.issues),
        )

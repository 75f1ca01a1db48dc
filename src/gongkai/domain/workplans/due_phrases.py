"""Time limits as people write them: 9月底前完成并长期坚持, 第三季度, 上半年, 2025年底, 12月中旬, 全年, 每季度, 立行立改.

``stated_dues`` reads a phrase that is known to be a time limit (a label, a column). ``clause_dues`` looks for limits in
running text and is strict: what is history, a citation or the date of something else is left alone.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date

from gongkai.domain.issues import Issue, Severity
from gongkai.domain.workplans.characters import chinese_number, squeeze, tidy
from gongkai.domain.workplans.model import Due
from gongkai.domain.workplans.periodic import find_periodic

_CN_YEAR = re.compile("[二〇○零一三四五六七八九]{4}(?=年)")
_CN_YEAR_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}

_YEAR = r"(?:(?P<year>(?:20\d{2}|(?<!\d)[23]\d(?=年\d{1,2}月)))年(?:度)?|(?P<relative>今年|本年度?|当年|明年|次年|翌年|去年|上年))?"
_MONTH = r"(?:(?<!\d)(?P<month_from>1[0-2]|[1-9])[-至到])?(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]"
_PART = r"(?P<part>上旬|中旬|下旬|月底|底|月末|末|初)"
_QUARTER = r"(?:第?[一二三四][、和至到-])*第?(?P<quarter>[一二三四1-4])季度?(?:末|底|内|初)?|[Qq](?P<quarter_q>[1-4])|(?P<first>前)(?P<quarters>[二三两23])个?季度"
_POINT = re.compile(
    rf"{_YEAR}(?<![\d.])(?:{_MONTH}(?:{_DAY}|{_PART})?|(?:{_QUARTER})|(?P<half>上半年|下半年|年中)(?:末|底)?"
    r"|(?P<end>(?<![\d一二三四五六七八九十两几近多同去往])年(?:底|末|终|内)|全年|岁末))"
    r"|(?<!\d)(?P<only_year>20\d{2})(?!\d)年?(?P<year_end>年?[底末终内])?"
)
_NUMERIC = re.compile(
    r"(?<!\d)(?P<cy>20\d{2})(?P<cm>1[0-2]|0[1-9])(?P<cd>3[01]|[12]\d|0[1-9])(?!\d)|"
    r"(?P<ny>20\d{2})[-./年](?P<nm>1[0-2]|0?[1-9])(?:[-./月](?P<nd>3[01]|[12]\d|0?[1-9])(?!\d))?(?:日|号)?(?![\d月季个])"
    r"|(?<![\d.])(?P<sm>1[0-2]|0?[1-9])[./](?P<sd>3[01]|[12]\d|0?[1-9])(?![\d.])"
)
_RANGE = re.compile(r"(?:至|到|-|起至)$")
_BEFORE = re.compile(r"(?:之前|以前|前)")

_STANDING = re.compile(
    "长期|持续|常态|经常性|日常|贯穿|始终|全年|全程|常年|长效|滚动|不定期|定期|动态|及时|随时|即时|实时|每个?(?:月|季|年|周|日|半年|旬)|按(?:月|季|年|周)|逐月|逐季|永久"
)
_IMMEDIATE = re.compile("即时(?:整改|办结|完成|落实)|立行立改|立即|立查立改|马上|即知即改|即刻|即日起?|立整立改|已完成")
_STANDING_AFTER = re.compile("[^，。；、]{0,12}?[，、并且及]{0,2}(?:并|且|同时|此后|之后|以后|其后|建成后|完成后)?(?:(?:长期|持续)(?:开放|更新|公开|公示)|长期坚持|常态(?:化|长效)?(?:推进|坚持|开展|实施)?|持续(?:推进|坚持|实施|开展)|长期(?:推进|实施))")  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanYear:
    """The year that 9月底前 belongs to: ``year`` from title, number or date, in this order; None when none is known."""

    year: int | None
    issued_on: date | None = None

    def of(self, relative: str | None) -> int | None:
        """Return the year meant by 今年, 明年, 去年 or by nothing at all."""
        if self.year is None:
            return None
        shift = 1 if relative in ("明年", "次年", "翌年") else -1 if relative in ("去年", "上年") else 0
        return self.year + shift


@dataclass(frozen=True, slots=True)
class Point:
    """A point in time found in a phrase: its span in the squeezed text, its first and last day, what is doubtful."""

    start: int
    end: int
    first: date | None
    last: date | None
    explicit_year: int | None
    doubt: str = ""


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def _arabic_years(text: str) -> str:
    return _CN_YEAR.sub(lambda m: "".join(_CN_YEAR_DIGITS[c] for c in m.group()), text)


def points(squeezed: str, plan_year: PlanYear, *, numeric: bool) -> list[Point]:
    """Return every point in time in a squeezed text, in order."""
    text = _arabic_years(squeezed)
    found: list[Point] = []
    carried: int | None = None
    place = 0
    while place < len(text):
        numbers = _NUMERIC.search(text, place) if numeric else None
        words = _POINT.search(text, place)
        if numbers and (words is None or numbers.start() <= words.start()):
            point = _numeric_point(numbers, carried or plan_year.year)
            before = _BEFORE.match(text, point.end)
            point = replace(point, end=before.end()) if before else point
        elif words:
            point = _word_point(text, words, carried, plan_year)
        else:
            break
        found.append(point)
        carried = point.explicit_year or carried
        place = point.end
    return found


def _numeric_point(found: re.Match[str], default_year: int | None) -> Point:
    written = found["ny"] or found["cy"]
    explicit = int(written) if written else None
    year = explicit or default_year
    month = int(found["nm"] or found["sm"] or found["cm"])
    day = found["nd"] or found["sd"] or found["cd"]
    if year is None:
        return Point(found.start(), found.end(), None, None, None, "no_year")
    try:
        last = date(year, month, int(day)) if day else month_end(year, month)
    except ValueError:
        return Point(found.start(), found.end(), None, None, explicit, "no_such_day")
    return Point(found.start(), found.end(), last if day else date(year, month, 1), last, explicit)


def _word_point(text: str, found: re.Match[str], carried: int | None, plan_year: PlanYear) -> Point:
    end = found.end()
    explicit = int(found["year"] or found["only_year"] or 0) or None
    if explicit is not None and explicit < 100:
        explicit += 2000
    year = explicit or (carried if not found["relative"] else None) or plan_year.of(found["relative"])
    before = _BEFORE.match(text, end)
    whole_span = not found["part"] and not found["day"]
    if year is None:
        return Point(found.start(), before.end() if before else end, None, None, None, "no_year")
    try:
        first, last = _span(found, year)
    except ValueError:
        return Point(found.start(), end, None, None, explicit, "no_such_day")
    doubt = ""
    ends_inside = re.search("[末底内终中初]$", found.group()) is not None
    if before and whole_span and (found["month"] or found["quarter"] or found["half"]) and not ends_inside:
        # 9月前 stops before September begins; 9月底前 includes its last day.
        if first > date(year, 1, 1):
            last, doubt = date.fromordinal(first.toordinal() - 1), "strictly_before"
    elif before and found["only_year"] and not found["year_end"]:
        last, doubt = date(year - 1, 12, 31), "strictly_before"
    return Point(found.start(), before.end() if before else end, first, last, explicit, doubt)


def _span(found: re.Match[str], year: int) -> tuple[date, date]:
    if found["month"]:
        month = chinese_number(found["month"]) or 0
        if found["day"]:
            day = date(year, month, chinese_number(found["day"]) or 0)
            return day, day
        part = found["part"]
        if found["month_from"] and int(found["month_from"]) <= month and not part:
            return date(year, int(found["month_from"]), 1), month_end(year, month)
        if part in ("上旬", "初"):
            return date(year, month, 1), date(year, month, 10)
        if part == "中旬":
            return date(year, month, 11), date(year, month, 20)
        if part == "下旬":
            return date(year, month, 21), month_end(year, month)
        return date(year, month, 1), month_end(year, month)
    if found["quarter"] or found["quarter_q"]:
        quarter = chinese_number(found["quarter"] or found["quarter_q"]) or 1
        return date(year, quarter * 3 - 2, 1), month_end(year, quarter * 3)
    if found["first"]:
        quarters = chinese_number(found["quarters"]) or 1
        return date(year, 1, 1), month_end(year, quarters * 3)
    if found["half"]:
        return (
            (date(year, 7, 1), date(year, 12, 31))
            if found["half"] == "下半年"
            else (date(year, 1, 1), date(year, 6, 30))
        )
    return date(year, 1, 1), date(year, 12, 31)


_FILLER = re.compile(
    "于|在|前|之前|以前|底|内|止|度|末|首|完成|并|且|全面|基本|力争|确保|实现|推进|实施|落实|坚持|开展|化|建成|报送|[，、；。]|启动|到|至|-|起|和|及|分别|到位|办结|任务|工作"
)


_RELATIVE = re.compile(
    r"[^，。；、]{0,14}?(?:\d{1,3}|[一二三四五六七八九十]{1,3})个?(?:工作)?[日天]之?内(?:完成|办结|公开|公布|报送)?"
)


def is_due_clause(text: str, *, loose: bool = False) -> bool:
    """Tell whether a short clause is nothing but a time limit (9月底前完成, 持续推进).

    ``loose`` is for the inside of a bracket: there a few other words (预算2月底前) and periods counted from an event
    (批复后20日内) are limits too.
    """
    squeezed = squeeze(text)[0]
    if not 2 <= len(squeezed) <= 30:
        return False
    rest = squeezed
    found = points(squeezed, PlanYear(2000), numeric=False)
    for point in reversed(found):
        rest = rest[: point.start] + rest[point.end :]
    rest, standing = _STANDING.subn("", rest)
    rest, immediate = _IMMEDIATE.subn("", rest)
    if loose and (
        _RELATIVE.fullmatch(squeezed)
        or (found and len(_FILLER.sub("", rest)) <= 6 and re.search("[前底内末月]|半年|季度", squeezed))
    ):
        return True
    return bool(found or standing or immediate) and not _FILLER.sub("", rest)


def stated_dues(phrase: str, plan_year: PlanYear) -> tuple[list[Due], list[Issue]]:
    """Read a phrase that states a time limit; every date in it becomes a due, standing words attach to the last."""
    text = tidy(phrase)
    if not text or re.fullmatch(r"[/\-—–无、.。\\]*", text):
        return [], []
    squeezed, back = squeeze(text)
    numeric = re.sub(r"(?<=\d)00:00(?::00)?$", "", squeezed)
    found = list(points(numeric, plan_year, numeric=True))
    found = _ends_of_ranges(numeric, found)
    standing = bool(_STANDING.search(_IMMEDIATE.sub("", squeezed))) or any(p.every for p in find_periodic(text))
    immediate = bool(_IMMEDIATE.search(squeezed))
    issues = [_doubt(p, text) for p in found if p.doubt]
    dated = list(found)
    if not dated:
        if not standing and not immediate:
            issues.append(Issue("plan.due.unclear", "due", {"phrase": text}, Severity.WARNING))
        elif immediate and not standing:
            issues.append(Issue("plan.due.immediate", "due", {"phrase": text}, Severity.NOTICE))
        return [Due(None, standing, text, immediate=immediate)], issues
    if len(dated) == 1:
        return [Due(_coming(dated[0].last, squeezed, plan_year), standing, text)], issues
    dues: list[Due] = []
    for i, point in enumerate(dated):
        last = i + 1 == len(dated)
        begin = back[point.start]
        words = text[begin : back[point.end - 1] + 1]
        dues.append(
            Due(point.last, standing and last, words if not (standing and last) else text[begin:], immediate=False)
        )
    return dues, issues


def _coming(on: date | None, squeezed: str, plan_year: PlanYear) -> date | None:
    """Of a day that comes every year take the first one after the plan was issued."""
    if on and "每年" in squeezed and plan_year.issued_on and on < plan_year.issued_on:
        try:
            return on.replace(year=on.year + 1)
        except ValueError:
            return month_end(on.year + 1, on.month)
    return on


def _ends_of_ranges(squeezed: str, found: list[Point]) -> list[Point]:
    """Keep of 3月至6月 its end only, with the span of the whole range."""
    kept: list[Point] = []
    for point in found:
        if kept and _RANGE.search(squeezed[kept[-1].end : point.start]) and point.start - kept[-1].end <= 2:
            begun = kept.pop()
            point = replace(point, start=begun.start, first=begun.first)
        kept.append(point)
    return kept


def _doubt(point: Point, phrase: str) -> Issue:
    codes = {
        "no_year": "plan.due.no_year",
        "no_such_day": "plan.due.no_such_day",
        "strictly_before": "plan.due.strictly_before",
    }
    severity = Severity.NOTICE if point.doubt == "strictly_before" else Severity.WARNING
    values: dict[str, object] = {"phrase": phrase}
    if point.doubt == "strictly_before" and point.last:
        values["on"] = point.last.isoformat()
    return Issue(codes[point.doubt], "due", values, severity)


_NOT_AFTER = re.compile(r"(?:截至|截止|截止到|截至到|较|比|自|从|同|对|将|把)$")
_NOT_BEFORE = re.compile(
    r"已|累计|(?:[^，。；]{0,4})(?:印发|出台|制定|发布|建成|竣工|颁布|施行|生效|投产|形成|登记|成立|开工|受理|公布|备案|获得|取得|毕业|修建|建设)(?:并[^，。；]{1,4})?的|的"
)
_DONE = "(?:全面|基本|全部|初步|力争|要|应|须|需|必须|确保)?(?:完成|建成|实现|达到|启动|上线|形成|出台|报送|落实|建立)"
_ACTIVITY = re.compile("(?:集中|统一|要|至少)?(?:组织|开展|举办|召开|举行|公布|发布|印发|编制|修订)(?!了|的)")
_QUOTED = re.compile("《[^《》]*》")


def clause_dues(text: str, plan_year: PlanYear) -> tuple[list[Due], list[Issue]]:
    """Return the limits written inside a clause: 2023年9月底前, 年底前, 到2025年底."""
    squeezed, back = squeeze(text)
    masked = _QUOTED.sub(lambda m: "＿" * len(m.group()), squeezed)
    dues: list[Due] = []
    issues: list[Issue] = []
    found = _ends_of_ranges(masked, points(masked, plan_year, numeric=False))
    for i, point in enumerate(found):
        if not _limits(masked, point, found[i + 1] if i + 1 < len(found) else None):
            continue
        end = point.end
        after = _STANDING_AFTER.match(masked, end)
        if after:
            end = after.end()
        words = tidy(text[back[point.start] : back[end - 1] + 1])
        due = Due(point.last, bool(after), words, source="clause")
        if due not in dues:
            dues.append(due)
            if point.doubt:
                issues.append(_doubt(point, words))
    if not any(due.standing for due in dues):
        for piece in re.split("[，。；,;\n]", text):
            if is_due_clause(piece) and not points(squeeze(piece)[0], plan_year, numeric=False):
                immediate = bool(_IMMEDIATE.search(squeeze(piece)[0]))
                dues.append(Due(None, bool(_STANDING.search(piece)), tidy(piece), immediate, source="clause"))
                break
    return dues, issues


def _limits(text: str, point: Point, following: Point | None) -> bool:
    """Tell whether a point in running text is a limit for something still to be done."""
    words, before, after = text[point.start : point.end], text[: point.start], text[point.end : point.end + 16]
    if (
        _NOT_AFTER.search(before)
        or before.endswith(("每年", "每"))
        or re.search("每个?[年月季]$", before)
        or _NOT_BEFORE.match(after)
    ):
        return False
    if re.search("前$", words):
        return True
    if following and re.fullmatch("[、和及，]|以及", text[point.end : following.start]) and "季度" not in words:
        return text[following.start : following.end].endswith("前")
    if re.search("年[底末]$", words) and (re.match(f"[，,]|{_DONE}", after) or before.endswith(("到", "至", "力争"))):
        return True
    if before.endswith(("到", "力争到")) and re.fullmatch(r"20\d{2}年[底末]?", words):
        return True
    if re.search("(?:内|[底末]|上半年|下半年|季度|月|旬|日)$", words) and re.match(f"内?{_DONE}", after):
        return not re.match(".{0,6}(?:至少|不少于)", after)
    # An activity of a quarter or half-year is due at its end; what was done (了, 共) is history.
    return bool(re.search("(?:半年|季度)[末底内初]?$", words) and _ACTIVITY.match(after))

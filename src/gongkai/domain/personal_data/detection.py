"""Personal data in running text and in the cells of tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from gongkai.domain.personal_data.identity import is_identity_number, is_plausible
from gongkai.domain.personal_data.masking import Mask, masked
from gongkai.domain.personal_data.payment import is_card_number
from gongkai.domain.wording.finding import Finding, Grade, around

_FULL_WIDTH = {0xFF10 + n: ord("0") + n for n in range(10)} | {0xFF38: ord("X"), 0xFF58: ord("x"), 0xFF0D: ord("-")}
_FULL_WIDTH |= {0x3000: ord(" "), 0xA0: ord(" "), 0x2010: ord("-"), 0x2011: ord("-"), 0x2013: ord("-")}
_RUN = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){8,23}(?:[ -]?[Xx](?![A-Za-z]))?(?![0-9])")
_GROUPED = re.compile(r"[0-9]{4}(?:[ -][0-9]{4}){2,3}(?:[ -][0-9]{1,4})?|[0-9]{6}[ -][0-9]{8}[ -]?[0-9]{3}[0-9Xx]")
_PASSPORT = re.compile(r"(?<![A-Za-z0-9])(?:E[A-HJ-NP-Z][0-9]{7}|[EGDSP][0-9]{8}|[CHM][0-9]{8})(?![A-Za-z0-9])")
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r"[A-HJ-NP-Z][·・ ]?(?=[A-Z0-9]*[0-9][A-Z]*[0-9])"
    r"(?:[DF][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[DF]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])"
    r"(?![A-Za-z0-9])"
)
_ADDRESS = re.compile(
    r"(?:家庭住址|家庭地址|户籍地址|户籍所在地|现居住地|现住址|居住地址|住址|家住|现住)[：:为于在\s]{0,3}"
    r"(?P<value>[^\s，。；;,：:、）)]{0,30}?(?:[路街巷村组弄里号][^\s，。；;,：:、）)]{0,16}[号栋幢室组户]|[0-9]+[号栋幢室组])"
    r"[^\s，。；;,：:、）)]{0,12})"
)
_ADDRESS_CELL = re.compile("[路街巷村组弄苑栋幢室号]|小区|单元")
_BANK_WORDS = re.compile("账号|帐号|账户|帐户|卡号|开户行|开户银行|银行卡|一卡通|社保卡|存折")
_IDENTITY_WORDS = re.compile("身份证|证件号|公民身份|身份号码")
_PASSPORT_WORDS = re.compile("护照|通行证|旅行证|证件号")
_HOME_PHONE = re.compile("家庭电话|住宅电话|宅电|家长电话|本人电话|个人电话|户主电话")
_PHONE_WORDS = re.compile("电话|手机|联系方式|热线|传真")
_CODE_WORDS = re.compile(
    "信用代码|索引号|项目代码|项目编号|统一代码|批文号|文号|编码|流水号|订单号|公告号|备案号|许可证号|编号|登记号|ISBN|备案编号"
)
_LANDLINE = re.compile(r"(?<![0-9-])(?:\(0[1-9][0-9]{1,2}\) ?|0[1-9][0-9]{1,2}[ -]?)[2-8][0-9]{6,7}(?![0-9])")
_TOKEN_BEFORE = re.compile(r"[A-Za-z0-9]+$")
_TOKEN_AFTER = re.compile(r"[A-Za-z0-9]+")
_MOBILE = re.compile("(?:86)?1[3-9][0-9]{9}")
_TELLING = frozenset({"tel", "phone", "mobile", "mob", "t", "m", "p"})
_CODE_AFTER = re.compile("[A-Za-z_]|[.][A-Za-z]")
_COLUMN = re.compile(r"[^\n]*")


@dataclass(frozen=True, slots=True)
class Rule:
    """What the rule file says of one kind of personal data: entry, grade and mask."""

    rule: str
    grade: Grade
    mask: Mask


@dataclass(frozen=True, slots=True)
class PersonalRules:
    """The rules by code (``content.person.…``) and the numbers that the office itself has published.

    ``allowed`` holds digits only; a number in it is never reported.
    """

    kinds: Mapping[str, Rule]
    allowed: frozenset[str] = field(default=frozenset())


def find_personal_data(
    text: str, rules: PersonalRules, *, label_at: Callable[[int], str] = lambda position: ""
) -> list[Finding]:
    """Find identity numbers, phones, bank cards, accounts, passports, plates and home addresses in ``text``.

    Lines end with ``\\n``, cells of one row are separated by tabs. ``label_at`` returns the header of the column in
    which a position lies. Findings are sorted by position; none overlaps another.
    """
    plain = text if text.isascii() else text.translate(_FULL_WIDTH)
    search = _Search(plain, text, rules, label_at)
    found = [*search.numbers(), *search.landlines(), *search.passports(), *search.plates(), *search.addresses()]
    taken: list[Finding] = []
    for finding in sorted(found, key=lambda f: (f.start, f.start - f.end)):
        if not taken or taken[-1].end <= finding.start:
            taken.append(finding)
    return taken


@dataclass(slots=True)
class _Search:
    """``plain`` is what is searched (digits in ASCII), ``text`` what stands there, of the same length."""

    plain: str
    text: str
    rules: PersonalRules
    label_at: Callable[[int], str]

    def numbers(self) -> Iterator[Finding]:
        """Long runs of digits: identity numbers, bank cards, accounts, mobile phones."""
        for run in _RUN.finditer(self.plain):
            for start, end in _parts(run.group()):
                code = self._code(run.start() + start, run.start() + end)
                if code:
                    yield from self._finding(code, run.start() + start, run.start() + end)

    def _code(self, start: int, end: int) -> str | None:
        written = self.plain[start:end]
        number = _digits(written)
        spaced = len(number) != len(written)
        if is_identity_number(number) and "信用代码" not in self._near(start, end):
            return "content.person.id_number"
        context = self._near(start, end)
        labelled = _BANK_WORDS.search(context) is not None
        if len(number) == 18 and is_plausible(number) and _IDENTITY_WORDS.search(context):
            return "content.person.id_number_doubtful"
        if number[-1] in "Xx":
            return None
        if _MOBILE.fullmatch(number):
            return "content.person.mobile" if not self._inside_code(start, end) else None
        if self._inside_code(start, end) or (spaced and not _GROUPED.fullmatch(written)):
            return None
        if is_card_number(number, labelled=labelled) and (labelled or not _CODE_WORDS.search(context)):
            return "content.person.bank_card"
        if 17 <= len(number) <= 22 and labelled and not _CODE_WORDS.search(self._before(start)):
            return "content.person.account"
        if len(number) == 15 and is_plausible(number) and not spaced and not _CODE_WORDS.search(context):
            return "content.person.id_number_old"
        return None

    def landlines(self) -> Iterator[Finding]:
        """Fixed phones, where something says that they are somebody's own; offices publish theirs."""
        for match in _LANDLINE.finditer(self.plain):
            if _HOME_PHONE.search(self._near(match.start(), match.end())):
                yield from self._finding("content.person.landline", *match.span())

    def passports(self) -> Iterator[Finding]:
        """Passports and travel permits, where something nearby says so."""
        for match in _PASSPORT.finditer(self.plain):
            if _PASSPORT_WORDS.search(self._near(*match.span())):
                yield from self._finding("content.person.passport", *match.span())

    def plates(self) -> Iterator[Finding]:
        """Number plates of vehicles."""
        for match in _PLATE.finditer(self.plain):
            yield from self._finding("content.person.plate", *match.span())

    def addresses(self) -> Iterator[Finding]:
        """Home addresses after a word that announces one, and in columns headed as such (see ``address_cell``)."""
        for match in _ADDRESS.finditer(self.plain):
            yield from self._finding("content.person.address", *match.span("value"))

    def _finding(self, code: str, start: int, end: int) -> Iterator[Finding]:
        rule = self.rules.kinds.get(code)
        if rule is None or _digits(self.plain[start:end]) in self.rules.allowed:
            return
        yield finding_of(self.text, start, end, code=code, rule=rule)

    def _near(self, start: int, end: int) -> str:
        """The header of the column and the words on the same line, 40 characters before and 20 after."""
        return f"{self.label_at(start)} {self._before(start)} {self._line(end, end + 20)}"

    def _before(self, start: int) -> str:
        least = max(0, start - 40)
        left = max(self.plain.rfind("\n", least, start) + 1, least)
        return self.label_at(start) + " " + self.plain[left:start]

    def _line(self, start: int, end: int) -> str:
        match = _COLUMN.match(self.plain, start, end)
        return match.group() if match else ""

    def _inside_code(self, start: int, end: int) -> bool:
        """Tell whether the digits are a part of a longer code: of an index number, an address on the web, a file name."""
        before = self.plain[max(0, start - 30) : start]
        after = self.plain[end : end + 30]
        if before.endswith(("〔", "[")) or after.startswith(("〕", "]")):
            return True
        word = _TOKEN_BEFORE.search(before)
        if before.endswith("_") or (word and word.group()[-1].isalpha() and word.group().lower() not in _TELLING):
            return True
        if _CODE_AFTER.match(after):
            return True
        for sign, token in (
            (before[-1:], _TOKEN_BEFORE.search(before[:-1])),
            (after[:1], _TOKEN_AFTER.match(after[1:])),
        ):
            if sign in {"/", "-"} and token and not _is_phone(token.group()):
                return True
        return False


def address_cell(text: str, *, rule: Rule) -> Finding | None:
    """Return the finding for a cell under a header of home addresses, or None when no address stands in it."""
    if not _ADDRESS_CELL.search(text) or len(text) > 120:
        return None
    return finding_of(text, 0, len(text), code="content.person.address", rule=rule)


def finding_of(text: str, start: int, end: int, *, code: str, rule: Rule) -> Finding:
    """Build the finding for ``text[start:end]``, masked wherever it may be shown."""
    shown = masked(text[start:end], rule.mask)
    context = around(text, start, end).replace(text[start:end].replace("\t", " "), shown)
    return Finding(
        code=code,
        grade=rule.grade,
        start=start,
        end=end,
        text=text[start:end],
        rule=rule.rule,
        context=context,
        shown=shown,
    )


def _parts(run: str) -> list[tuple[int, int]]:
    """Split a run of digits with separators into the numbers it may hold.

    A run without separators is one number; with them it is one number if it reads as one, else each part is.
    """
    number = _digits(run)
    if number.endswith("X") and len(number) == len(run) != 18:
        run, number = run[:-1], number[:-1]
    whole = (0, len(run))
    if len(number) == len(run) or _GROUPED.fullmatch(run) or is_identity_number(number) or _MOBILE.fullmatch(number):
        return [whole]
    pieces = [(m.start(), m.end()) for m in re.finditer("[0-9]+[Xx]?", run)]
    # Neighbours that make one number together: a phone as 138-1234-5678, a number cut in two by a blank.
    parts: list[tuple[int, int]] = []
    at = 0
    while at < len(pieces):
        for until in range(min(len(pieces), at + 6), at, -1):
            joined = _digits(run[pieces[at][0] : pieces[until - 1][1]])
            if until == at + 1 or is_identity_number(joined) or (_MOBILE.fullmatch(joined) and until - at <= 3):
                parts.append((pieces[at][0], pieces[until - 1][1]))
                at = until
                break
    return [part for part in parts if part[1] - part[0] >= 11]


def _digits(written: str) -> str:
    return written.replace(" ", "").replace("-", "").replace("(", "").replace(")", "").upper()


def _is_phone(token: str) -> bool:
    return token == "86" or _MOBILE.fullmatch(token) is not None or (token[:1] == "0" and 3 <= len(token) <= 12)

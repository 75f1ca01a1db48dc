"""A list of units taken apart: 市属、驻市有关单位 stays one phrase, 各县（市、区）人民政府 too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gongkai.domain.workplans.characters import fold, tidy

# What the name of a unit, or of a group of units, ends with.
_TAIL = (
    "局|委|办|部|院|处|室|厅|署|所|站|队|会|社|团|校|中心|公司|集团|银行|支行|政府|街道|乡|镇|区|县|市|旗|州|盟|科|股|馆|台|报|网"
    "|场|大学|学院|学校|幼儿园|医院|单位|部门|机构|组织|企业|平台|管委|党组|党委|支部|专班|指挥部|领导小组|小组|妇联|残联|科协|文联"
    "|侨联|工商联|联社|联合社|供销社|属地|主体|支队|大队|中队|总队|分队|村|社区|园|工会|人大|政协|法院|检察院|各地|融媒体|媒体|电视台"
    "|各级|系统|组|镇街|行业|部队|军分区|人武部|协会|学会|商会|基金|驻|管理处|服务处|税务|邮政|电信|移动|联通|供电|石油|烟草|行|府|库|处室|班子"
)
_COMPLETE = re.compile(rf".*(?:{_TAIL})(?:（[^（）]*）)*(?:和?个人|同志|等)?")
_STRICT = re.compile(
    r"(?:.{0,40}?(?:局|委|办|部|院|厅|署|中心|公司|集团|银行|政府|街道|单位|部门|机构|党组|党委|专班|小组|指挥部|支队|法院|属地|企业|各地|委员会|办公室"
    r"|科|股|处|室|大队|管委会|办事处)|(?:各|全|市|县|区|省|州|盟|旗|本|其余|有关|相关).{0,30}?(?:所|站|队|会|社|乡|镇|区|县|馆|台|场|联|校|村|园))"
    r"(?:（[^（）]*）)*"
)
_NO_NAME = "[。：！？“《的将]|按照|进行|开展|情况|上报|报送"
# A bracket without label and verb must name units that say where they belong.
_PLACED = re.compile(r"(?:各|市|县|区|省|州|盟|旗|国家|本|全|镇|乡|街道|局|委).{1,20}")
_PLACE_START = re.compile(r"(?:各|全|市|县|区|省|州|盟|旗|镇|乡|街|本|驻|有关|相关|其他|其余|国家|中|团|自治)")
# A modifier that cannot stand alone: it shares the noun of what follows (市属、驻市有关单位; 中央、省属驻市单位).
_MODIFIER = re.compile(
    r"(?:各)?(?:中央|国家|中|省|市|县|区|州|部|盟|旗|乡|镇|局|院|校)?(?:属|直|管|级|直属)|驻.{1,3}|中央|中直|各?[省市县区州盟旗乡镇]|部门"
    r"|市委|县委|区委|省委|州委|旗委|盟委"
)
# A place noun without an organ word leans on the 各 before it (各乡镇、街道).
_BARE_PLACE = re.compile(
    r"(?:街道|街办|乡镇|镇|乡|区|市|县|旗|场|社区|园区|村|街|农场|林场|垦殖场|站|所|队|处|室|景区|管理区|（[^）]*）)+(?:（[^）]*）)?"
)
_SHARED_NOUN = re.compile(r"(?:市|县|区|旗|自治县|乡镇?|镇)?(?:（[^（）]*）)?(?:人民)?政府")
_OTHERS = re.compile(
    r"等(?:等)?(?:\d+家|[一二三四五六七八九十]+家)?(?:各|有关|相关|市直|县直|区直|成员|责任|职能|政府|市级|县级|区级|省级|其他)*(?:单位|部门|科室|机构|地)?$"
)
_LEADING = re.compile(r"^(?:(?:由|请|以及|及|和|与|会同|以上由|分别由|并由|暨)(?=.{2})|[、，；。：\s*]+)+")
_CONJUNCTION = re.compile("以及|和|与|及|暨")


@dataclass(frozen=True, slots=True)
class UnitList:
    """The phrases of a list, whether it ended in 等, and the phrases that do not look like units."""

    units: tuple[str, ...]
    open_list: bool = False
    odd: tuple[str, ...] = ()


def looks_like_unit(phrase: str) -> bool:
    """Tell whether a phrase ends as the name of a unit or of a group of units does."""
    return bool(_COMPLETE.fullmatch(fold(phrase)))


@lru_cache(maxsize=4096)
def surely_unit(phrase: str) -> bool:
    """Tell whether a phrase is so plainly a unit that a bracket without any label may be trusted."""
    folded = fold(phrase)
    return 2 <= len(folded) <= 24 and bool(_STRICT.fullmatch(folded)) and not re.search(_NO_NAME, folded)


def placed_unit(phrase: str) -> bool:
    """Tell whether a phrase is a unit that names its level (市政府办公室), so that it needs no label to be one."""
    folded = fold(phrase)
    long_enough = len(folded) >= 4 or (len(folded) == 3 and folded.startswith("各"))
    return long_enough and bool(_PLACED.fullmatch(folded)) and surely_unit(phrase)


@lru_cache(maxsize=4096)
def split_units(text: str) -> UnitList:
    """Return the units named in ``text`` in order, each once.

    Separators are 、 ， ； / and, between complete names only, blanks, line breaks and 和 与 及. What stands in brackets
    is never split.
    """
    units: list[str] = []
    open_list = False
    for piece in _join_dependent(_pieces(text)):
        phrase = tidy(_LEADING.sub("", fold_edges(piece))).strip("、，；。,;. ：*")
        shorter = _OTHERS.sub("", fold(phrase))
        if len(shorter) < len(phrase) and fold(phrase)[len(shorter) :].startswith("等"):
            open_list, phrase = True, phrase[: len(shorter)].rstrip("、，, ")
        if phrase and phrase not in units:
            units.append(phrase)
    return UnitList(tuple(units), open_list, tuple(u for u in units if not looks_like_unit(u)))


def fold_edges(piece: str) -> str:
    """Strip blanks and stray brackets that have no partner in the piece."""
    piece = piece.strip()
    folded = fold(piece)
    if folded and folded[0] in "）〕":
        piece, folded = piece[1:], folded[1:]
    if folded and folded[-1] in "（〔":
        piece = piece[:-1]
    opened, closed = (
        fold(piece).count("（") + fold(piece).count("〔"),
        fold(piece).count("）") + fold(piece).count("〕"),
    )
    if closed > opened and fold(piece)[-1:] in ("）", "〕"):
        piece = piece[:-1]
    return piece.strip()


def _pieces(text: str) -> list[tuple[str, str]]:
    """Cut at separators outside brackets; each piece comes with the separator before it."""
    folded = fold(text)
    pieces: list[tuple[str, str]] = []
    depth, begin, separator = 0, 0, ""
    for i, c in enumerate(folded):
        if c in "（〔":
            depth += 1
        elif c in "）〕":
            depth = max(0, depth - 1)
        elif depth == 0 and c in "、，；/ 。|\n":
            if text[begin:i].strip():
                pieces.append((separator, text[begin:i].strip()))
                separator = ""
            if c not in " \n" or not separator:
                separator = " " if c == "\n" else c
            begin = i + 1
    if text[begin:].strip():
        pieces.append((separator, text[begin:].strip()))
    return pieces


def _join_dependent(pieces: list[tuple[str, str]]) -> list[str]:
    """Put together what a separator had parted wrongly, and part what 和 joins."""
    joined: list[str] = []
    for separator, piece in pieces:
        if joined and _belongs(joined[-1], separator, fold(piece)):
            joined[-1] += ("" if separator == " " else separator) + piece
        else:
            joined.append(piece)
    out: list[str] = []
    for piece in joined:
        out.extend(_part_at_conjunction(piece))
    return out


def _belongs(left: str, separator: str, right: str) -> bool:
    left, right = fold(left), _OTHERS.sub("", right)
    if separator == " " and re.fullmatch("[\u4e00-\u9fff]{2,3}", right) and len(left) > 3 and looks_like_unit(left):
        return False
    if separator == " ":
        return not (len(left) > 1 and looks_like_unit(left) and (_PLACE_START.match(right) or looks_like_unit(right)))
    if separator not in ("、", "，", "/"):
        return False
    last = re.split("[、，]", left)[-1] if not left.endswith("）") else left
    if separator == "、" and _MODIFIER.fullmatch(last) and not right.startswith(("各", "其")):
        if re.fullmatch("[市县区省州旗盟]委", last):
            return bool(re.match("[市县区省州旗盟](?:人民)?政府(?!办公|各部门|部门|组成)", right))
        return True
    if left.startswith("各") and separator == "、":
        return bool(_BARE_PLACE.fullmatch(right) or _SHARED_NOUN.fullmatch(right))
    return separator == "、" and len(right) == 1 and looks_like_unit(right)


def _part_at_conjunction(piece: str) -> list[str]:
    folded = fold(piece)
    for found in _CONJUNCTION.finditer(folded):
        left, right = piece[: found.start()], piece[found.end() :]
        if fold(left).count("（") != fold(left).count("）") or len(left) < 2 or len(right) < 2:
            continue
        if looks_like_unit(left) and looks_like_unit(right) and not re.search("[发住人文卫工商]$", left):
            if _MODIFIER.fullmatch(fold(left)):
                continue
            return [left, *_part_at_conjunction(right)]
    return [piece]

"""Names of units: how they are cleaned, compared, and taken apart into a place and a core.

市发改委, 市发展和改革委员会, 赣州市发展改革委员会 name one unit. They are compared by their *core* (the name without the
place) in a loosened form, and by a table of standard full and short names of departments that is passed in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_BRACKETS = str.maketrans("〔〕【】［］{}﹙﹚[]", "()()()()()()")
_ENDS = "、，,。;；:：·.!！?？"

#: The characters that stand for "our" government in 市财政局, 区财政局, 县财政局.
LEVELS = "省市县区州盟旗"

# Applied in order to a core; both sides of a comparison are loosened, so only the result must be unique, not pretty.
_LOOSE = (
    (re.compile(r"中国共产党|中共"), ""),
    (re.compile(r"管理委员会|管委会"), "管委"),
    (re.compile(r"村?村民委员会|村?村委会"), "村"),
    (re.compile(r"社区居民委员会|社区居委会|居民委员会|居委会"), "社区"),
    (re.compile(r"街道办事处|街道办|街办$"), "街道"),
    (re.compile(r"委员会"), "委"),
    (re.compile(r"办公室|办公厅"), "办"),
    (re.compile(r"人民政府"), "政府"),
    (re.compile(r"(?<=[乡镇])政府$"), ""),
    (re.compile(r"(?<=..)[和与及、](?=..)"), ""),
)


def name_key(text: str) -> str:
    """Return the form in which names are compared: half width, no spaces, round brackets, no closing punctuation."""
    text = unicodedata.normalize("NFKC", text).translate(_BRACKETS)
    return _INVISIBLE.sub("", text).strip(_ENDS).lower()


def tidy_name(text: str) -> str:
    """Return the form in which a name is stored and shown: no stray spaces, full-width brackets."""
    text = unicodedata.normalize("NFKC", text).translate(_BRACKETS)
    text = _INVISIBLE.sub(" ", text).strip()
    text = re.sub(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])", "", text)
    return text.strip(_ENDS).replace("(", "（").replace(")", "）")


def loosen(core: str) -> str:
    """Return a core with its official endings shortened: 发展和改革委员会 → 发展改革委, 临塘乡人民政府 → 临塘乡."""
    core = name_key(core)
    for pattern, replacement in _LOOSE:
        core = pattern.sub(replacement, core)
    return core


@dataclass(frozen=True, slots=True)
class NameTable:
    """Standard full and short names of departments: which full names a short one may stand for."""

    forms: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, entries: Iterable[tuple[str, Iterable[str]]]) -> NameTable:
        """Build the table from (full name, short names); a short name may belong to several full names."""
        forms: dict[str, set[str]] = {}
        for full, shorts in entries:
            meaning = loosen(full)
            for form in (full, *shorts):
                forms.setdefault(loosen(form), set()).add(meaning)
        return cls({form: frozenset(meanings) for form, meanings in forms.items()})

    def meanings(self, core: str) -> frozenset[str]:
        """Return the loosened full names that ``core`` may stand for; an unknown core stands for itself."""
        loose = loosen(core)
        return self.forms.get(loose, frozenset()) | {loose}


def place_of(government: str) -> str:
    """Return the place that a government is named after: 龙南市人民政府 → 龙南市."""
    return re.sub(r"(人民)?政府$", "", name_key(government))


def place_forms(place: str) -> tuple[str, ...]:
    """Return the forms in which a place is written before a unit's name, longest first.

    南昌市红谷滩区 → 南昌市红谷滩区, 红谷滩区, 红谷滩; 赣州市 → 赣州市, 赣州. A bare form keeps at least two characters.
    """
    forms = {place}
    if inner := re.fullmatch(rf".{{2,8}}?[{LEVELS}](.{{2,}}[{LEVELS}])", place):
        forms.add(inner[1])
    forms |= {form[:-1] for form in forms if form[-1:] in LEVELS and len(form) > 2}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def cores_of(name: str, places: Iterable[str]) -> tuple[str, ...]:
    """Return the cores of a unit's name: what is left when the places it belongs to are taken off.

    ``places`` are the forms of the unit's own places (see ``place_forms``). A place inside the name counts too:
    国家税务总局龙南市税务局 → 税务局; 赣州市医疗保障局龙南分局 → 医疗保障局, 医疗保障分局.
    """
    key = re.sub(r"^(中国共产党|中共)", "", name_key(name))
    cores = {key}
    ordered = sorted(set(places), key=len, reverse=True)
    for place in ordered:
        at = key.find(place)
        if at < 0:
            continue
        tail = key[at + len(place) :]
        if branch := re.fullmatch(r"(.{3,}局)", key[:at]) if tail == "分局" else None:
            cores |= {branch[1], branch[1].removesuffix("局") + tail}
            for outer in ordered:
                cores |= {c.removeprefix(outer) for c in (branch[1], branch[1].removesuffix("局") + tail)}
            if outer_place := re.match(r".{2,4}?[市州盟]", branch[1]):
                cores |= {branch[1][outer_place.end() :], branch[1][outer_place.end() : -1] + tail}
        elif len(tail) >= 2:
            cores.add(tail)
    if key[:1] in LEVELS and len(key) > 3:
        cores.add(key[1:])
    return tuple(sorted(core for core in cores if len(core) >= 2))

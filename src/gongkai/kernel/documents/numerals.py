"""Writing ordinals in the number formats of word-processor and HTML lists."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def ordinal(number: int, form: str) -> str:
    """Write ``number`` in a WordprocessingML number format (``decimal``, ``chineseCountingThousand`` …).

    Numbers that a format cannot write (0 in Roman, 30 in circles) and unknown formats come out as decimal digits;
    ``none`` and ``bullet`` give an empty string.
    """
    if form in {"none", "bullet"}:
        return ""
    writer = _WRITERS.get(form)
    return (writer(number) if writer and number > 0 else "") or str(number)


def chinese(number: int, *, digits: str = "零一二三四五六七八九", units: str = "十百千", teens: bool = True) -> str:
    """Write 1 to 99999999 in Chinese words: 21 is 二十一, 105 is 一百零五; ``teens`` writes 十二 and not 一十二."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        rest = chinese(low, digits=digits, units=units, teens=False) if low else ""
        gap = digits[0] if low and low < 1000 else ""
        return chinese(high, digits=digits, units=units, teens=teens) + "万" + gap + rest
    out, pending = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit == 0:
            pending = bool(out)
            continue
        out += (digits[0] if pending else "") + digits[digit] + (units[power - 1] if power else "")
        pending = False
    return out[1:] if teens and 10 <= number < 20 else out


def _letters(number: int) -> str:
    """Write as list letters: a … z, aa, bb …"""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 40)


def _roman(number: int) -> str:
    if number > 10_000:
        return ""
    out = ""
    for value, sign in _ROMAN:
        out += sign * (number // value)
        number %= value
    return out


def _counting(number: int) -> str:
    """Write in words up to 99, digit by digit above, as the format ``chineseCounting`` does."""
    return chinese(number) if number < 100 else "".join(_DIGITS[int(d)] for d in str(number))


def _chars(first: str, last: int) -> Callable[[int], str]:
    return lambda number: chr(ord(first) + number - 1) if number <= last else ""


def _circled(number: int) -> str:
    if number <= 20:
        return chr(0x2460 + number - 1)
    if number <= 35:
        return chr(0x3251 + number - 21)
    return chr(0x32B1 + number - 36) if number <= 50 else ""


_WRITERS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02d}",
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "koreanDigital2": _counting,
    "japaneseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": lambda n: "".join(_DIGITS[int(d)] for d in str(n)),
    "japaneseDigitalTenThousand": lambda n: "".join(_DIGITS[int(d)] for d in str(n)),
    "taiwaneseDigital": lambda n: "".join(_DIGITS[int(d)] for d in str(n)),
    "chineseLegalSimplified": lambda n: chinese(n, digits=_LEGAL, units="拾佰仟", teens=False),
    "ideographLegalTraditional": lambda n: chinese(n, digits="零壹貳參肆伍陸柒捌玖", units="拾佰仟", teens=False),
    "ideographTraditional": lambda n: _STEMS[n - 1] if n <= 10 else "",
    "ideographZodiac": lambda n: _BRANCHES[n - 1] if n <= 12 else "",
    "ideographEnclosedCircle": _chars("㊀", 10),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _chars("⒈", 20),
    "decimalEnclosedParen": _chars("⑴", 20),
    "decimalFullWidth": lambda n: "".join(chr(ord("０") + int(d)) for d in str(n)),
    "decimalFullWidth2": lambda n: "".join(chr(ord("０") + int(d)) for d in str(n)),
    "decimalHalfWidth": str,
    "numberInDash": lambda n: f"- {n} -",
}

"""Document numbers and index numbers as keys: one spelling for all brackets, spaces, widths and leading zeros."""

from __future__ import annotations

import re

from gongkai.domain.identifiers import parse_doc_no, unified
from gongkai.domain.search.cutting import cut, fold

_SPACE = re.compile(r"\s+")
_SIGN = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"(?P<prefix>.*?)〔?(?P<year>[12][0-9]{3})〕?年?第?0*(?P<number>[0-9]{1,5})号")
SHORTEST_INDEX_NO = 6


def doc_no_key(text: str) -> str:
    """Return the key of a document number; the same for every way of writing it."""
    found = parse_doc_no(text)
    return _SPACE.sub("", fold(str(found) if found is not None else text))


def index_no_key(text: str) -> str:
    """Return the key of an index number: its letters and digits, small. Empty when it cannot be one.

    Separators and brackets differ from unit to unit and are typed in every way, so they do not count.
    """
    key = _SIGN.sub("", fold(text))
    if len(key) < SHORTEST_INDEX_NO or not any(sign.isdigit() for sign in key):
        return ""
    return key


def number_terms(*, doc_no: str, index_no: str) -> list[str]:
    """Return the terms under which an item's numbers are found in part: code, year, serial number, parts."""
    terms: list[str] = []
    if doc_no:
        key = doc_no_key(doc_no)
        match = _NUMBER.fullmatch(key)
        if match is not None:
            prefix = match["prefix"]
            terms += [prefix, *cut(prefix), match["year"], match["number"], f"{match['number']}号"]
        else:
            terms += cut(key)
    if index_no:
        terms += [part for part in _SIGN.split(fold(unified(index_no))) if part]
    return list(dict.fromkeys(term for term in terms if term and not term.isspace()))

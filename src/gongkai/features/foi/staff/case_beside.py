"""What stands beside the steps of a case on its page: what its divisions were asked for, and its fee."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from gongkai.domain.foi.fees import yuan
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi.selectors.detail import CaseDetail
from gongkai.features.foi.selectors.divisions import divisions_of
from gongkai.features.foi.selectors.fees import fee_held
from gongkai.features.foi.selectors.retrievals import RetrievalRow, retrievals_of_case

FEE = {Verb.NOTIFY_FEE: "fee", Verb.PAY_FEE: "fee"}
"""Amounts come from the decision about the fee: nobody types them into a step."""
OWN_PAGES = {**FEE, Verb.CORRECT_SERVICE: "service_day"}
"""Steps with a page of their own in every case."""


def pages_of(detail: CaseDetail, today: date) -> Mapping[Verb, str]:
    """Return the steps of this case that have a page of their own, by the name of the page.

    A unit with divisions on file asks them there; one without writes down whom it asked on paper.
    """
    has_divisions = bool(divisions_of(unit_ids=[detail.application.unit_id], on=today))
    return {**OWN_PAGES, Verb.ASSIGN: "retrieval_new"} if has_divisions else OWN_PAGES


def beside(detail: CaseDetail, today: date) -> dict[str, Any]:
    """Return what the page shows of retrievals and fee."""
    held = fee_held(application=detail.application)
    return {
        "retrievals": retrievals_of_case(application=detail.application, today=today),
        "fee_held": held,
        "fee_yuan": yuan(held.amount_fen) if held is not None else "",
    }


def answered_elsewhere(detail: CaseDetail, rows: Iterable[RetrievalRow]) -> bool:
    """Tell whether every division that is awaited answers on the page of its retrieval, whatever it is called by now."""
    refs = {row.ref for row in rows if row.open}
    return all(one.ref in refs for one in detail.course.state.assignments if one.returned_on is None)

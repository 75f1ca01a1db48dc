"""What the annual report says of the processing fee in its sixth part: notices, amounts, and what was collected.

Demanded by the provinces' notices on 国办函〔2020〕109号; an organ that charged nothing says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongkai.domain.foi.fees import yuan
from gongkai.domain.foi.figure_checks import Numbers
from gongkai.domain.foi.figures import TOTAL, ReportForm
from gongkai.domain.issues import Issue

LAPSED_ROW = "other_no_payment"
"""The row of table three for applications that ended because the fee was not paid."""


@dataclass(frozen=True, slots=True)
class FeeNotice:
    """One fee notice of an application: ``fen`` asked for, ``paid_fen`` received on ``paid_on``."""

    ref: str
    sent_on: date
    fen: int
    paid_on: date | None = None
    paid_fen: int = 0


@dataclass(frozen=True, slots=True)
class FeeFigures:
    """The fees of a year, with the references of the applications behind each figure; amounts in fen."""

    year: int
    sent: tuple[str, ...]
    asked_fen: int
    paid: tuple[str, ...]
    paid_fen: int

    @property
    def sentence(self) -> str:
        """Return the sentence of the sixth part."""
        if not self.sent and not self.paid:
            return f"{self.year}年度没有收取政府信息公开信息处理费。"
        return (
            f"{self.year}年度发出政府信息公开信息处理费收费通知{len(self.sent)}件，"
            f"总金额{yuan(self.asked_fen)}，实际收取{yuan(self.paid_fen)}。"
        )


def fee_figures(notices: Iterable[FeeNotice], *, year: int) -> FeeFigures:
    """Count the notices sent in a year and the money received in it, whatever year its notice is of."""
    every = list(notices)
    sent = [notice for notice in every if notice.sent_on.year == year]
    paid = [notice for notice in every if notice.paid_on is not None and notice.paid_on.year == year]
    return FeeFigures(
        year,
        tuple(notice.ref for notice in sent),
        sum(notice.fen for notice in sent),
        tuple(notice.ref for notice in paid),
        sum(notice.paid_fen for notice in paid),
    )


def check_fee_section(text: str, applications: Numbers, figures: FeeFigures, form: ReportForm) -> tuple[Issue, ...]:
    """Warn when there were fees, or cases that ended for want of one, and the sixth part does not speak of them."""
    known = form.checks["fee_told"]
    lapsed = applications.get(LAPSED_ROW, {}).get(TOTAL)
    concerned = bool(figures.sent or figures.paid) or (isinstance(lapsed, int) and lapsed > 0)
    if not concerned or "信息处理费" in text:
        return ()
    values = {"sentence": figures.sentence}
    return (Issue("foi.report.fee_told", "other", values, known.severity, basis=known.basis),)

"""Exports of the ledger that are too long for one request."""

from __future__ import annotations

from gongkai.kernel.exports.models import ExportBase


class LedgerExport(ExportBase):
    """A spreadsheet of the ledger that a person asked for and a job writes."""

    class Meta(ExportBase.Meta):
        verbose_name = verbose_name_plural = "台账导出"

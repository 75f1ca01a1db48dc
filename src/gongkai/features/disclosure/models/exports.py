"""Exports of the list of items that are too long for one request."""

from __future__ import annotations

from gongkai.kernel.exports.models import ExportBase


class ItemExport(ExportBase):
    """A spreadsheet of items that a person asked for and a job writes."""

    class Meta(ExportBase.Meta):
        verbose_name = verbose_name_plural = "公开信息导出"

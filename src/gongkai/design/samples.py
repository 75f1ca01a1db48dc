"""Sample data for the pattern library: everything a component can look like, without a database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator

from gongkai.design.charts import BarChart, Row, Series, ShareChart
from gongkai.design.icons import names
from gongkai.domain.issues import Basis, Issue, Severity, Where

SERIES = (
    Series("逾期", "red"),
    Series("临期", "yellow"),
    Series("正常", "green"),
    Series("已销号", "blue"),
    Series("未起算", "grey"),
)
COLOURS = ("red", "yellow", "green", "blue", "grey")
TOKENS = ("page-bg", "surface-bg", "sunken-bg", "hover-bg", "accent-bg", "accent-solid", "band-bg", "seal")


class SampleForm(forms.Form):
    """One field of every kind."""

    title = forms.CharField(label="任务名称", max_length=100, help_text="照抄文件原文，不超过 100 个字。")
    unit = forms.ChoiceField(label="牵头单位", choices=[("", "请选择"), ("1", "市发展和改革委员会"), ("2", "市教育局")])
    due_on = forms.DateField(label="完成时限", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="说明", widget=forms.Textarea, required=False)
    attachment = forms.FileField(label="佐证材料", required=False, help_text="支持 PDF、DOCX、XLSX、图片。")
    kind = forms.ChoiceField(
        label="任务性质", choices=[("once", "一次完成"), ("standing", "长期坚持")], widget=forms.RadioSelect
    )
    public = forms.BooleanField(label="在公开网站上显示进度", required=False)


def samples() -> dict[str, Any]:
    """Return the context of the pattern library."""
    wrong = SampleForm({"title": "", "unit": "1", "due_on": "下月底", "kind": "once"})
    wrong.is_valid()
    return {
        "page_title": "组件库",
        "breadcrumbs": [("首页", "/"), ("办公入口", "/admin/"), ("组件库", None)],
        "colours": COLOURS,
        "tokens": TOKENS,
        "icons": names(),
        "form": SampleForm(auto_id="sample_%s"),
        "wrong_form": wrong,
        "issues": _issues(),
        "sentences": ["第 3 行：没有写明牵头单位。", "第 8 行：完成时限“近期”不是一个日期。"],
        "crumbs": [("首页", "/"), ("政府信息公开", "/info/"), ("行政规范性文件", "/info/"), ("正文", "")],
        "page": Paginator(range(523), 20).page(7),
        "share_chart": ShareChart("全市任务完成情况", tuple(zip(SERIES, (6, 14, 71, 58, 11), strict=True))),
        "bar_chart": BarChart("各单位任务完成情况", SERIES, _rows()),
        "day": date(2024, 7, 19),
        "moment": datetime(2024, 7, 19, 15, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
        "trace": _trace(),
        "basis": _basis(),
    }


def _rows() -> tuple[Row, ...]:
    return (
        Row("市发展和改革委员会", (1, 3, 9, 6, 0), "#bar"),
        Row("市教育局", (0, 1, 7, 8, 2), "#bar"),
        Row("市卫生健康委员会", (2, 0, 5, 4, 0), "#bar"),
        Row("市自然资源局", (0, 0, 0, 0, 0), "#bar"),
        Row("各乡镇人民政府", (3, 10, 50, 40, 9), "#bar"),
    )


def _basis() -> tuple[Basis, ...]:
    return (Basis(rule="sample.reply", citation="示例规定第十条第二款", status="unverified"),)


def _issues() -> list[Issue]:
    return [
        Issue("plan.due.unclear", field="due_on", values={"phrase": "近期"}, where=Where(12, 14, sheet="任务分解表")),
        Issue("plan.units.missing", severity=Severity.WARNING, values={"title": "更新公开指南"}, basis=_basis()),
        Issue("plan.due.immediate", severity=Severity.NOTICE, values={"phrase": "立即办理"}),
    ]


def _trace() -> list[str]:
    return [
        "2024年9月27日（星期五）收到，当日不计入",
        "2024年9月29日（星期日）调休上班，第 1 个工作日",
        "2024年9月30日（星期一）第 2 个工作日",
        "2024年10月1日至10月7日国庆节放假，不计入",
        "2024年10月8日（星期二）第 3 个工作日",
    ]

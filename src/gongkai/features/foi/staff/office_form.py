"""The form with which an office sets up what its letters must carry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from gongkai.domain.foi.office import DOC_PATTERN, OfficeEntry
from gongkai.domain.foi.remedies import IssuerKind, Role
from gongkai.features.foi.selectors.office import NamedRole, Office

PLAIN = ("signs_as", "doc_code", "doc_pattern", "seal_name", "contact", "phone", "address", "office_hours")


def _line(label: str, hint: str = "", *, most: int = 200) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=False, max_length=most)


class OfficeForm(forms.Form):
    """One version of what an office has set up; what is left empty is taken from elsewhere, as its hint says."""

    issuer_kind = forms.ChoiceField(
        label="发文机关类别",
        required=False,
        help_text="决定向谁申请复议、向哪级法院起诉。垂直管理机关、派出机构、司法行政部门、以自己名义答复的政府办公室要在这里选。",
    )
    signs_as = _line("文书署名", most=120)
    other_names = forms.CharField(
        label="其他名称",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="加挂牌子、可以用来署名的其他名称，每行一个。制作文书时可以选用。",
    )
    seal_name = _line("印章名称", "如“某某市政府信息公开专用章”，制作文书时提示核对。", most=120)
    doc_code = _line("机关代字", most=40)
    doc_pattern = _line(
        "文号格式",
        f"可用 {{unit}}（机关代字）、{{year}}（年份）、{{number}}（流水号，三位写 {{number:3}}）。留空则为 {DOC_PATTERN}。",
        most=80,
    )
    contact = _line("联系科室或者联系人", most=80)
    phone = _line("联系电话", most=80)
    address = _line("通信地址")
    office_hours = _line("办公时间")
    from_on = forms.DateField(
        label="启用日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="从这一天制作的文书起使用；法院、复议机关有变动的，写变动施行的日期。",
    )
    note = _line("变更说明", "如依据的文件。", most=300)

    def __init__(self, *args: Any, office: Office, roles: Sequence[NamedRole], today: date, **kwargs: Any) -> None:
        entry, unit = office.entry, office.unit
        initial = {name: getattr(entry, name) for name in PLAIN}
        initial |= {"issuer_kind": entry.issuer_kind or "", "other_names": "\n".join(entry.other_names)}
        initial |= {"from_on": today, **{one.role.value: one.own for one in roles}}
        super().__init__(*args, initial=initial, **kwargs)
        self.roles = roles
        self.fields["issuer_kind"].choices = [("", "按单位类型推定"), *kind_choices()]
        hints = {
            "signs_as": unit.name,
            "doc_code": unit.display_name,
            "phone": unit.phone,
            "address": unit.address,
            "office_hours": unit.office_hours,
        }
        for name, value in hints.items():
            self.fields[name].help_text = f"留空则用“{value}”。" if value else "单位信息里没有，请填写。"
        for one in roles:
            self.fields[one.role.value] = _line(one.label, role_hint(one), most=300)

    @property
    def needed(self) -> list[forms.BoundField]:
        """Return the names without which letters cannot be written."""
        return [self[one.role.value] for one in self.roles if one.needed]

    @property
    def further(self) -> list[forms.BoundField]:
        """Return the names that only another kind of office would need."""
        return [self[one.role.value] for one in self.roles if not one.needed]

    def entry(self) -> OfficeEntry:
        """Return what was entered; call it on a valid form."""
        data = self.cleaned_data
        return OfficeEntry(
            issuer_kind=IssuerKind(data["issuer_kind"]) if data["issuer_kind"] else None,
            names={one.role: data[one.role.value] for one in self.roles if data[one.role.value].strip()},
            other_names=tuple(data["other_names"].splitlines()),
            **{name: data[name] for name in PLAIN},
        )


def role_hint(one: NamedRole) -> str:
    """Say what holds where a name is left empty."""
    if one.other:
        return f"留空则用“{one.other}”（{one.source}）。"
    if one.role is Role.REVIEW_CHANNEL:
        return "网址或者小程序名称，一行。网上送达的决定必须告知（《行政复议法》第二十二条第二款）。"
    return "写一个机关的全称。"


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of office in the words of the law's own table."""
    return [(kind.value, KIND_NAMES[kind]) for kind in IssuerKind]


KIND_NAMES = {
    IssuerKind.DEPARTMENT: "政府工作部门",
    IssuerKind.TOWN: "乡镇人民政府",
    IssuerKind.COUNTY_GOVERNMENT: "县（市、区）人民政府",
    IssuerKind.CITY_GOVERNMENT: "设区的市人民政府",
    IssuerKind.PROVINCE_GOVERNMENT: "省级人民政府",
    IssuerKind.STREET: "街道办事处等派出机关",
    IssuerKind.AUTHORIZED_BODY: "法律、法规、规章授权的组织",
    IssuerKind.DEPARTMENT_BRANCH: "工作部门的派出机构（以自己名义）",
    IssuerKind.CITY_DEPARTMENT_BRANCH: "设区的市工作部门按行政区划设立的派出机构",
    IssuerKind.VERTICAL: "垂直领导的机关、税务、国家安全机关",
    IssuerKind.JUSTICE: "司法行政部门（行政复议机构）",
    IssuerKind.DISCLOSURE_OFFICE: "以自己名义答复的政府办公室",
    IssuerKind.MANAGEMENT_COMMITTEE: "开发区管理机构",
}

"""The forms of the unit pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from gongkai.domain.organizations.kinds import LABELS
from gongkai.kernel.orgs.services import NewUnit
from gongkai.kernel.orgs.trees import unit_options

KIND_CHOICES = [(kind.value, label) for kind, label in LABELS.items()]


class DateField(forms.DateField):
    """A day, with the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class UnitChoice(forms.TypedChoiceField):
    """One unit of the tree, indented by depth."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **kwargs)

    def fill(self, options: list[tuple[int, str]], empty: str = "请选择") -> None:
        """Offer these units."""
        self.choices = [("", empty), *options]


class SeenField(forms.CharField):
    """The fingerprint of what the page showed when it was opened."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=64, widget=forms.HiddenInput)


class UnitForm(forms.Form):
    """Base of the forms that offer units: fills every unit field with the tree of the day."""

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = unit_options(on=on)
        for field in self.fields.values():
            if isinstance(field, UnitChoice):
                field.fill(options, "请选择" if field.required else "（无）")


class TreeFilterForm(forms.Form):
    """What the tree may be narrowed by."""

    search = forms.CharField(label="名称、简称、别名或代码", required=False, max_length=60)
    kind = forms.ChoiceField(label="类型", required=False, choices=[("", "全部"), *KIND_CHOICES])
    on = DateField(label="哪一天的机构", required=False)


class UnitDataForm(UnitForm):
    """A unit's own data."""

    name = forms.CharField(label="单位名称", max_length=120)
    short_name = forms.CharField(label="简称", max_length=60, required=False)
    kind = forms.ChoiceField(label="单位类型", choices=KIND_CHOICES)
    parent = UnitChoice(label="上级单位", required=False)
    division_code = forms.CharField(
        label="行政区划代码", max_length=12, required=False, help_text="人民政府 6 位，乡镇街道 9 位，村（社区）12 位。"
    )
    founded_on = DateField(label="成立日期", required=False)
    position = forms.IntegerField(label="排序号", min_value=0, required=False, help_text="小的在前，相同时按拼音。")
    is_disclosure_authority = forms.BooleanField(
        label="政府信息公开工作主管部门", required=False, help_text="它的政务公开工作机构可以看到全部单位的事项。"
    )

    seen = SeenField()

    def fields_changed(self) -> dict[str, Any]:
        """Return the values as the service takes them."""
        values = dict(self.cleaned_data)
        values.pop("seen")
        values["parent_id"] = values.pop("parent")
        values["position"] = values["position"] or 0
        return values


class NewUnitForm(UnitDataForm):
    """A unit that is founded."""

    aliases = forms.CharField(label="别名", required=False, help_text="用顿号隔开，如：市发改委、市发展改革委。")

    field_order = ["name", "short_name", "kind", "parent", "aliases", "division_code", "founded_on"]

    def new_unit(self) -> NewUnit:
        """Return what is to be founded."""
        values = self.fields_changed()
        aliases = [part for part in values.pop("aliases").replace("，", "、").split("、") if part.strip()]
        return NewUnit(aliases=aliases, **values)


class EntryForm(forms.Form):
    """The entry in the unit directory."""

    functions = forms.CharField(
        label="主要职能", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
    address = forms.CharField(label="办公地址", required=False, max_length=200)
    office_hours = forms.CharField(label="办公时间", required=False, max_length=200)
    phone = forms.CharField(label="联系电话", required=False, max_length=80)
    head_name = forms.CharField(label="负责人", required=False, max_length=60)
    seen = SeenField()


class AliasForm(forms.Form):
    """Another way of naming the unit."""

    text = forms.CharField(label="别名", max_length=120)
    from_on = DateField(label="自", required=False)
    until_on = DateField(label="至", required=False)


class RenameForm(forms.Form):
    """A new name from a day on."""

    name = forms.CharField(label="新名称", max_length=120)
    short_name = forms.CharField(label="新简称", max_length=60, required=False)
    kind = forms.ChoiceField(label="单位类型", choices=KIND_CHOICES)
    on = DateField(label="生效日期", help_text="从这一天起使用新名称。")
    basis = forms.CharField(label="依据", max_length=200, required=False, help_text="文件名称和文号。")


class MergeForm(UnitForm):
    """Merging the unit, and others with it, into one that exists or a new one."""

    others = forms.TypedMultipleChoiceField(
        label="一并合并的单位",
        coerce=int,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 10}),
        help_text="只合并这一个单位时不用选。按住 Ctrl 键点击可以选多个，再点一次取消。",
    )
    into = UnitChoice(label="并入的单位", required=False, help_text="并入已有单位时选择；新组建单位时留空。")
    name = forms.CharField(label="新组建单位名称", max_length=120, required=False)
    short_name = forms.CharField(label="新组建单位简称", max_length=60, required=False)
    on = DateField(label="生效日期", help_text="原单位从这一天起不再存在。")
    basis = forms.CharField(label="依据", max_length=200, required=False)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, on=on, **kwargs)
        self.fields["others"].choices = unit_options(on=on)

    def clean(self) -> dict[str, Any]:
        """Ask where to before any consequence is shown."""
        values: dict[str, Any] = super().clean() or {}
        if "into" in values and values["into"] is None and not values.get("name", "").strip():
            self.add_error("into", "请选择并入哪个单位；新组建单位时，请在下面填写新组建单位的名称。")
        return values

    def target(self, kind: str, parent_id: int | None) -> int | NewUnit:
        """Return the unit merged into, or the new one of the same kind and superior as the unit at hand."""
        values = self.cleaned_data
        if values["into"] is not None:
            return int(values["into"])
        return NewUnit(kind=kind, name=values["name"], parent_id=parent_id, short_name=values["short_name"])


class SplitForm(forms.Form):
    """Splitting the unit into new ones."""

    names = forms.CharField(
        label="分出的单位", widget=forms.Textarea(attrs={"rows": 4}), help_text="一行一个名称，类型和上级与原单位相同。"
    )
    keep = forms.BooleanField(
        label="原单位保留", required=False, help_text="不勾选则原单位从生效日期起撤销，由分出的单位承接。"
    )
    on = DateField(label="生效日期")
    basis = forms.CharField(label="依据", max_length=200, required=False)

    def clean_names(self) -> list[str]:
        """Return the names, one a line, and refuse one that stands there twice."""
        names = [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise forms.ValidationError(f"“{'”“'.join(twice)}”写了不止一次，一行一个名称，不要重复。")
        return names

    def targets(self, kind: str, parent_id: int | None) -> list[int | NewUnit]:
        """Return the new units."""
        names = self.cleaned_data["names"]
        return [NewUnit(kind=kind, name=name, parent_id=parent_id) for name in names]


class DissolveForm(forms.Form):
    """Dissolving the unit without successor."""

    on = DateField(label="生效日期", help_text="从这一天起不再存在。")
    basis = forms.CharField(label="依据", max_length=200, required=False)


class ImportForm(forms.Form):
    """The sheet to import."""

    file = forms.FileField(label="机构名录（XLSX）", help_text="可先导出现有名录作样表。")


class GroupForm(UnitForm):
    """A group by rule."""

    name = forms.CharField(label="名称（文件中的说法）", max_length=120)
    home = UnitChoice(label="所属政府", required=False)
    kinds = forms.MultipleChoiceField(
        label="包含哪些类型", choices=KIND_CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    below = forms.BooleanField(label="也包含下级政府的单位", required=False)
    phrases = forms.CharField(
        label="其他说法", required=False, help_text="用顿号隔开，如：各乡镇、各乡（镇）人民政府。"
    )
    note = forms.CharField(label="说明", required=False, max_length=200)


class MemberForm(UnitForm):
    """A unit listed in a group."""

    unit = UnitChoice(label="单位")
    excluded = forms.BooleanField(label="不计入（规则包含它也不算）", required=False)
    from_on = DateField(label="自", required=False)
    until_on = DateField(label="至", required=False)

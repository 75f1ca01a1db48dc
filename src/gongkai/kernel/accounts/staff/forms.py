"""The forms of the people pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts

from gongkai.kernel.accounts.roles import LABELS
from gongkai.kernel.orgs.trees import unit_options


class DateField(forms.DateField):
    """A day, with the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class UserFilterForm(forms.Form):
    """What the list of people may be narrowed by."""

    search = forms.CharField(label="姓名或登录名", required=False, max_length=60)
    unit = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)
    active = forms.ChoiceField(label="账号", required=False, choices=[("", "全部"), ("yes", "在用"), ("no", "已停用")])

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "全部单位"), *unit_options(on=on)]


class UserForm(forms.Form):
    """A person's own data."""

    display_name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(label="联系电话", max_length=40, required=False)
    email = forms.EmailField(label="电子邮箱", required=False, help_text="用于接收通知邮件；不填则只收站内通知。")
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class NewUserForm(UserForm):
    """A person who is added, with the first post."""

    username = forms.CharField(label="登录名", max_length=60, help_text="可用姓名拼音或工号，以后不能改。")
    unit = forms.TypedChoiceField(label="单位", coerce=int)
    role = forms.ChoiceField(label="岗位", choices=[(role.value, label) for role, label in LABELS.items()])
    from_on = DateField(label="任职日期")

    field_order = ["display_name", "username", "unit", "role", "from_on", "phone", "email"]

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "请选择"), *unit_options(on=on)]
        self.fields["from_on"].initial = on


class PostForm(forms.Form):
    """A role in a unit between two days."""

    unit = forms.TypedChoiceField(label="单位", coerce=int)
    role = forms.ChoiceField(label="岗位", choices=[(role.value, label) for role, label in LABELS.items()])
    from_on = DateField(label="任职日期")
    until_on = DateField(label="任职至", required=False, help_text="含当日；不填为长期。")
    note = forms.CharField(label="说明", required=False, max_length=200)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "请选择"), *unit_options(on=on)]
        self.fields["from_on"].initial = on


class PostEndForm(forms.Form):
    """The last day of a post."""

    until_on = DateField(label="最后任职日", help_text="填昨天即刻失效。")


class PasswordForm(forms.Form):
    """One's own new password."""

    old = forms.CharField(
        label="原密码", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False
    )
    new = forms.CharField(
        label="新密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )
    repeat = forms.CharField(
        label="再输一遍新密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        """Refuse two different new passwords."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("new") and values.get("repeat") and values["new"] != values["repeat"]:
            self.add_error("repeat", "两次输入的新密码不一致。")
        return values

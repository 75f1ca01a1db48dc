"""The forms with which other systems are let in and shut out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from gongkai.kernel.orgs.trees import unit_options
from gongkai.kernel.tokens.scopes import known_scopes

USUAL_DAYS = 365


class TokenForm(forms.Form):
    """What a new token is good for, until when, and from where."""

    scopes = forms.MultipleChoiceField(
        label="权限",
        widget=forms.CheckboxSelectMultiple,
        help_text="只选对方用得着的。",
        error_messages={"required": "请至少选择一项权限。"},
    )
    until_on = forms.DateField(
        label="有效期至",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="含当日，最长两年。到期之前在这里签发新的，新旧可以同时使用。",
    )
    networks = forms.CharField(
        label="只允许从这些地址使用",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="每行一个 IP 地址或网段，如 10.8.0.5 或 10.8.0.0/24。不填则不限制，建议填写。",
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = list(known_scopes().items())
        self.fields["until_on"].initial = on + timedelta(days=USUAL_DAYS)

    def token_values(self) -> dict[str, Any]:
        """Return the arguments of the service that concern the token."""
        data = self.cleaned_data
        networks = [line.strip() for line in data["networks"].splitlines() if line.strip()]
        return {"scopes": data["scopes"], "until_on": data["until_on"], "networks": networks}


class SystemForm(TokenForm):
    """A system that is connected, with its first token."""

    name = forms.CharField(label="系统名称", max_length=60, help_text="例如：12345政务服务便民热线。")
    contact = forms.CharField(label="对方的联系人和电话", max_length=120, help_text="令牌泄露、接口停用时要找得到人。")
    unit = forms.TypedChoiceField(
        label="可以移交给哪个单位", required=False, coerce=int, empty_value=None, help_text="热线一类的选全部单位。"
    )
    field_order = ("name", "contact", "unit", "scopes", "until_on", "networks")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, on=on, **kwargs)
        self.fields["unit"].choices = [("", "全部单位"), *unit_options(on=on)]


class RevokeForm(forms.Form):
    """Why a token is revoked."""

    reason = forms.CharField(label="理由", max_length=200, error_messages={"required": "请写明吊销的理由。"})

"""Signing in, in Chinese, without staying signed in: the session ends when nothing happens for a while."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.forms.auth import LoginForm

WRONG = "用户名或密码不对。连续输错会暂时锁定，请核对大小写和输入法后再试。"


class StaffLoginForm(LoginForm):
    """User name and password; an error never says which of the two was wrong."""

    username = forms.CharField(
        label="用户名",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "请填写用户名。"},
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写密码。"},
    )
    remember = None

    def __init__(self, request: object = None, *args: object, **kwargs: object) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].widget.attrs.pop("placeholder", None)

    def get_invalid_login_error(self) -> ValidationError:
        """Return the one message for every failed sign-in."""
        return ValidationError(WRONG, code="invalid_login")


class AppearanceForm(forms.Form):
    """How the back office looks, for the person only; the values are Wagtail's."""

    theme = forms.ChoiceField(
        label="明暗",
        choices=[("system", "跟随系统"), ("light", "浅色"), ("dark", "深色")],
        widget=forms.RadioSelect,
    )
    contrast = forms.ChoiceField(
        label="对比度",
        choices=[("system", "跟随系统"), ("more_contrast", "更高对比度")],
        widget=forms.RadioSelect,
    )

"""What fields say about a wrong value, in the words of this product: what was expected, and no jargon.

Django's own Chinese sentences (“必需字段”, “确保该变量…”) are not for people. Fields take these when they are declared, so
this runs before any form of ours is imported.
"""

from __future__ import annotations

from django import forms
from django.core import validators

_OF_FIELDS: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "请填写这一项。"},
    forms.IntegerField: {"invalid": "请填写整数，如 3。"},
    forms.DecimalField: {"invalid": "请填写数字，如 3.5。"},
    forms.DateField: {"invalid": "日期看不懂，应写成 2024-01-31。"},
    forms.FileField: {
        "required": "请选择文件。",
        "missing": "没有收到文件，请重新选择。",
        "empty": "这个文件是空的，请选择有内容的文件。",
        "max_length": "文件名最多 %(max)d 个字，现在有 %(length)d 个字，请改短后再上传。",
    },
    forms.ChoiceField: {"required": "请选择一项。", "invalid_choice": "没有“%(value).40s”这个选项，请重新选择。"},
    forms.MultipleChoiceField: {
        "required": "请至少选择一项。",
        "invalid_choice": "没有“%(value).40s”这个选项，请重新选择。",
    },
}


def install() -> None:
    """Give Django's fields and validators these sentences."""
    for field, messages in _OF_FIELDS.items():
        field.default_error_messages = {**field.default_error_messages, **messages}
    validators.MaxLengthValidator.message = "最多 %(limit_value)d 个字，现在有 %(show_value)d 个字。"
    validators.MinLengthValidator.message = "至少 %(limit_value)d 个字，现在有 %(show_value)d 个字。"
    validators.MinValueValidator.message = "不能小于 %(limit_value)s。"
    validators.MaxValueValidator.message = "不能大于 %(limit_value)s。"
    validators.EmailValidator.message = "电子邮箱应写成 name@example.cn 的样子。"
    validators.ProhibitNullCharactersValidator.message = "含有看不见的控制字符，请删去后再试。"

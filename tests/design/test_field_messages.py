"""What fields say about a wrong value."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms


class TestFields:
    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            (forms.CharField(), "", "请填写这一项。"),
            (forms.CharField(max_length=3), "四个汉字", "最多 3 个字，现在有 4 个字。"),
            (forms.IntegerField(), "三", "请填写整数，如 3。"),
            (forms.IntegerField(min_value=0), "-1", "不能小于 0。"),
            (forms.DateField(), "去年", "日期看不懂，应写成 2024-01-31。"),
            (forms.EmailField(), "不是邮箱", "电子邮箱应写成 name@example.cn 的样子。"),
            (forms.FileField(), None, "请选择文件。"),
            (forms.ChoiceField(choices=[("a", "甲")]), "", "请选择一项。"),
            (forms.ChoiceField(choices=[("a", "甲")]), "b", "没有“b”这个选项，请重新选择。"),
            (forms.TypedMultipleChoiceField(choices=[]), ["乙" * 90], f"没有“{'乙' * 40}”这个选项，请重新选择。"),
        ],
    )
    def test_say_what_was_expected(self, field: forms.Field, value: Any, words: str) -> None:
        with pytest.raises(forms.ValidationError) as refused:
            field.clean(value)
        assert refused.value.messages == [words]

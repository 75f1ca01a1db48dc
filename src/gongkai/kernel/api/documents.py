"""What OpenAPI documents say of the errors of ``answers``."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s


class ErrorEntry(s.Serializer[Any]):
    """One thing that is wrong."""

    code = s.CharField(help_text="错误代码")
    field = s.CharField(help_text="涉及的参数或者项目，如 applicant.phone；没有则为空")
    message = s.CharField(help_text="说明")


class Error(s.Serializer[Any]):
    """Why there is no answer."""

    code = s.CharField(help_text="错误代码")
    message = s.CharField(help_text="说明")
    errors = ErrorEntry(many=True, help_text="每一处错误")

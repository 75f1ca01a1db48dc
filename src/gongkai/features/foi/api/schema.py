"""The OpenAPI document of the interface for connected systems, made from the views themselves."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator

BEARER = "token"


@cache
def _generated() -> dict[str, Any]:
    from gongkai.features.foi.api.urls import urlpatterns

    generator = SchemaGenerator(patterns=[path("api/v1/foi/", include(urlpatterns))], api_version="1")
    found: dict[str, Any] = generator.get_schema(request=None, public=True)
    schemes = {BEARER: {"type": "http", "scheme": "bearer", "description": "本站管理员签发的访问令牌，gk_ 开头"}}
    found["components"]["securitySchemes"] = schemes
    for methods in found["paths"].values():
        for operation in methods.values():
            operation["security"] = [{BEARER: []}]
    return found


def openapi() -> dict[str, Any]:
    """Return the OpenAPI 3 document of the interface."""
    return {
        **_generated(),
        "info": {
            "title": f"{settings.PLACE}依申请公开移交接口",
            "version": version("gongkai"),
            "description": (
                "供 12345 热线等系统移交政府信息公开申请、查询进展、读取统计。须有本站管理员签发的令牌；"
                "不使用 Cookie，不允许其他网站的网页脚本调用。"
            ),
        },
        "servers": [{"url": settings.BASE_URL}],
    }

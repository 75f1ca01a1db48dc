"""What every template may know: the place and the names of the site. Nothing of it depends on who reads."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Return ``gk_site``: place and names."""
    return {
        "gk_site": {
            "place": settings.PLACE,
            "name": f"{settings.PLACE}政务公开",
            "organ": f"{settings.PLACE}人民政府",
            "staff_name": settings.WAGTAIL_SITE_NAME,
        }
    }

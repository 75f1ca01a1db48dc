"""What every template may know: the place, the names of the site, and how this reader wants to see it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

SIZES = ("normal", "large")
THEMES = ("auto", "light", "dark", "contrast")
SIZE_COOKIE = "gk_size"
THEME_COOKIE = "gk_theme"


def site(request: HttpRequest) -> dict[str, Any]:
    """Return ``gk_site``: place, names, and the reader's text size and theme (cookies; unknown values are ignored)."""
    size = request.COOKIES.get(SIZE_COOKIE, "normal")
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return {
        "gk_site": {
            "place": settings.PLACE,
            "name": f"{settings.PLACE}政务公开",
            "organ": f"{settings.PLACE}人民政府",
            "staff_name": settings.WAGTAIL_SITE_NAME,
            "size": size if size in SIZES else "normal",
            "theme": theme if theme in THEMES else "auto",
        }
    }

"""What every template may know: the place and the names of the site. Nothing of it depends on who reads."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Return ``gk_site``: place and names, and what the site is registered as."""
    given: dict[str, str] = settings.SITE
    organ = f"{settings.PLACE}人民政府"
    return {
        "gk_site": {
            **given,
            "place": settings.PLACE,
            "name": given["name"] or f"{settings.PLACE}政务公开",
            "organ": organ,
            "errors_url": given["errors_url"] if given["errors_url"].startswith(("https://", "http://")) else "",
            "host": given["host"] or organ,
            "police_number": "".join(re.findall("[0-9]", given["police"])),
            "staff_name": settings.WAGTAIL_SITE_NAME,
        }
    }

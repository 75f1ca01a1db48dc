"""What search engines are told."""

from __future__ import annotations

from django.conf import settings

CLOSED = (
    "/admin/",
    "/design/",
    "/display/",
    *(f"/apply/{page}/" for page in ("look", "new", "draft", "follow", "figures")),
)
"""Of the pages of applicants the first one tells how to apply; the others are of use to one person, or change daily."""


def robots_text() -> str:
    """Return robots.txt: the public pages may be read, the staff side stays out, the sitemap is there."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "Allow: /"]
    return "\n".join([*lines, f"Sitemap: {settings.BASE_URL}/sitemap.xml", ""])

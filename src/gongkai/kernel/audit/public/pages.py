"""What the public pages of the anchors show, for the views and for the static release alike."""

from __future__ import annotations

from typing import Any

from gongkai.domain.site import column_page
from gongkai.kernel.audit import selectors

LIST = "audit/public/anchor_list.html"


def list_context() -> dict[str, Any]:
    """Return the newest anchors for the page that tells how to check them."""
    return {
        "page_title": "审计锚点",
        "gk_page": column_page("审计锚点", "每天公布操作记录的校验值，任何人都能核对记录没有被改动"),
        "anchors": selectors.anchor_list(),
        "breadcrumbs": [("首页", "/"), ("审计锚点", "")],
    }


def anchors_data() -> dict[str, Any]:
    """Return the same anchors for programs."""
    anchors = [
        {"day": anchor.day.isoformat(), "sequence": anchor.sequence, "digest": anchor.digest}
        for anchor in selectors.anchor_list()
    ]
    return {"algorithm": "SHA-256", "anchors": anchors}

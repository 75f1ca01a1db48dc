"""The periodic job that anchors the chain."""

from __future__ import annotations

from django.utils import timezone

from gongkai.kernel.audit import services
from gongkai.kernel.jobs import periodic


@periodic("7 * * * *", name="audit.anchors")
def anchors_make() -> None:
    """Anchor every day that is over; hourly, so that a machine that was off at midnight catches up."""
    services.anchors_make(now=timezone.now())

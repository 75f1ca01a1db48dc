"""Forgetting who came how often."""

from __future__ import annotations

from django.utils import timezone

from gongkai.kernel.jobs import periodic
from gongkai.kernel.throttle import services


@periodic("5 * * * *", name="throttle.sweep_counts")
def sweep_counts() -> None:
    """Delete counts whose time is over."""
    services.counts_sweep(now=timezone.now())

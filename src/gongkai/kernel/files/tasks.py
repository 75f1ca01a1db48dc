"""The job that keeps the file store free of bytes that belong to nothing."""

from __future__ import annotations

from django.utils import timezone

from gongkai.kernel.files import services
from gongkai.kernel.jobs import periodic


@periodic("25 18 * * *", name="files.sweep_orphans")
def sweep_orphans() -> None:
    """Delete bytes without a record, once a night (02:25 in Beijing)."""
    services.orphans_sweep(now=timezone.now())

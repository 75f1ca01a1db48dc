"""Looking at registers without taking a number."""

from __future__ import annotations

from gongkai.kernel.registers.models import Register


def number_last(*, series: str, year: int, unit_id: int | None = None) -> int:
    """Return the last number that was taken, 0 when none was."""
    found = Register.objects.filter(series=series, year=year, unit_id=unit_id).values_list("last", flat=True).first()
    return found or 0

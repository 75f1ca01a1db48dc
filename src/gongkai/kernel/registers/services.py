"""Taking numbers: each one once, none left out."""

from __future__ import annotations

from django.db import connection

from gongkai.kernel.registers.models import Register


def number_take(*, series: str, year: int, unit_id: int | None = None) -> int:
    """Take the next number of a register, beginning with 1 in each year.

    Must be called inside the transaction that uses the number (RuntimeError otherwise): the register's row stays locked
    until it ends, so numbers are given out in the order of commits, and a rollback gives the number back.
    """
    return numbers_take(series=series, year=year, unit_id=unit_id, count=1)[0]


def numbers_take(*, series: str, year: int, unit_id: int | None = None, count: int) -> range:
    """Take the next ``count`` numbers of a register at once, for as many things of the same transaction."""
    if count < 1:
        raise ValueError(f"{count} numbers cannot be taken")
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that uses it")
    rows = Register.objects.select_for_update(of=("self",)).filter(series=series, year=year, unit_id=unit_id)
    register = rows.first()
    if register is None:
        # The first number of the year. Whoever comes second waits here for the first one's commit or rollback.
        Register.objects.bulk_create([Register(series=series, year=year, unit_id=unit_id)], ignore_conflicts=True)
        register = rows.get()
    register.last += count
    register.save(update_fields=["last"])
    return range(register.last - count + 1, register.last + 1)

"""Which keys the values in the database were sealed with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db import connection, models

from gongkai.kernel.sealed.columns import sealed_fields, sealed_models
from gongkai.kernel.sealed.keys import key_ring
from gongkai.kernel.sealed.sealing import MARK


def keys_in_use(*, tables: Sequence[type[models.Model]] | None = None) -> Counter[str]:
    """Return how many values were sealed with which key, by its name; what is no sealed text counts under ``""``."""
    found: Counter[str] = Counter()
    quote = connection.ops.quote_name
    for model in sealed_models() if tables is None else tables:
        for field in sealed_fields(model):
            column, table = quote(field.column), quote(model._meta.db_table)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT CASE WHEN split_part({column}, '.', 1) = %s THEN split_part({column}, '.', 2) ELSE '' END, "
                    f"count(*) FROM {table} WHERE {column} IS NOT NULL GROUP BY 1",
                    [MARK],
                )
                found.update(dict(cursor.fetchall()))
    return found


def keys_missing(*, tables: Sequence[type[models.Model]] | None = None) -> Counter[str]:
    """Return how many values cannot be opened because their key is not in the ring, by the key's name."""
    ring = key_ring()
    return Counter({name: count for name, count in keys_in_use(tables=tables).items() if ring.get(name) is None})

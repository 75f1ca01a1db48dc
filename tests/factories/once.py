"""What all tests of a module find, made once: each changes it in a savepoint of its own, which is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.test import override_settings


@contextmanager
def made_once(blocker: Any, **settings: Any) -> Iterator[None]:
    """Keep what is written in here until the end of the module; for a fixture of its scope that asks for ``django_db_setup``.

    ``settings`` hold until then, too. Nothing is ever committed.
    """
    with blocker.unblock(), override_settings(**settings), transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)

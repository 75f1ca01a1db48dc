"""A database that does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection


@contextmanager
def database_away(error: type[Exception] = OperationalError) -> Iterator[None]:
    """Every statement fails, as when nobody listens there."""

    def fail(*_: Any) -> None:
        raise error("server closed the connection unexpectedly")

    with connection.execute_wrapper(fail):
        yield

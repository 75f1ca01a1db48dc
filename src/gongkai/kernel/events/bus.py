"""Events and their listeners.

Two kinds of listeners. An *inline* one runs in the publishing process right after the commit; when it fails, the request
goes on, the error is logged, and the delivery is deferred as a job that is tried again with growing waits. A *durable*
one (``as_job=True``, for anything that does I/O) is deferred as a job in the publishing transaction itself, so that it
is delivered even when the process dies between commit and delivery. Either way a listener may see an event twice and
must not mind; a delivery that fails for good is in the list of failed jobs, and administrators are told.
"""

from __future__ import annotations

import dataclasses
import logging
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

from django.db import transaction

from gongkai.kernel.jobs import enqueue, job

logger = logging.getLogger(__name__)

DELIVER = "events.deliver"


class EventError(Exception):
    """An event or a listener was declared wrongly; a mistake in the program."""


@dataclass(frozen=True)
class Event:
    """Something that has happened: a frozen dataclass of plain values (numbers, text, dates, tuples of them).

    ``name`` is feature, object and past verb: ``workplans.item.submitted``.
    """

    name: ClassVar[str] = ""

    def payload(self) -> dict[str, Any]:
        """Return the fields as JSON values; dates and moments in ISO form."""
        return {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> typing.Self:
        """Return the event that ``payload()`` was taken from."""
        hints = typing.get_type_hints(cls)
        return cls(**{name: _typed(hints[name], value) for name, value in payload.items()})


Some = TypeVar("Some", bound=Event)
Handler = Callable[[Any], None]


@dataclass(frozen=True)
class _Listener:
    event: type[Event]
    handler: Handler
    as_job: bool

    @property
    def key(self) -> str:
        return f"{self.handler.__module__}.{self.handler.__qualname__}"


_listeners: dict[str, dict[str, _Listener]] = {}


def subscribe(event: type[Some], handler: Callable[[Some], None], *, as_job: bool = False) -> None:
    """Let ``handler`` be called with every event of this class. Called in ``config.wiring`` only; twice is once.

    Raises EventError for a class without a name of its own, or a handler that cannot be found again by its name.
    """
    if not event.name:
        raise EventError(f"{event.__name__} has no name")
    if "<" in handler.__qualname__:
        raise EventError(f"{handler.__qualname__} must be a function of a module, so that a job can find it")
    listener = _Listener(event, handler, as_job)
    known = _listeners.setdefault(event.name, {})
    if any(other.event is not event for other in known.values()):
        raise EventError(f"two classes are named {event.name}")
    known[listener.key] = listener


def listeners(event: type[Event]) -> list[str]:
    """Return the dotted names of the handlers of an event, in the order in which they were registered."""
    return list(_listeners.get(event.name, {}))


_unheard: ContextVar[bool] = ContextVar("unheard", default=False)


@contextmanager
def unheard() -> Iterator[None]:
    """Let no listener hear of what is published inside: for putting on record what people knew of long ago."""
    token = _unheard.set(True)
    try:
        yield
    finally:
        _unheard.reset(token)


def publish(event: Event) -> None:
    """Deliver the event to its listeners once the current transaction is committed; nothing happens on rollback."""
    if not event.name:
        raise EventError(f"{type(event).__name__} has no name")
    if _unheard.get():
        return
    for key, listener in _listeners.get(event.name, {}).items():
        if listener.as_job:
            enqueue(DELIVER, name=event.name, handler=key, payload=event.payload())
        else:
            transaction.on_commit(lambda found=listener: _deliver_inline(event, found))


def _deliver_inline(event: Event, listener: _Listener) -> None:
    try:
        with transaction.atomic():
            listener.handler(event)
    except Exception:
        logger.exception("%s failed on %s; it will be tried again as a job", listener.key, event.name)
        enqueue(DELIVER, name=event.name, handler=listener.key, payload=event.payload())


@job(DELIVER, retries=8)
def deliver(name: str, handler: str, payload: dict[str, Any]) -> None:
    """Deliver one event to one listener; a listener that is gone since then is skipped."""
    listener = _listeners.get(name, {}).get(handler)
    if listener is None:
        logger.warning("%s no longer listens to %s", handler, name)
        return
    with transaction.atomic():
        listener.handler(listener.event.from_payload(payload))


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is a date too
        return value.isoformat()
    if isinstance(value, tuple | list | set | frozenset):
        return [_plain(part) for part in value]
    return value


def _typed(hint: Any, value: Any) -> Any:
    """Read a JSON value back as the declared type: dates, moments, tuples, sets, enumerations and their optionals."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        return _typed(next(part for part in inner if part is not type(None)), value)
    if origin in (tuple, list, set, frozenset):
        return origin(_typed(inner[0], part) if inner else part for part in value)
    if hint in (date, datetime):
        return hint.fromisoformat(value)
    if isinstance(hint, type) and value is not None and hint not in (dict,) and not isinstance(value, hint):
        return hint(value)
    return value

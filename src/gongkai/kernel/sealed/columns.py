"""Which models have sealed columns, and who may open the values of an object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

from gongkai.kernel.sealed.fields import DigestField, _SealedField

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor

May = Callable[["Actor", Any], bool]


@dataclass(frozen=True, slots=True)
class Opening:
    """How objects of a model are called in the audit trail, and who may open their sealed values."""

    target_type: str
    may: May
    unit_id: Callable[[Any], int | None]


_openings: dict[str, Opening] = {}


def register_opening(
    model: str, *, target_type: str, may: May, unit_id: Callable[[Any], int | None] = lambda row: None
) -> None:
    """Say who may open the sealed values of a model (``foi.Applicant``); without it nobody may.

    ``may(actor, row)`` is a permission of the feature, ``unit_id(row)`` the unit under which the opening is recorded.
    Raises ValueError for a second, other answer.
    """
    opening = Opening(target_type, may, unit_id)
    known = _openings.get(model.lower())
    if known is not None and (known.target_type, known.may) != (target_type, may):
        raise ValueError(f"the opening of {model} is registered already")
    _openings[model.lower()] = opening


def opening_of(row: models.Model) -> Opening | None:
    """Return how values of this row are opened, or None when nobody may."""
    return _openings.get(row._meta.label_lower)


def sealed_fields(model: type[models.Model]) -> list[_SealedField]:
    """Return the sealed columns of a model."""
    return [field for field in model._meta.local_fields if isinstance(field, _SealedField)]


def digest_fields(model: type[models.Model]) -> list[DigestField]:
    """Return the columns of digests of a model."""
    return [field for field in model._meta.local_fields if isinstance(field, DigestField)]


def sealed_models() -> list[type[models.Model]]:
    """Return every model with a sealed column, by name."""
    found = [model for model in apps.get_models() if model._meta.managed and sealed_fields(model)]
    return sorted(found, key=lambda model: model._meta.label)

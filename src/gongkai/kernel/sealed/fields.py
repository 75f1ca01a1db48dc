"""Sealed columns of models, and columns of keyed digests that stand beside them for looking up equals."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from gongkai.domain.personal_data.display import Shown
from gongkai.kernel.sealed.keys import key_ring
from gongkai.kernel.sealed.sealing import digest_text
from gongkai.kernel.sealed.values import Masked, SealMisuse, Token, sealed_value


class _SealedAttribute(DeferredAttribute):
    """Keeps what was read or set as it is, and hands out ``Masked`` values that know their row."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        held = instance.__dict__
        # What was deferred is loaded by the parent, which sets it.
        kept = held[self.field.attname] if self.field.attname in held else super().__get__(instance, cls)
        if kept is None or isinstance(kept, Masked):
            return kept
        return self.field.masked(instance, kept)

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class _SealedField(models.TextField):
    """What sealed columns have in common.

    ``row`` names the field that tells one row from all others and is set before the row is inserted (a UUID with a
    default); the value is bound to it, to the table and to the column. ``bound_as`` keeps the name ``table.column``
    under which values were sealed when one of them is renamed.
    """

    as_json = False
    descriptor_class = _SealedAttribute

    def __init__(
        self, verbose_name: Any = None, *, row: str, shown: Shown = Shown.NOTHING, bound_as: str = "", **options: Any
    ) -> None:
        self.row, self.shown, self.bound_as = row, Shown(shown), bound_as
        options["editable"] = False
        super().__init__(verbose_name, **options)

    def deconstruct(self) -> Any:
        """Describe the field for migrations."""
        name, path, args, options = super().deconstruct()
        options.pop("editable", None)
        options["row"] = self.row
        if self.shown is not Shown.NOTHING:
            options["shown"] = str(self.shown)
        if self.bound_as:
            options["bound_as"] = self.bound_as
        return name, path, args, options

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Find a field that cannot be bound to its row."""
        return [*super().check(**kwargs), *self._check_row()]

    def _check_row(self) -> list[checks.CheckMessage]:
        try:
            row = self.model._meta.get_field(self.row)
        except FieldDoesNotExist:
            return [checks.Error(f"the row field {self.row!r} does not exist", obj=self, id="sealed.E001")]
        if not getattr(row, "unique", False) or getattr(row, "null", False):
            return [checks.Error(f"the row field {self.row!r} must be unique and not null", obj=self, id="sealed.E002")]
        if isinstance(row, models.AutoField | models.BigAutoField | models.SmallAutoField):
            return [checks.Error(f"{self.row!r} is not known before the row is inserted", obj=self, id="sealed.E003")]
        return []

    @property
    def bound_name(self) -> str:
        """``table.column``, to which values are bound."""
        return self.bound_as or f"{self.model._meta.db_table}.{self.column}"

    def place(self, instance: Any) -> str:
        """Return table, column and row as the text that a value is bound to; raises SealMisuse without a row."""
        row = getattr(instance, self.row)
        if row in (None, ""):
            raise SealMisuse(f"{self.bound_name}: {self.row} has to be set before the sealed value")
        return f"{self.bound_name}:{row}"

    def masked(self, instance: Any, kept: Any) -> Masked:
        """Return what an instance hands out for what it keeps."""
        held: dict[str, Any] = {"token": kept} if isinstance(kept, Token) else {"plain": kept}
        return Masked(place=self.place(instance), shown=self.shown, as_json=self.as_json, **held)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Token | None:
        """Keep what stands in the database as it is; ``values()`` gives no more than that."""
        return None if value is None else Token(value)

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """Seal what was set; what was only read is written back as it was."""
        kept = model_instance.__dict__.get(self.attname)
        if kept is None or isinstance(kept, Token):
            return kept
        place = self.place(model_instance)
        token = kept.sealed(place) if isinstance(kept, Masked) else sealed_value(kept, place, as_json=self.as_json)
        # The plain text is forgotten. That it is no Token tells a digest that stands after it to be made anew.
        model_instance.__dict__[self.attname] = Masked(place=place, shown=self.shown, as_json=self.as_json, token=token)
        return token

    def get_prep_value(self, value: Any) -> Any:
        """Return the sealed text; raises SealMisuse for a plain value, which would not know its row."""
        if value is None:
            return None
        if isinstance(value, Masked):
            value = value.sealed(value.place)
        if not isinstance(value, Token):
            raise SealMisuse(
                f"{self.bound_name} is set on a row and saved; it is never updated or searched by its text"
            )
        return value.sealed

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow no question but whether there is a value: equals are found by a ``DigestField``."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> None:
        """Allow none."""

    def to_python(self, value: Any) -> Any:
        """Leave a value as it is."""
        return value

    def value_to_string(self, obj: Any) -> str:
        """Refuse: rows with sealed columns are backed up with the database, not serialized."""
        raise SealMisuse(f"{self.bound_name} is not serialized")

    def formfield(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Return none: a form has a field of its own, and its service sets the column."""


class SealedTextField(_SealedField):
    """A text that lies sealed in the database; ``shown`` says what of it may be seen by everybody who sees the row."""


class SealedJSONField(_SealedField):
    """JSON values (objects, lists, texts, numbers) that lie sealed in the database and of which nothing is shown."""

    as_json = True


class DigestField(models.CharField):
    """The keyed digest of a sealed text of the same row, made when the row is saved.

    ``of`` names the sealed field. Texts are compared in one form: full-width signs as narrow ones, no blanks, small
    letters. Ask with ``matching``: after another key was added, older rows still carry digests of the older ones. Whoever
    saves with ``update_fields`` names both fields.
    """

    def __init__(self, verbose_name: Any = None, *, of: str, **options: Any) -> None:
        self.of = of
        options.update(max_length=64, editable=False)
        options.setdefault("blank", True)
        options.setdefault("default", "")
        options.setdefault("db_index", True)
        super().__init__(verbose_name, **options)

    def deconstruct(self) -> Any:
        """Describe the field for migrations."""
        name, path, args, options = super().deconstruct()
        for implied in ("max_length", "editable"):
            options.pop(implied, None)
        options["of"] = self.of
        return name, path, args, options

    def pre_save(self, model_instance: Any, add: bool) -> str:
        """Make the digest of what the sealed field holds; one that was only read keeps its digest."""
        source = self._source()
        kept = model_instance.__dict__.get(source.attname)
        if isinstance(kept, Token):
            return str(getattr(model_instance, self.attname))
        plain = kept.for_machine() if isinstance(kept, Masked) else kept
        digest = self.digests(plain, newest=True)[0] if plain else ""
        setattr(model_instance, self.attname, digest)
        return digest

    def digests(self, text: str, *, newest: bool = False) -> list[str]:
        """Return the digests of a text under every key (``newest``: under the newest only)."""
        keys = key_ring().keys
        return [digest_text(plain_form(text), self._source().bound_name, key) for key in (keys[:1] if newest else keys)]

    def _source(self) -> _SealedField:
        source = self.model._meta.get_field(self.of)
        assert isinstance(source, _SealedField)
        return source

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Find a digest of nothing."""
        found = super().check(**kwargs)
        try:
            source = self.model._meta.get_field(self.of)
        except FieldDoesNotExist:
            return [*found, checks.Error(f"{self.of!r} does not exist", obj=self, id="sealed.E004")]
        if not isinstance(source, SealedTextField):
            return [*found, checks.Error(f"{self.of!r} is no sealed text", obj=self, id="sealed.E005")]
        return found


def plain_form(text: str) -> str:
    """Return a text in the form in which texts are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def matching(field: str, text: str, model: type[models.Model]) -> dict[str, list[str]]:
    """Return the arguments of ``filter()`` for rows whose sealed value equals ``text``; nothing equals an empty text."""
    digest = model._meta.get_field(field)
    assert isinstance(digest, DigestField)
    return {f"{field}__in": digest.digests(text) if plain_form(text) else []}

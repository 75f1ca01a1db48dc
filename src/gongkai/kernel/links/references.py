"""References to objects of any feature, the relations between them, and how a feature shows what it owns.

A feature registers, from its ``AppConfig.ready``, how its objects are shown (``register_target``) and which relations it
uses (``register_relation``); nobody imports anybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor

_REF = re.compile(r"(?P<type>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+):(?P<id>[^\s:]{1,100})")
_RELATION = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Ref:
    """An object of some feature: its type (``workplans.item``) and its id as text."""

    type: str
    id: str

    @classmethod
    def parse(cls, text: str | Ref) -> Ref:
        """Read ``workplans.item:12``; a reference is returned as it is. Raises ValueError for another form."""
        if isinstance(text, Ref):
            return text
        match = _REF.fullmatch(text)
        if match is None or len(match["type"]) > 60:
            raise ValueError(f"{text!r} is no reference of the form feature.object:id")
        return cls(match["type"], match["id"])

    def __str__(self) -> str:
        return f"{self.type}:{self.id}"


@dataclass(frozen=True, slots=True)
class Shown:
    """How an object is shown to an actor: a title, and an address or an empty string where there is none to go to."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A kind of link: ``label`` is read from the source (佐证材料), ``inverse`` from the target (佐证了)."""

    code: str
    label: str
    inverse: str


Resolver = Callable[["Actor", Collection[str]], Mapping[str, Shown]]
"""Given an actor and ids, returns what the actor may see of them by id; what is left out is unknown or not visible."""
Editor = Callable[["Actor", str], bool]
"""Given an actor and the id of a source, tells whether the actor may link and unlink it."""

_resolvers: dict[str, Resolver] = {}
_editors: dict[str, Editor] = {}
_relations: dict[str, Relation] = {}


def register_target(type_: str, resolver: Resolver) -> None:
    """Say how objects of a type are shown. Raises ValueError when the type has another resolver already."""
    if _resolvers.get(type_, resolver) is not resolver:
        raise ValueError(f"objects of {type_} are registered already")
    _resolvers[type_] = resolver


def register_editor(type_: str, editor: Editor) -> None:
    """Say who may link objects of a type as source. Raises ValueError when the type has another editor already."""
    if _editors.get(type_, editor) is not editor:
        raise ValueError(f"editors of {type_} are registered already")
    _editors[type_] = editor


def register_relation(code: str, label: str, inverse: str) -> None:
    """Register a relation; the same again is no mistake. Raises ValueError for a bad code or another meaning."""
    relation = Relation(code, label, inverse)
    if not _RELATION.fullmatch(code) or not label or not inverse:
        raise ValueError(f"{code!r} is no relation with two labels")
    if _relations.get(code, relation) != relation:
        raise ValueError(f"the relation {code} is registered already as {_relations[code].label}")
    _relations[code] = relation


def resolver_of(type_: str) -> Resolver | None:
    """Return how objects of a type are shown, or None."""
    return _resolvers.get(type_)


def editor_of(type_: str) -> Editor | None:
    """Return who may link objects of a type, or None."""
    return _editors.get(type_)


def relation_of(code: str) -> Relation:
    """Return a registered relation; raises LookupError."""
    try:
        return _relations[code]
    except KeyError:
        raise LookupError(f"the relation {code} is not registered; see register_relation") from None

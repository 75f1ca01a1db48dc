"""Form fields that several forms of disclosure use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from gongkai.domain.items import UnitRef


class DateField(forms.DateField):
    """A day, with the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReasonField(forms.CharField):
    """Why something is done; it stays in the history."""

    def __init__(self, *, label: str = "理由", rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 2000)
        super().__init__(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class WordsField(forms.CharField):
    """Several words or names, parted by line breaks, 、 ， ； or semicolons; gives a tuple without doubles."""

    def clean(self, value: Any) -> tuple[str, ...]:
        """Cut what was typed into words."""
        text = super().clean(value)
        for mark in "、，,；;\t":
            text = text.replace(mark, "\n")
        return tuple(dict.fromkeys(word for line in text.split("\n") if (word := line.strip())))


class LinesField(forms.CharField):
    """Several names, one a line; gives a tuple without doubles."""

    def clean(self, value: Any) -> tuple[str, ...]:
        """Cut what was typed into lines."""
        text = super().clean(value)
        return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class PickField(forms.CharField):
    """One of many, found by typing: a text box with suggestions that takes a label as well as a code.

    Gives the code; what fits nothing is an error that names what comes close.
    """

    def __init__(self, *, list_id: str, what: str, **kwargs: Any) -> None:
        attrs = {"list": list_id, "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)
        self.what = what
        self.options: dict[str, str] = {}

    def offer(self, options: Iterable[tuple[str, str]]) -> None:
        """Offer (code, label) pairs."""
        self.options = dict(options)

    def label_of(self, code: str) -> str:
        """Return what the box shows for a code."""
        return self.options.get(code, code)

    def clean(self, value: Any) -> str:
        """Find the code of what was typed."""
        text = super().clean(value).strip()
        if not text or text in self.options:
            return text
        exact = [code for code, label in self.options.items() if label == text]
        if exact:
            return exact[0]
        near = [(code, label) for code, label in self.options.items() if text in label]
        if len(near) == 1:
            return near[0][0]
        told = "、".join(label for _, label in near[:5])
        hint = f"可能是：{told}。" if told else "请从建议的选项中选择。"
        raise forms.ValidationError(f"没有“{text[:40]}”这个{self.what}。{hint}")


class UnitNameField(forms.CharField):
    """A unit by its name, with suggestions; one that is not on file is taken as it is written. Gives a UnitRef or None."""

    def __init__(self, *, list_id: str, **kwargs: Any) -> None:
        super().__init__(
            max_length=200, widget=forms.TextInput(attrs={"list": list_id, "autocomplete": "off"}), **kwargs
        )
        self.units: dict[str, int] = {}

    def clean(self, value: Any) -> UnitRef | None:
        """Find the unit of what was typed."""
        name = super().clean(value).strip()
        return unit_ref(name, self.units) if name else None


def unit_ref(name: str, units: dict[str, int]) -> UnitRef:
    """Return the reference to the unit of a name, without id for one that is not on file."""
    return UnitRef(units.get(name), name)


def names_of(units: Sequence[UnitRef]) -> str:
    """Return names of units, one a line."""
    return "\n".join(unit.name for unit in units)

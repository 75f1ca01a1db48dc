"""Form fields that several forms use."""

from __future__ import annotations

from typing import Any

from django import forms


class DateField(forms.DateField):
    """A day, with the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TextField(forms.CharField):
    """Words of some length."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(
            max_length=kwargs.pop("max_length", 4000), widget=forms.Textarea(attrs={"rows": rows}), **kwargs
        )


class ReasonField(TextField):
    """Why something is done; it stays in the history."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=kwargs.pop("label", "理由"), rows=3, max_length=2000, **kwargs)


class UnitField(forms.TypedChoiceField):
    """One unit out of those offered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **kwargs)

    def offer(self, units: list[tuple[int, str]], empty: str = "请选择") -> None:
        """Offer these units."""
        self.choices = [("", empty), *units]


class UnitsField(forms.TypedMultipleChoiceField):
    """Several units out of those offered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, widget=forms.SelectMultiple(attrs={"size": 6}), **kwargs)
        self.help_text = self.help_text or "可选多个：按住 Ctrl 再点选。"

    def offer(self, units: list[tuple[int, str]]) -> None:
        """Offer these units."""
        self.choices = list(units)

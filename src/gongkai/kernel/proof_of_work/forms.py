"""The fields that a public form gets, and the check when everything else in it is right."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.templatetags.static import static

from gongkai.domain.issues import Issue
from gongkai.kernel.proof_of_work.challenges import (
    LIFE,
    Challenge,
    Sum,
    challenge_make,
    challenge_solved,
    sum_answered,
    sum_make,
)
from gongkai.kernel.throttle.services import take_once
from gongkai.rulebook.messages import describe

KIND = "proof_of_work"


def proof_key() -> bytes:
    """Return the key with which challenges are signed."""
    return hmac.new(settings.SECRET_KEY.encode(), b"proof of work", "sha256").digest()


class _Fresh(forms.HiddenInput):
    """A hidden field that never shows what was sent: every page gets a challenge of its own."""

    fresh = ""

    def format_value(self, value: Any) -> str:
        """Return the value of this page."""
        return self.fresh


class _Work(_Fresh):
    """The field into which the script writes its answer; the challenge is in an attribute of it."""

    challenge: Challenge | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add what the script needs."""
        context = super().get_context(name, value, attrs)
        if self.challenge is not None:
            told = {
                "data-gk-proof": self.challenge.as_json(),
                "data-gk-proof-worker": static("proof_of_work/worker.js"),
            }
            context["widget"]["attrs"] |= told
        return context


class _Answer(forms.TextInput):
    """The answer to the sum; it is not shown again."""

    def format_value(self, value: Any) -> None:
        """Return nothing: the next page asks something else."""


class ProofMixin(forms.Form):
    """Adds the proof to a form: ``class ApplyForm(ProofMixin, …)`` with ``proof_purpose``, made with ``now=``.

    The proof is looked at when all other fields are right, and then counts as used. ``GONGKAI_PROOF_WORK`` 0 leaves it out.
    """

    proof_purpose = "form"
    proof_work = forms.CharField(required=False, widget=_Work)
    proof_question = forms.CharField(required=False, widget=_Fresh, max_length=200)
    proof_answer = forms.CharField(
        required=False,
        max_length=10,
        help_text="填数字或汉字都可以。用来分辨是人还是程序在填表。",
        widget=_Answer(attrs={"autocomplete": "off", "data-gk-proof-answer": ""}),
    )

    class Media:
        """The script; a page without it asks the sum."""

        js = ("proof_of_work/proof.js",)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proof_now = now
        if settings.PROOF_WORK <= 0:
            for name in ("proof_work", "proof_question", "proof_answer"):
                del self.fields[name]
            return
        asked: Sum = sum_make(key=proof_key(), purpose=self.proof_purpose, now=now)
        work = self.fields["proof_work"].widget
        work.challenge = challenge_make(key=proof_key(), purpose=self.proof_purpose, work=settings.PROOF_WORK, now=now)  # type: ignore[attr-defined]
        self.fields["proof_question"].widget.fresh = asked.token  # type: ignore[attr-defined]
        self.fields["proof_answer"].label = f"请回答：{asked.words}"
        self.order_fields([*[name for name in self.fields if not name.startswith("proof_")], *PROOF_FIELDS])

    def full_clean(self) -> None:
        """Check everything else first: a proof that was right is used up."""
        super().full_clean()
        if self.is_bound and "proof_work" in self.fields and not self._errors and not self._proved():
            self.add_error("proof_answer", describe(Issue("proof.missing")))

    def _proved(self) -> bool:
        given = {"key": proof_key(), "purpose": self.proof_purpose, "now": self.proof_now}
        solved = challenge_solved(self.cleaned_data.get("proof_work") or "", **given)
        if not solved:
            token = self.cleaned_data.get("proof_question") or ""
            answer = self.cleaned_data.get("proof_answer") or ""
            if not token or not answer:
                return False
            # A sum may be tried once: it has few answers.
            solved = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
            if not self._first(solved):
                return False
            return sum_answered(token, answer, **given)
        return self._first(solved)

    def _first(self, token: str) -> bool:
        return take_once(kind=KIND, token=token, seconds=int(LIFE.total_seconds()), now=self.proof_now)


PROOF_FIELDS = ("proof_work", "proof_question", "proof_answer")

"""Compiling the lexicon after a change, so that the first check afterwards does not have to wait for it."""

from __future__ import annotations

from django.utils import timezone

from gongkai.kernel.jobs import job
from gongkai.kernel.wordlists import selectors


@job("wordlists.compile", lock="wordlists.compile")
def compile_lexicon() -> None:
    """Compile the words that hold today and put the result on disk, where every process finds it."""
    selectors.content_rules(on=timezone.localdate())

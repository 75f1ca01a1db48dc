"""What every staff template may know beyond the design: whether the sample city is loaded."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from gongkai.kernel.audit.selectors import entry_list

# The answer changes when an operator loads or removes the sample city: a process asks again now and then, not each page.
ASK_AGAIN_SECONDS = 300.0
_answer: tuple[bool, float] | None = None


def sample_city(request: HttpRequest) -> dict[str, Any]:
    """Return ``gk_sample_city``, looked up only by templates that ask for it."""
    return {"gk_sample_city": SimpleLazyObject(sample_city_loaded)}


def sample_city_loaded() -> bool:
    """Tell whether the data here is the sample city; at most five minutes old."""
    global _answer
    if _answer is None or time.monotonic() - _answer[1] > ASK_AGAIN_SECONDS:
        _answer = (entry_list(target_type="demo", target_id="city").exists(), time.monotonic())
    return _answer[0]


def forget() -> None:
    """Ask again at the next page."""
    global _answer
    _answer = None

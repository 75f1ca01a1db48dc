"""What every public page may know: the emergency banners of this moment."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from gongkai.features.disclosure.selectors.banners import banner_public_list


def banners(request: HttpRequest) -> dict[str, Any]:
    """Return ``gk_banners``, asked for only by pages that show them; a new one is on the next page that is opened."""
    return {"gk_banners": SimpleLazyObject(lambda: banner_public_list(at=timezone.now()))}

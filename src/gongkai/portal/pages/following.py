"""What follows when Wagtail publishes or takes down a page: our own record, or nothing becomes public.

The actor is the person who is signed in to Wagtail's editor in this request. A script that calls Wagtail's publishing
has none; it changes nothing for the public.
"""

from __future__ import annotations

import logging
from typing import Any

from django.utils import timezone
from wagtail.log_actions import get_active_log_context

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.errors import Refused
from gongkai.portal.models.pages import SitePage
from gongkai.portal.pages.services.publishing import page_end, page_kept_back, page_publish

logger = logging.getLogger(__name__)


def on_page_published(*, instance: Any, **signal: Any) -> None:
    """Put a page on record as published by whoever is signed in; else it stays a draft."""
    if not isinstance(instance, SitePage):
        return
    actor = _actor()
    if actor is None:
        logger.warning("page %s was published by nobody who is signed in; the public does not see it", instance.pk)
        page_kept_back(page=instance)
        return
    try:
        page_publish(actor=actor, page=instance, now=timezone.now())
    except Refused as refused:
        logger.warning("page %s was not published: %s", instance.pk, ", ".join(refused.codes()))
        page_kept_back(page=instance)


def on_page_unpublished(*, instance: Any, **signal: Any) -> None:
    """Take a page off the site; one that is deleted as well. The first page of a site stays, whatever Wagtail says."""
    if not isinstance(instance, SitePage):
        return
    try:
        page_end(actor=_actor() or Actor.system("网站"), page_id=instance.pk, now=timezone.now())
    except Refused as refused:
        logger.warning("page %s was not taken down: %s", instance.pk, ", ".join(refused.codes()))
        page_kept_back(page=instance)


def _actor() -> Actor | None:
    user = get_active_log_context().user
    return None if user is None else actor_get(user=user, today=timezone.localdate())

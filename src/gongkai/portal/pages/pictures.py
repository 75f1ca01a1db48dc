"""Pictures of topics: where they are read, and who may read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.files.selectors import file_get
from gongkai.portal.models import PagePublication

if TYPE_CHECKING:
    from gongkai.kernel.files.models import StoredFile

TARGET = "portal.picture"
MEDIA_TYPE = "image/jpeg"
_NAME = re.compile(r"picture-([1-9][0-9]{0,17})\.jpg")


def picture_name(file_id: int) -> str:
    """Return the name of a picture beside the page that shows it."""
    return f"picture-{file_id}.jpg"


def picture_of(name: str) -> int | None:
    """Return the file of which this is the name; None for any other name."""
    found = _NAME.fullmatch(name)
    return int(found[1]) if found else None


def picture_get(*, actor: Actor, file_id: int) -> StoredFile | None:
    """Return a picture that the actor may see; None for one that is not there, or not a picture of a page."""
    try:
        file = file_get(actor=actor, file_id=file_id)
    except (ObjectDoesNotExist, NotPermitted):
        return None
    return file if file.target_type == TARGET else None


def may_read_picture(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may see a picture: everybody what is published, people of the house what is not yet."""
    if actor.is_system or actor.grants:
        return True
    return PagePublication.objects.filter(ended_at__isnull=True, content__picture=file.pk).exists()

"""How stored files are shown at the other end of a link."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.files.selectors import file_list_by_id
from gongkai.kernel.links.references import Shown


def show_files(actor: Actor, ids: Collection[str]) -> Mapping[str, Shown]:
    """Return name and download address of the files that the actor may read, by id."""
    wanted = [int(i) for i in ids if i.isascii() and i.isdecimal()]
    return {
        str(file.pk): Shown(file.name, reverse("files:staff:download", args=[file.pk]))
        for file in file_list_by_id(actor=actor, file_ids=wanted)
    }

"""Finding and opening stored files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db.models import QuerySet

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files import permissions, storage
from gongkai.kernel.files.models import StoredFile


def file_get(*, actor: Actor, file_id: int) -> StoredFile:
    """Return one file; raises NotPermitted, or StoredFile.DoesNotExist."""
    file = StoredFile.objects.select_related("unit", "uploaded_by").get(pk=file_id)
    if not permissions.can_read(actor, file):
        raise NotPermitted(ability="查看此文件")
    return file


def file_open(*, actor: Actor, file: StoredFile) -> BinaryIO:
    """Open a file's bytes for reading; the caller closes it.

    Raises NotPermitted, and Refused when the bytes are gone from the disk.
    """
    if not permissions.can_read(actor, file):
        raise NotPermitted(ability="查看此文件")
    try:
        return file_path(file=file).open("rb")
    except OSError as error:
        raise Refused(Issue("files.lost", field="file", values={"name": file.name})) from error


def file_path(*, file: StoredFile) -> Path:
    """Return where the bytes lie; for jobs and services that have asked for permission already."""
    return storage.place_of(Path(settings.FILES_DIR), file.sha256)


def file_list(*, actor: Actor, target_type: str, target_id: str | int) -> list[StoredFile]:
    """Return the files of one object that the actor may read, newest first."""
    return [f for f in _of_target(target_type, target_id) if permissions.can_read(actor, f)]


def file_list_by_id(*, actor: Actor, file_ids: Iterable[int]) -> list[StoredFile]:
    """Return those of the files that exist and that the actor may read, by id (one query)."""
    found = StoredFile.objects.filter(pk__in=list(file_ids)).order_by("id")
    return [file for file in found if permissions.can_read(actor, file)]


def file_media_types(*, file_ids: Iterable[int]) -> dict[int, str]:
    """Return the media type of each file that exists, by id: no more than its address tells whoever may read it."""
    return dict(StoredFile.objects.filter(pk__in=list(file_ids)).values_list("id", "media_type"))


def file_issues() -> Iterator[Issue]:
    """Read every stored file again and yield one issue for each whose bytes are gone or changed."""
    names: dict[str, str] = {}
    for sha256, name in StoredFile.objects.order_by("sha256", "id").values_list("sha256", "name").iterator():
        names.setdefault(sha256, name)
    for sha256, name in names.items():
        if not storage.is_whole(Path(settings.FILES_DIR), sha256):
            yield Issue("files.lost", field="file", values={"name": name})


def _of_target(target_type: str, target_id: str | int) -> QuerySet[StoredFile]:
    found = StoredFile.objects.filter(target_type=target_type, target_id=str(target_id))
    return found.select_related("unit", "uploaded_by").order_by("-created_at", "-id")

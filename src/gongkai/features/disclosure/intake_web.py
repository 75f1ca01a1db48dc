"""Who opens the files of documents handed in and of imports; asked on each request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongkai.features.disclosure.selectors.imports import batch_file_readable
from gongkai.features.disclosure.selectors.intake import intake_file_readable
from gongkai.kernel.accounts.actor import Actor

if TYPE_CHECKING:
    from gongkai.kernel.files.models import StoredFile


def may_read_intake_file(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may read a document that was handed in."""
    return intake_file_readable(actor, intake_id=file.target_id)


def may_read_import_file(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may read the archive or the list of an import."""
    return batch_file_readable(actor, batch_id=file.target_id)

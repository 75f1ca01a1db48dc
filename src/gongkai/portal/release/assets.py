"""Our stylesheets, scripts and pictures as part of the release.

A page finds what it was made with whatever the software's own folder of static files holds by then.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage

import gongkai
from gongkai.portal.release.rendering import Files

PACKAGE = Path(gongkai.__file__).parent


def asset_files() -> Files:
    """Return every static file of our own apps under the name that pages use: with a digest where names have one.

    Raises ValueError where names have digests and the files were never collected.
    """
    files: Files = {}
    for finder in get_finders():
        for path, storage in finder.list([]):
            if PACKAGE in Path(storage.path(path)).parents:
                name = staticfiles_storage.url(path).removeprefix(settings.STATIC_URL)
                collected = Path(staticfiles_storage.path(name))
                files[f"static/{name}"] = (collected if collected.is_file() else Path(storage.path(path))).read_bytes()
    return files

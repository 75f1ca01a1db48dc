"""Taking in the picture of a topic: made anew from its pixels, so that nothing else of the file comes along."""

from __future__ import annotations

import io
import warnings
from datetime import datetime
from typing import Any

from PIL import Image, ImageOps

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.services import file_store
from gongkai.portal.models import Website
from gongkai.portal.pages.pictures import TARGET

WIDTH, HEIGHT = 1280, 640
"""Size of a picture as it is published, in pixels."""
LEAST = (600, 300)
MOST_PIXELS = 60_000_000
FORMATS = ("JPEG", "PNG", "WEBP")


def picture_store(*, actor: Actor, upload: Any, website: Website, now: datetime) -> int:
    """Keep a picture for a topic and return its file: cut to the size that is shown, without anything but its pixels.

    Raises NotPermitted, and Refused for what is no picture, too small, or too large.
    """
    data = _as_jpeg(upload)
    file = file_store(
        actor=actor,
        upload=data,
        name="picture.jpg",
        unit_id=website.unit_id if website.unit_id in actor.unit_ids else None,
        target_type=TARGET,
        target_id=website.pk,
        now=now,
    )
    return int(file.pk)


def _as_jpeg(upload: Any) -> bytes:
    source = io.BytesIO(upload) if isinstance(upload, bytes) else upload
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise Refused(Issue("portal.picture.kind", "picture_upload"))
                picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Issue("portal.picture.kind", "picture_upload")) from error
    if picture.width < LEAST[0] or picture.height < LEAST[1]:
        values = {"width": LEAST[0], "height": LEAST[1], "given": f"{picture.width}×{picture.height}"}
        raise Refused(Issue("portal.picture.size", "picture_upload", values))
    fitted = ImageOps.fit(picture, (WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    held = io.BytesIO()
    fitted.save(held, "JPEG", quality=84, optimize=True, progressive=True)
    return held.getvalue()

"""What a process that answers pages does once before its first one."""

from __future__ import annotations

import gc

from django.urls import reverse

NEW_OBJECTS = 50_000
"""After how many new objects Python looks for garbage; its own 700 is for small programs, a page makes tens of thousands."""


def settle() -> None:
    """Load every page's code now, and leave all that is loaded out of the search for garbage from then on.

    The program itself is half a million objects that stay until the process ends. Looking through them held up one page
    in a few hundred by 0.3 seconds, and the first page of a process waited for all imports.
    """
    reverse("wagtailadmin_home")  # loads every urls module, and by it every view
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])

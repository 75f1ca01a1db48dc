"""Building as long as the service runs: what is published or taken down is in the release within a second."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from gongkai.features.disclosure.publication_events import ItemWithdrawn
from gongkai.features.disclosure.selectors.standing import uids_of
from gongkai.portal.release.builder import Builder
from gongkai.portal.release.checking import Checked, Memory, release_check, release_heal
from gongkai.portal.release.disk import release_retract

logger = logging.getLogger(__name__)

LOOK = 0.2
"""Seconds between two looks for changes."""
CHECK_SECONDS = 60.0
"""Seconds between the end of one check and the beginning of the next."""
REST = 0.005
"""Seconds of rest between two lots of files in a check, so that the builder goes on undisturbed."""


def builder_here(*, processes: int | None = None) -> Builder:
    """Return the builder of this installation's release; without a number with a process for each processor."""
    return builder_at(Path(settings.RELEASE_DIR), processes=processes or os.cpu_count() or 1)


def builder_at(root: Path, *, processes: int = 1) -> Builder:
    """Return a builder of the release below ``root``, at the moments of the clock."""
    return Builder(root, clock=timezone.now, processes=processes)


def release_until(stop: threading.Event, *, tell: Callable[[str], None]) -> None:
    """Build what changes until told to stop; survives a database that is away. A thread checks the files each minute."""
    builder = builder_here()
    guard = threading.Thread(target=_guard_until, args=(stop, tell), daemon=True)
    guard.start()
    while not stop.wait(LOOK):
        try:
            built = builder.step()
            if built is not None:
                tell(f"生成了 {built.parts} 个部分，{built.files} 个文件。")
        except Exception:
            logger.exception("the release could not be built")
            close_old_connections()
            stop.wait(2)
    guard.join(timeout=10)


def _guard_until(stop: threading.Event, tell: Callable[[str], None]) -> None:
    pause = 1.0  # the first check comes at once, and reads everything: the power may have failed
    memory = Memory()
    while not stop.wait(pause):
        pause = CHECK_SECONDS
        try:
            builder = builder_here()
            if not builder.disk.built:
                continue
            checked = release_check(builder.disk, memory, rest=lambda: stop.wait(REST))
            if not checked.clean:
                logger.error("files of the release differ from the manifest: %s", checked)
                tell("静态网站有文件与签名清单不符，正在恢复；详情见日志。")
                again = release_mend(builder, checked, memory)
                tell("已恢复。" if again.clean else "没有能够全部恢复。")
        except Exception:
            logger.exception("the release could not be checked")
        finally:
            close_old_connections()


def on_item_withdrawn(event: ItemWithdrawn) -> None:
    """Take the page and the files of an item away at once, whatever the builder is busy with; it puts the word there.

    What ends some seconds later is left to the builder. Until it has come by, Django answers in the page's place.
    """
    if event.ended_at > timezone.now():
        return
    for uid in uids_of(item_ids=[event.item_id]).values():
        release_retract(Path(settings.RELEASE_DIR) / "site", uid)


def release_mend(builder: Builder, checked: Checked, memory: Memory | None = None) -> Checked:
    """Bring the files back to what they have to be, and check again; twice where the manifest itself was damaged.

    ``memory`` as for ``release_check``.
    """
    for _ in range(2):
        if checked.clean:
            break
        parts = release_heal(builder.disk, checked)
        if parts is None:
            builder.full()
        else:
            builder.mend(parts)
        checked = release_check(builder.disk, memory)
    return checked

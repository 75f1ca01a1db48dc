"""Taking the sample city away again.

The audit record cannot be deleted from, by design (ADR 0010), and the sample city lives only in an installation that had
no data of its own. So removing it means starting anew: every table is dropped and made again, and uploaded files go.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from gongkai.cli.demo.loading import loaded_at
from gongkai.config.startup import NotReady, hold_home
from gongkai.domain.issues import Issue
from gongkai.kernel.audit.selectors import chain_head, entry_list
from gongkai.kernel.errors import Refused


def entered_since() -> int:
    """Return how many audit entries came after the load, the load's own included; 0 where it is not loaded."""
    entry = entry_list(target_type="demo", target_id="city").first()
    return 0 if entry is None else chain_head()[0] - entry.sequence


def demo_remove(*, tell: Callable[[str], None]) -> None:
    """Bring the installation back to its first day; raises Refused without the sample city or while it is in use."""
    if loaded_at() is None:
        raise Refused([Issue("demo.not_loaded")])
    try:
        seat = hold_home(settings.HOME)
    except NotReady as error:
        raise Refused([Issue("demo.running", values={"reason": str(error)})]) from error
    with seat:
        tell("正在清空数据库…")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        call_command("migrate", verbosity=0, interactive=False)
        tell("正在删除上传的文件…")
        shutil.rmtree(settings.FILES_DIR, ignore_errors=True)
    tell("示例市已移除，系统和新装的一样。")

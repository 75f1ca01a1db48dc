"""What the kernel puts into the sidebar, by role."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.kernel.people import make_person, make_place, signed_in

from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.notices.services import notice_send

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def sidebar(role: Role, *, unread: int = 0) -> str:
    person = make_person(role, make_place().bureau)
    for number in range(unread):
        notice_send(
            recipients=[person.id], kind="x", title="t", body="", url="", dedupe_key=str(number), now=NOW, email=False
        )
    page = signed_in(person).get("/admin/clocks/calendar/").content.decode()
    marker = 'id="wagtail-sidebar-props"'
    return page.partition(marker)[2].partition("</script>")[0].encode().decode("unicode_escape")


class TestSidebar:
    def test_shows_everybody_the_inbox_and_the_calendar(self) -> None:
        shown = sidebar(Role.DRAFTER)
        assert '"通知"' in shown
        assert '"工作日历"' in shown
        assert "审计记录" not in shown
        assert "后台任务" not in shown

    def test_shows_administrators_the_audit_trail_and_jobs(self) -> None:
        shown = sidebar(Role.SYSTEM_ADMINISTRATOR)
        assert '"审计记录"' in shown
        assert '"后台任务"' in shown

    @pytest.mark.parametrize(("unread", "label"), [(3, '"通知（3）"'), (120, '"通知（99+）"')])
    def test_counts_unread_notices(self, unread: int, label: str) -> None:
        assert label in sidebar(Role.DRAFTER, unread=unread)

"""Background work among the settings of system administrators."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from gongkai.kernel.jobs.permissions import can_manage_jobs


class JobsMenuItem(MenuItem):
    """Shown to system administrators."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the person of this request may open the page."""
        return can_manage_jobs(request.actor)


@hooks.register("register_settings_menu_item")
def jobs_menu_item() -> MenuItem:
    """Lead to the failed jobs."""
    return JobsMenuItem("后台任务", reverse("jobs:staff:failed_list"), name="jobs", icon_name="cogs")

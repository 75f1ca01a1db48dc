"""The audit trail in the sidebar of those who may read it."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from gongkai.kernel.audit.permissions import can_view_audit


class AuditMenuItem(MenuItem):
    """Shown to those who may read the whole trail."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the person of this request may open the page."""
        return can_view_audit(request.actor)


@hooks.register("register_admin_menu_item")
def audit_menu_item() -> MenuItem:
    """Lead to the audit trail."""
    return AuditMenuItem("审计记录", reverse("audit:staff:entry_list"), name="audit", icon_name="gk-audit")

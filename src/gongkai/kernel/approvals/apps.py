"""Registers the app with Django."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Approval routes, signatures and delegations."""

    name = "gongkai.kernel.approvals"
    label = "approvals"
    verbose_name = "审批"

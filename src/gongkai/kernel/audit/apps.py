"""Registers the app with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only, hash-chained record of who did what."""

    name = "gongkai.kernel.audit"
    label = "audit"
    verbose_name = "审计"

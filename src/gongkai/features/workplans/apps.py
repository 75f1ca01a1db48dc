"""Registers the app with Django."""

from django.apps import AppConfig


class WorkplansConfig(AppConfig):
    """Yearly plans, their work items, the ledger and its evidence."""

    name = "gongkai.features.workplans"
    label = "workplans"
    verbose_name = "工作要点与台账"

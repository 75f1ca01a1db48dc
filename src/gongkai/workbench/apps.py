"""Registers the app with Django."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """Staff home: my work, lights, inbox, overview."""

    name = "gongkai.workbench"
    label = "workbench"
    verbose_name = "工作台"

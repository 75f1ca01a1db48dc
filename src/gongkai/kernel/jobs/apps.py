"""Registers the app with Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background and periodic work over procrastinate."""

    name = "gongkai.kernel.jobs"
    label = "jobs"
    verbose_name = "后台任务"

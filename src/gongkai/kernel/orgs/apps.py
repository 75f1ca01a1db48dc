"""Registers the app with Django."""

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """Units as a tree, their names over time, and groups of units resolved on a date."""

    name = "gongkai.kernel.orgs"
    label = "orgs"
    verbose_name = "机构"

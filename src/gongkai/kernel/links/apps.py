"""Registers the app with Django."""

from django.apps import AppConfig


class LinksConfig(AppConfig):
    """Typed references between objects of different features."""

    name = "gongkai.kernel.links"
    label = "links"
    verbose_name = "关联"

"""Registers the app with Django, and what it owns with the kernel's files and links."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """Items, their attributes and revisions, the gate and the record of what was published when."""

    name = "gongkai.features.disclosure"
    label = "disclosure"
    verbose_name = "信息公开"

"""Registers the app with Django, and what it owns with the kernel's files and links."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """Items, their attributes and revisions, the gate and the record of what was published when."""

    name = "gongkai.features.disclosure"
    label = "disclosure"
    verbose_name = "信息公开"

    def ready(self) -> None:
        """Say which rounds of approval were used: they stay on record when the item is edited again."""
        from gongkai.features.disclosure.selectors.publications import rounds_used
        from gongkai.kernel.approvals.targets import register_uses

        register_uses("disclosure.item", rounds_used)

"""Registers the app with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, their posts in units, and what a post allows."""

    name = "gongkai.kernel.accounts"
    label = "accounts"
    verbose_name = "人员与岗位"

    def ready(self) -> None:
        """Listen to sign-ins."""
        from gongkai.kernel.accounts.staff.signin import connect

        connect()

"""Registers the app with Django."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Stored files, addressed by the digest of their bytes."""

    name = "gongkai.kernel.files"
    label = "files"
    verbose_name = "文件"

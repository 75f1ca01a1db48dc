"""Registers the app with Django."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Stored files, addressed by the digest of their bytes."""

    name = "gongkai.kernel.files"
    label = "files"
    verbose_name = "文件"

    def ready(self) -> None:
        """Say how files are shown at the end of a link."""
        from gongkai.kernel.files.targets import show_files
        from gongkai.kernel.links.references import register_target

        register_target("files.file", show_files)

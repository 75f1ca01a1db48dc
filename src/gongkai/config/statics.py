"""The names of static files, looked up once a process: a page names about twenty of them, always the same."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class KeptNames(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage; the address of a file is worked out once. The files change with the software only."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """Return the address of a file; raises ValueError for one that was never collected."""
        if force:
            return str(super().url(name, force))
        if name not in self._addresses:
            self._addresses[name] = str(super().url(name))
        return self._addresses[name]

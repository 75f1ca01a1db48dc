"""The table of the boxes, and keys in a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from tests.kernel.sealed.boxes import Box


@pytest.fixture
def boxes(db: None) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Box)


@pytest.fixture
def keys_in_file(settings, tmp_path: Path) -> Path:
    settings.SEALED_KEYS = ""
    settings.SEALED_KEYS_FILE = tmp_path / "home" / "sealed_keys"
    return settings.SEALED_KEYS_FILE

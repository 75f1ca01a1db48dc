"""Models: named in the glossary, and never changed without a migration."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState
from django.utils import translation

from tests.architecture.sources import ROOT


def own_models() -> list[type]:
    return [m for m in apps.get_models() if m.__module__.startswith("gongkai.") and not m._meta.auto_created]


class TestGlossary:
    def test_every_model_is_a_word_of_the_glossary(self) -> None:
        glossary = (ROOT / "docs" / "glossary.md").read_text()
        words = set(glossary.replace("`", " ").replace(".", " ").replace(",", " ").replace("|", " ").split())
        assert [m.__name__ for m in own_models() if m.__name__ not in words] == []


class TestMigrations:
    def test_no_model_has_changed_without_a_migration(self) -> None:
        with translation.override(None):  # as makemigrations does: names of inherited fields are not translated
            loader = MigrationLoader(None)
            questioner = NonInteractiveMigrationQuestioner()
            detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps), questioner)
            changes = detector.changes(graph=loader.graph)
        assert {label: [str(m) for m in found] for label, found in changes.items() if label in own_labels()} == {}

    def test_no_migration_imports_the_code_of_services(self) -> None:
        paths = (ROOT / "src" / "gongkai").rglob("migrations/*.py")
        assert [p.name for p in paths if "services" in Path(p).read_text()] == []


def own_labels() -> set[str]:
    return {config.label for config in apps.get_app_configs() if config.name.startswith("gongkai.")}

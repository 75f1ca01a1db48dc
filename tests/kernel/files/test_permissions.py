"""Who reads a file."""

from __future__ import annotations

import pytest

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.files import readers
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.permissions import can_read, can_store

TOP, UNIT = 1, 2
UPLOADER = Actor(user_id=5, name="上传人")
AUTHORITY = Actor(
    user_id=6, name="主管", grants=frozenset({(Role.DISCLOSURE_OFFICE, TOP)}), authority_ids=frozenset({TOP})
)
COLLEAGUE = Actor(
    user_id=7, name="同事", grants=frozenset({(Role.DISCLOSURE_OFFICE, UNIT)}), authority_ids=frozenset({TOP})
)
ADMINISTRATOR = Actor(user_id=8, name="管理员", is_superuser=True)


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(readers, "_readers", {})


class TestCanRead:
    @pytest.mark.parametrize(
        ("actor", "allowed"),
        [
            (UPLOADER, True),
            (AUTHORITY, True),
            (Actor.system("任务"), True),
            (COLLEAGUE, False),
            (ADMINISTRATOR, False),
            (Actor.anonymous(), False),
        ],
        ids=lambda value: getattr(value, "name", None),
    )
    def test_without_a_reader(self, registry, actor, allowed):
        assert can_read(actor, StoredFile(uploaded_by_id=5, target_type="t.x", target_id="1")) is allowed

    def test_a_file_of_a_job_is_not_open_to_visitors(self, registry):
        assert not can_read(Actor.anonymous(), StoredFile(uploaded_by_id=None))

    def test_a_registered_reader_decides_alone(self, registry):
        readers.register_reader("t.x", lambda actor, file: actor.user_id == 7 and file.target_id == "1")
        file = StoredFile(uploaded_by_id=5, target_type="t.x", target_id="1")
        assert [can_read(a, file) for a in (COLLEAGUE, UPLOADER, AUTHORITY)] == [True, False, False]

    def test_a_type_has_one_reader(self, registry):
        def first(actor, file):
            return True

        readers.register_reader("t.x", first)
        readers.register_reader("t.x", first)
        with pytest.raises(ValueError, match="already"):
            readers.register_reader("t.x", lambda actor, file: True)


class TestCanStore:
    @pytest.mark.parametrize(
        ("actor", "unit_id", "allowed"),
        [
            (UPLOADER, None, True),
            (UPLOADER, UNIT, False),
            (COLLEAGUE, UNIT, True),
            (AUTHORITY, UNIT, True),
            (Actor.anonymous(), None, False),
        ],
    )
    def test_is_for_people_of_the_unit(self, actor, unit_id, allowed):
        assert can_store(actor, unit_id) is allowed

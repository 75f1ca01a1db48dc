from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.wordlists.models import AllowedWord, LeaderName, LexiconEntry
from tests.factories.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return World()


def browser(world: World, role: Role = Role.DISCLOSURE_OFFICE, where: str = "office") -> Client:
    client = Client()
    person = world.person(role, getattr(world, where))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"wordlists:staff:{name}", args=args)


class TestWords:
    def test_add_find_and_end(self, world: World) -> None:
        client = browser(world)
        data = {"wrong": "龙南巿", "right": "龙南市", "grade": "L1", "unit": "common", "exceptions": "龙南巿场"}
        assert client.post(url("word_add"), data).status_code == 302
        entry = LexiconEntry.objects.get()
        assert entry.exceptions == ["龙南巿场"]
        for query, there in (
            ("search=龙南", True),
            ("search=没有", False),
            ("grade=L2", False),
            ("scope=common", True),
        ):
            assert ("龙南巿" in client.get(f"{url('word_list')}?{query}").content.decode()) is there, query
        client.post(url("word_end", entry.pk))
        assert "停用" in client.get(f"{url('word_list')}?ended=on").content.decode()
        assert "龙南市" not in client.get(url("word_list")).content.decode()

    def test_refusal_stands_beside_its_field(self, world: World) -> None:
        data = {"wrong": "字", "right": "字", "grade": "L3", "unit": "common"}
        response = browser(world).post(url("word_add"), data)
        assert response.status_code == 422
        assert "会到处报错" in response.content.decode()

    def test_unit_office_is_offered_its_own_unit(self, world: World) -> None:
        client = browser(world, where="finance")
        page = client.get(url("word_add")).content.decode()
        assert f'value="{world.finance.pk}"' in page
        assert f'value="{world.east.pk}"' not in page
        assert 'value="common"' not in page
        data = {"wrong": "错词语", "grade": "L3", "unit": str(world.east.pk)}
        assert client.post(url("word_add"), data).status_code == 422
        assert not LexiconEntry.objects.exists()

    def test_others_look_and_change_nothing(self, world: World) -> None:
        client = browser(world, Role.DRAFTER, "finance")
        assert client.get(url("word_list")).status_code == 200
        assert "新增错敏词" not in client.get(url("word_list")).content.decode()
        for name in ("word_add", "word_import", "allowed_add", "leader_add"):
            assert client.get(url(name)).status_code == 403, name

    def test_import_tells_every_row(self, world: World) -> None:
        upload = SimpleUploadedFile("词表.txt", "龙南巿 => 龙南市\n字\n".encode())
        response = browser(world).post(url("word_import"), {"file": upload, "unit": "common"})
        page = response.content.decode()
        assert response.status_code == 200
        assert "会到处报错" in page
        assert LexiconEntry.objects.count() == 1

    def test_sample_sheet_can_be_imported(self, world: World) -> None:
        client = browser(world)
        sample = client.get(url("word_template")).content
        upload = SimpleUploadedFile("错敏词样表.xlsx", sample)
        client.post(url("word_import"), {"file": upload, "unit": "common"})
        assert LexiconEntry.objects.get().wrong == "帐号"


class TestAllowed:
    def test_add_and_end(self, world: World) -> None:
        client = browser(world)
        data = {"word": "座落", "context": "座落村", "unit": "common", "reason": "地名"}
        assert client.post(url("allowed_add"), data).status_code == 302
        assert "座落村" in client.get(url("allowed_list")).content.decode()
        client.post(url("allowed_end", AllowedWord.objects.get().pk))
        assert "座落村" not in client.get(url("allowed_list")).content.decode()


class TestLeaders:
    def test_add_and_change(self, world: World) -> None:
        client = browser(world)
        data = {"name": "周石桥", "title": "副县长", "order": "4", "misspellings": "周石乔、周时桥"}
        assert client.post(url("leader_add"), data).status_code == 302
        leader = LeaderName.objects.get()
        assert leader.misspellings == ["周石乔", "周时桥"]
        page = client.get(url("leader_edit", leader.pk)).content.decode()
        assert "周时桥" in page
        client.post(url("leader_edit", leader.pk), {**data, "until_on": "2020-01-01"})
        assert "已离任" in client.get(url("leader_list")).content.decode()

    def test_nobody_there(self, world: World) -> None:
        assert browser(world).get(url("leader_edit", 999_999)).status_code == 404

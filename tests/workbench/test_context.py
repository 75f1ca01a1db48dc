"""The strip that tells staff they look at the sample city."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.world import World

from gongkai.cli.demo import loading
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.services import record
from gongkai.workbench import context

pytestmark = pytest.mark.django_db
STRIP = "示例数据，正式使用前请运行 <code>gongkai demo remove</code>"


@pytest.fixture
def staff() -> Client:
    world = World()
    client = Client()
    user = world.person(Role.DRAFTER, world.justice, "李明")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def mark_as_sample_city() -> None:
    record(
        actor=Actor.system("示例市"),
        action=loading.LOADED,
        target_type="demo",
        target_id="city",
        summary="装入示例市",
        now=timezone.now(),
    )


class TestSampleCity:
    def test_is_told_on_staff_pages_only_while_it_is_loaded(self, staff: Client) -> None:
        context.forget()
        assert STRIP not in staff.get("/admin/").content.decode()
        mark_as_sample_city()
        context.forget()
        assert STRIP in staff.get("/admin/").content.decode()
        assert STRIP not in staff.get("/").content.decode()

    def test_is_not_looked_up_for_every_page(self, django_assert_num_queries: Any) -> None:
        mark_as_sample_city()
        context.forget()
        with django_assert_num_queries(1):
            assert context.sample_city_loaded()
        with django_assert_num_queries(0):
            assert context.sample_city_loaded()

    def test_is_looked_up_again_after_a_while(self, monkeypatch: pytest.MonkeyPatch) -> None:
        context.forget()
        assert not context.sample_city_loaded()
        mark_as_sample_city()
        monkeypatch.setattr(context, "ASK_AGAIN_SECONDS", -1.0)
        assert context.sample_city_loaded()

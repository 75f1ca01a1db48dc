"""When columns were last new: by what is public at the moment, with everything below a column counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from gongkai.domain.site.freshness import Freshness
from gongkai.features.disclosure.models import DirectoryColumn
from gongkai.features.disclosure.selectors.freshness import column_freshness
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.kernel.accounts.roles import Role
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW, TODAY, World

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def bureau(db: None) -> Bureau:
    return Bureau(World())


class TestColumnFreshness:
    def test_counts_what_lies_below_a_column(self, bureau: Bureau) -> None:
        bureau.published(columns=("C01-2",))
        DirectoryColumn.objects.filter(code__in=("C01-2", "C01")).update(update_days=30)
        found = column_freshness(at=LATER, on=TODAY)
        for code in ("C01-2", "C01", "C"):
            assert found[code].last == TODAY
        assert found["C01"].light is Freshness.FRESH
        assert found["C01"].due == TODAY + timedelta(days=30)
        assert found["C"].light is Freshness.UNSAID
        assert found["C01-1"].light is Freshness.EMPTY
        assert column_freshness(at=LATER, on=TODAY + timedelta(days=31))["C01-2"].light is Freshness.LATE

    def test_counts_nothing_that_was_taken_down(self, bureau: Bureau) -> None:
        item = bureau.published(columns=("C01-2",))
        publication_withdraw(actor=bureau.office, item_id=item.pk, kind="withdrawn", reason="有误", now=NOW)
        assert column_freshness(at=LATER, on=TODAY)["C01-2"].light is Freshness.EMPTY


class TestScreen:
    def test_shows_the_light_of_each_column(self, client: Client, bureau: Bureau) -> None:
        bureau.published(columns=("C01-2",))
        DirectoryColumn.objects.filter(code="C01-2").update(update_days=36_500)
        DirectoryColumn.objects.filter(code="C01").update(update_days=1)
        person = bureau.world.person(Role.DISCLOSURE_OFFICE, bureau.unit)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get("/admin/disclosure/columns/").content.decode()
        assert "空白" in page
        assert "正常" in page

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

    def test_rests_on_a_proposed_cycle_where_a_column_has_none(self, bureau: Bureau) -> None:
        bureau.published(columns=("C01-2", "C07"))
        found = column_freshness(at=LATER, on=TODAY + timedelta(days=181))
        assert found["C01"].light is Freshness.LATE
        assert found["C01"].proposed is not None
        assert found["C07"].light is Freshness.FRESH
        assert found["C01-2"].light is Freshness.UNSAID
        DirectoryColumn.objects.filter(code="C01").update(update_days=365)
        own = column_freshness(at=LATER, on=TODAY + timedelta(days=181))["C01"]
        assert (own.light, own.proposed) == (Freshness.FRESH, None)


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

    def test_marks_a_proposed_cycle_and_what_is_not_verified(self, client: Client, bureau: Bureau) -> None:
        person = bureau.world.person(Role.SYSTEM_ADMINISTRATOR, bureau.unit)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get("/admin/disclosure/columns/").content.decode()
        assert "建议 365 天" in page
        assert "待核" in page
        form = client.get("/admin/disclosure/columns/C07/").content.decode()
        assert "建议 365 天" in form
        assert "不对外公布" in form

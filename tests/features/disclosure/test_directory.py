"""Columns, index number schemes, items that follow their unit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db.models.signals import post_migrate

from gongkai.domain.items.index_numbers import usc_check_digit
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import DirectoryColumn, IndexScheme
from gongkai.features.disclosure.selectors.catalogs import (
    column_list,
    ground_list,
    index_scheme_get,
    kind_list,
    subject_list,
)
from gongkai.features.disclosure.selectors.detail import item_detail
from gongkai.features.disclosure.services.circulation import item_recall
from gongkai.features.disclosure.services.columns import column_close, column_save, directory_ensure
from gongkai.features.disclosure.services.index_schemes import index_scheme_set
from gongkai.features.disclosure.services.succession import items_follow_unit
from gongkai.features.disclosure.web import put_columns
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.services import unit_merge
from gongkai.rulebook.disclosure import disclosure_rules
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import NOW, SYSTEM, TODAY, World

CODE = "1144170000728042"
USC = CODE + "0" + usc_check_digit(CODE + "0")


class TestDirectory:
    @pytest.fixture(autouse=True)
    def put_there(self, db: None) -> None:
        """As after every migration; a template database of before may still be without them."""
        put_columns(using="default")

    def test_every_installation_has_the_columns_of_the_law(self) -> None:
        assert set(DirectoryColumn.objects.values_list("code", flat=True)) == set(disclosure_rules().columns)

    def test_a_migration_backwards_puts_none_there(self) -> None:
        DirectoryColumn.objects.filter(code="T21-8").delete()
        put_columns(using="default", plan=[(None, True)])
        assert not DirectoryColumn.objects.filter(code="T21-8").exists()

    def test_they_are_put_there_after_every_migration(self) -> None:
        assert any(
            receiver is put_columns for receiver in post_migrate._live_receivers(apps.get_app_config("disclosure"))[0]
        )

    def test_putting_them_there_again_changes_nothing_that_a_place_changed(self, world: World) -> None:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        column_save(
            actor=office, code="C08", name="收费公示", parent="C", unit_id=world.finance.pk, update_days=90, now=NOW
        )
        DirectoryColumn.objects.filter(code="T21-8").delete()
        assert directory_ensure(actor=SYSTEM, now=NOW) == 1
        assert directory_ensure(actor=SYSTEM, now=NOW) == 0
        column = DirectoryColumn.objects.get(code="C08")
        assert (column.name, column.unit, column.update_days) == ("收费公示", world.finance, 90)

    def test_they_are_listed_as_a_tree(self, db: None) -> None:
        rows = {row.code: row for row in column_list()}
        assert rows["C01-2"].path == "法定主动公开内容 / 履职依据/政策 / 行政规范性文件"
        assert [rows[c].depth for c in ("C", "C01", "C01-2")] == [0, 1, 2]
        codes = [row.code for row in column_list()]
        assert codes.index("C") < codes.index("C01") < codes.index("C01-2") < codes.index("C02")

    @pytest.mark.parametrize(
        "given, codes",
        [
            ({"code": "C08", "name": " "}, ["disclosure.column.name_missing"]),
            ({"code": "C08", "name": "甲", "new": True}, ["disclosure.column.taken"]),
            ({"code": "a b", "name": "甲", "new": True}, ["disclosure.column.code_form"]),
            ({"code": "Q1", "name": "甲", "parent": "Q2"}, ["disclosure.column.unknown", "disclosure.column.unknown"]),
            ({"code": "C01", "name": "甲", "parent": "C01-2"}, ["disclosure.column.own_parent"]),
        ],
    )
    def test_faults_are_told(self, world: World, given: dict[str, Any], codes: list[str]) -> None:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        with pytest.raises(Refused) as refused:
            column_save(actor=office, **given, now=NOW)
        assert refused.value.codes() == codes

    def test_a_column_of_the_law_cannot_be_closed_and_an_own_one_can(self, world: World) -> None:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        column_save(actor=office, code="Z1", name="便民信息", parent="C11", new=True, now=NOW)
        with pytest.raises(Refused) as refused:
            column_close(actor=office, code="C11", now=NOW)
        assert refused.value.codes() == ["disclosure.column.statutory_closed", "disclosure.column.has_children"]
        column_close(actor=office, code="Z1", now=NOW)
        assert "Z1" not in {row.code for row in column_list(on=TODAY)}
        assert "Z1" in {row.code for row in column_list(on=TODAY, closed=True)}
        assert "Z1" in {row.code for row in column_list(on=TODAY - timedelta(days=1))}

    @pytest.mark.parametrize("role", list(Role))
    def test_only_the_authority_and_administrators_keep_them(self, world: World, role: Role) -> None:
        own, top = world.actor(role, world.finance), world.actor(role, world.office)
        assert permissions.can_manage_columns(own) is (role is Role.SYSTEM_ADMINISTRATOR)
        office = (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD, Role.SYSTEM_ADMINISTRATOR)
        assert permissions.can_manage_columns(top) is (role in office)
        if role is Role.DRAFTER:
            with pytest.raises(NotPermitted):
                column_save(actor=own, code="Z1", name="甲", new=True, now=NOW)
            with pytest.raises(NotPermitted):
                column_close(actor=own, code="Z1", now=NOW)

    def test_catalogs_are_those_of_the_rulebook(self) -> None:
        assert len(kind_list()) >= 25 and len(subject_list()) > 100
        assert all("withheld" in ground.attributes for ground in ground_list(attribute="withheld", on=TODAY))
        assert ground_list(on=TODAY.replace(year=2018)) == []


class TestIndexScheme:
    def test_numbers_are_written_by_the_units_code_from_then_on(self, bureau: Bureau) -> None:
        first = bureau.in_review()
        index_scheme_set(actor=bureau.office, unit_id=bureau.unit.pk, scheme="usc", code=USC.lower(), now=NOW)
        assert bureau.in_review().index_no == f"{USC}/2026-00002"
        item_recall(actor=bureau.drafter, item_id=first.pk, reason="改", now=NOW)
        bureau.circulate(first)
        assert fresh(first).index_no == first.index_no
        scheme = index_scheme_get(unit_id=bureau.unit.pk)
        assert scheme is not None and scheme.code == USC

    def test_a_code_that_does_not_fit_or_is_anothers_is_refused(self, bureau: Bureau) -> None:
        other = Bureau(bureau.world, bureau.world.justice)
        with pytest.raises(Refused) as refused:
            index_scheme_set(actor=bureau.office, unit_id=bureau.unit.pk, scheme="usc", code=USC[:17] + "A", now=NOW)
        assert refused.value.codes() == ["disclosure.index.check_digit"]
        index_scheme_set(actor=other.office, unit_id=other.unit.pk, scheme="usc", code=USC, now=NOW)
        with pytest.raises(Refused) as refused:
            index_scheme_set(actor=bureau.office, unit_id=bureau.unit.pk, scheme="usc", code=USC, now=NOW)
        assert refused.value.codes() == ["disclosure.index.code_taken"]
        with pytest.raises(NotPermitted):
            index_scheme_set(actor=other.office, unit_id=bureau.unit.pk, scheme="usc", code=USC, now=NOW)
        assert IndexScheme.objects.count() == 1


class TestFollowing:
    def test_items_go_to_whoever_took_over_and_keep_name_and_number(self, bureau: Bureau) -> None:
        world, item = bureau.world, bureau.published()
        before = fresh(item)
        unit_merge(actor=SYSTEM, source_ids=[bureau.unit.pk], into=world.education.pk, on=TODAY, now=NOW)
        with pytest.raises(Refused) as refused:
            items_follow_unit(
                actor=SYSTEM, from_unit_id=bureau.unit.pk, to_unit_id=world.justice.pk, reason="合并", now=NOW
            )
        assert refused.value.codes() == ["disclosure.follow.not_successor"]
        given = {"from_unit_id": bureau.unit.pk, "to_unit_id": world.education.pk, "reason": "机构合并", "now": NOW}
        with pytest.raises(NotPermitted):
            items_follow_unit(actor=world.actor(Role.DISCLOSURE_OFFICE, world.education), **given)
        assert items_follow_unit(actor=world.actor(Role.DISCLOSURE_OFFICE, world.office), **given) == 1
        assert items_follow_unit(actor=SYSTEM, **given) == 0
        item = fresh(item)
        assert (item.unit, item.index_no, item.head) == (world.education, before.index_no, before.head)
        assert Entry.objects.filter(action="disclosure.item.move_unit").count() == 1
        successor = world.actor(Role.DRAFTER, world.education)
        detail = item_detail(actor=successor, item_id=item.pk, today=TODAY)
        assert detail.content.issuer is not None and detail.content.issuer.name == "青溪县财政局"
        assert detail.issuer_note == "原青溪县财政局（2026年并入青溪县教育体育局）"

"""The sheet of units: all rows or none, every error with row and column, twice changes nothing."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from gongkai.domain.organizations.sheet import COLUMNS
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.orgs.models import Unit, UnitAlias, UnitName
from gongkai.kernel.orgs.services import ImportReport, unit_rename, units_export, units_import, units_import_preview
from gongkai.rulebook.messages import describe
from tests.kernel.orgs.house import NOW, SYSTEM, House, found

HEADER = list(COLUMNS.values())


def sheet(*rows: dict[str, object], header: list[str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    columns = header or HEADER
    page.append(columns)
    for row in rows:
        page.append([row.get(column) for column in columns])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def row(name: str, kind: str, parent: str = "", **more: object) -> dict[str, object]:
    return {"单位名称": name, "单位类型": kind, "上级单位": parent, **more}


def places(report: ImportReport) -> list[tuple[int, str | None, str]]:
    return [(i.where.line_from if i.where else 0, i.where.column if i.where else None, i.code) for i in report.issues]


CITY = [
    row("乙镇人民政府", "乡镇", "乙县人民政府", 行政区划代码="360731101"),  # before its superior, on purpose
    row("乙县财政局", "政府部门", "乙县人民政府", 简称="县财政局", 联系电话="0797-1", 成立日期=date(2019, 3, 1)),
    row("办公室", "内设机构", "乙县财政局"),
    row("乙县水利局", "部门", "乙县人民政府", **{"曾用简称/别名": "县水务局、水务局"}),
    row("办公室", "内设机构", "乙县水利局"),
    row("乙县人民政府", "人民政府", "", 行政区划代码="360731"),
]


@pytest.mark.django_db
class TestUnitsImport:
    def test_builds_a_tree_whatever_the_order(self) -> None:
        report = units_import(actor=SYSTEM, file=sheet(*CITY), name="名录.xlsx", now=NOW)
        assert (report.rows, report.created, report.updated, report.issues) == (6, 6, 0, ())
        bureau = Unit.objects.get(name="乙县财政局")
        assert bureau.parent == Unit.objects.get(name="乙县人民政府")
        assert (bureau.short_name, bureau.founded_on) == ("县财政局", date(2019, 3, 1))
        assert bureau.directory_checked_on is not None
        assert [a.text for a in UnitAlias.objects.all()] == ["县水务局", "水务局"]
        assert Unit.objects.filter(name="办公室").count() == 2
        assert UnitName.objects.count() == 6
        assert Entry.objects.get(action="orgs.unit.import").details["created"]

    def test_twice_changes_nothing(self) -> None:
        units_import(actor=SYSTEM, file=sheet(*CITY), now=NOW)
        again = units_import(actor=SYSTEM, file=sheet(*CITY), now=NOW)
        assert (again.created, again.updated, again.unchanged) == (0, 0, 6)
        assert Unit.objects.count() == 6
        assert UnitAlias.objects.count() == 2

    def test_updates_what_differs_and_leaves_what_is_empty(self) -> None:
        units_import(actor=SYSTEM, file=sheet(*CITY), now=NOW)
        change = row("乙县财政局", "政府部门", "乙县人民政府", 办公地址="城东路1号")
        report = units_import(actor=SYSTEM, file=sheet(change), now=NOW)
        assert [(c.what, c.fields) for c in report.changes] == [("修改", ("办公地址",))]
        unit = Unit.objects.get(name="乙县财政局")
        assert (unit.address, unit.phone, unit.short_name) == ("城东路1号", "0797-1", "县财政局")

    def test_moves_a_unit_to_another_superior(self) -> None:
        units_import(actor=SYSTEM, file=sheet(*CITY), now=NOW)
        moved = row("乙县水利局", "政府部门", "乙县财政局")
        units_import(actor=SYSTEM, file=sheet(moved), now=NOW)
        assert Unit.objects.get(name="乙县水利局").parent == Unit.objects.get(name="乙县财政局")
        assert Unit.objects.filter(name="乙县水利局").count() == 1

    def test_tells_every_error_with_row_and_column_and_writes_nothing(self) -> None:
        rows = [
            row("乙县人民政府", "人民政府", "", 行政区划代码="360731"),
            row("乙县财政局", "外星机构", "乙县人民政府"),
            row("乙县水利局", "政府部门", "丙县人民政府"),
            row("", "政府部门", "乙县人民政府"),
            row("乙镇人民政府", "乡镇", "乙县人民政府", 行政区划代码="110101101", 成立日期="去年"),
            row("乙县教育局", "政府部门", ""),
            row("丁局", "政府部门", "戊局"),
            row("戊局", "政府部门", "丁局"),
            row("乙县林业局", "政府部门", "乙县人民政府"),
            row("乙县林业局", "政府部门", "乙县人民政府"),
        ]
        report = units_import(actor=SYSTEM, file=sheet(*rows), now=NOW)
        assert report.refused
        assert not report.written
        assert Unit.objects.count() == 0
        found_at = places(report)
        for expected in [
            (3, "单位类型", "orgs.kind.unknown"),
            (4, "上级单位", "orgs.sheet.parent_unknown"),
            (5, "单位名称", "orgs.name.missing"),
            (6, "成立日期", "orgs.sheet.date"),
            (6, "行政区划代码", "orgs.code.outside"),
            (7, "上级单位", "orgs.parent.missing"),
            (8, "上级单位", "orgs.parent.cycle"),
            (9, "上级单位", "orgs.parent.cycle"),
            (11, "单位名称", "orgs.sheet.twice"),
        ]:
            assert expected in found_at
        assert all(describe(issue) for issue in report.issues)

    def test_two_units_of_one_name_need_the_path_of_the_superior(self) -> None:
        units_import(actor=SYSTEM, file=sheet(*CITY), now=NOW)
        vague = row("甲组", "内设机构", "办公室")
        report = units_import(actor=SYSTEM, file=sheet(vague), now=NOW)
        assert places(report) == [(2, "上级单位", "orgs.sheet.parent_ambiguous")]
        clear = row("甲组", "内设机构", "乙县水利局/办公室")
        assert units_import(actor=SYSTEM, file=sheet(clear), now=NOW).created == 1

    def test_an_alias_of_another_unit_is_refused(self) -> None:
        units_import(actor=SYSTEM, file=sheet(*CITY), now=NOW)
        wrong = row("乙县财政局", "政府部门", "乙县人民政府", **{"曾用简称/别名": "水务局"})
        report = units_import(actor=SYSTEM, file=sheet(wrong), now=NOW)
        assert places(report) == [(2, "曾用简称/别名", "orgs.alias.taken")]

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "document.empty"),
            (b"PK\x03\x04 broken", "document.damaged"),
            ("单位名称\t单位类型".encode(), "orgs.sheet.not_xlsx"),
        ],
    )
    def test_a_wrong_file_is_an_issue_too(self, data: bytes, code: str) -> None:
        report = units_import(actor=SYSTEM, file=data, name="名录.xlsx", now=NOW)
        assert report.refused
        assert [issue.code for issue in report.issues] == [code]

    def test_a_sheet_without_its_columns_is_refused(self) -> None:
        report = units_import(actor=SYSTEM, file=sheet({"甲": 1}, header=["甲", "乙"]), now=NOW)
        assert [issue.code for issue in report.issues] == ["orgs.sheet.no_header"]

    def test_header_may_stand_below_a_title_and_say_required(self) -> None:
        book = openpyxl.Workbook()
        page = book.active
        assert page is not None
        page.append(["乙县机构名录"])
        page.append(["单位名称（必填）", "单位类型*", "上级单位"])
        page.append(["乙县人民政府", "人民政府", None])
        target = BytesIO()
        book.save(target)
        assert units_import(actor=SYSTEM, file=target.getvalue(), now=NOW).created == 1

    def test_preview_writes_nothing_and_strangers_may_not(self) -> None:
        report = units_import_preview(actor=SYSTEM, file=sheet(*CITY))
        assert (report.created, report.written, Unit.objects.count()) == (6, False, 0)
        with pytest.raises(NotPermitted):
            units_import(actor=Actor(user_id=1, name="某人"), file=sheet(*CITY), now=NOW)


class TestUnitsExport:
    def test_comes_back_without_a_change(self, house: House) -> None:
        found("办公室", "internal_office", house["甲市水利局"])
        found("办公室", "internal_office", house["甲市财政局"])
        unit_rename(
            actor=SYSTEM,
            unit_id=house["甲市水利局"].pk,
            name="甲市水务局",
            short_name="市水务局",
            on=date(2024, 6, 1),
            now=NOW,
        )
        data = units_export(actor=SYSTEM)
        report = units_import(actor=SYSTEM, file=data, now=NOW)
        assert report.issues == ()
        assert (report.created, report.updated, report.unchanged) == (0, 0, Unit.objects.count())
        assert units_export(actor=SYSTEM) == data

    def test_fills_an_empty_house(self, house: House) -> None:
        data = units_export(actor=SYSTEM)
        before = list(Unit.objects.order_by("name").values_list("name", "kind", "parent__name", "division_code"))
        UnitName.objects.all().delete()
        for _ in range(3):
            Unit.objects.filter(children__isnull=True).delete()
        assert Unit.objects.count() == 0
        units_import(actor=SYSTEM, file=data, now=NOW)
        after = list(Unit.objects.order_by("name").values_list("name", "kind", "parent__name", "division_code"))
        assert after == before

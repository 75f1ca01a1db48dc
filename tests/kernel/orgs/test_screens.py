"""The unit pages through HTTP, role by role."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.orgs.models import Unit
from gongkai.kernel.orgs.services import group_ensure
from tests.kernel.orgs.house import NOW, SYSTEM, TODAY, House
from tests.kernel.people import make_person, signed_in

KEEPERS = {Role.SYSTEM_ADMINISTRATOR}


def url(name: str, *args: object) -> str:
    return reverse(f"orgs:{name}", args=args)


@pytest.fixture
def keeper(house: House) -> Client:
    return signed_in(make_person(Role.SYSTEM_ADMINISTRATOR, house.top))


@pytest.fixture
def reader(house: House) -> Client:
    return signed_in(make_person(Role.DRAFTER, house["甲市财政局"]))


class TestWhoMay:
    READING = ["staff:unit_list", "staff:group_list", "staff:unit_export"]
    EDITING = ["staff:unit_create", "staff:unit_import", "staff:group_create"]

    @pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
    def test_in_a_bureau_everybody_reads_and_only_the_administrator_edits(self, house: House, role: Role) -> None:
        client = signed_in(make_person(role, house["甲市财政局"]))
        assert [client.get(url(name)).status_code for name in self.READING] == [200] * 3
        expected = 200 if role in KEEPERS else 403
        assert [client.get(url(name)).status_code for name in self.EDITING] == [expected] * 3
        unit = house["甲市水利局"]
        for name in ("unit_edit", "unit_rename", "unit_merge", "unit_split", "unit_dissolve"):
            assert client.get(url(f"staff:{name}", unit.pk)).status_code == expected

    def test_the_disclosure_authority_edits(self, house: House) -> None:
        client = signed_in(make_person(Role.DISCLOSURE_OFFICE, house["甲市人民政府办公室"]))
        assert client.get(url("staff:unit_create")).status_code == 200

    def test_a_disclosure_office_checks_its_own_entry_only(self, house: House) -> None:
        client = signed_in(make_person(Role.DISCLOSURE_OFFICE, house["甲市财政局"]))
        assert client.get(url("staff:entry_edit", house["甲市财政局"].pk)).status_code == 200
        assert client.get(url("staff:entry_edit", house["甲市水利局"].pk)).status_code == 403

    def test_visitors_are_sent_to_sign_in(self, house: House) -> None:
        answer = Client().get(url("staff:unit_list"))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("wagtailadmin_login"))

    def test_a_refused_page_says_why_in_chinese(self, reader: Client) -> None:
        assert "没有“新增单位”的权限" in reader.get(url("staff:unit_create")).content.decode()


class TestUnitPages:
    def test_list_shows_the_tree_and_finds_by_former_name(self, keeper: Client, house: House) -> None:
        text = keeper.get(url("staff:unit_list")).content.decode()
        shown = ["甲市人民政府<", "甲市人民政府办公室<", "甲市财政局<", "东湾镇人民政府<", "东湾村村民委员会<"]
        assert sorted(shown, key=text.index) == shown
        assert "甲市水利局" in keeper.get(url("staff:unit_list"), {"search": "水利"}).content.decode()
        assert "没有符合条件" in keeper.get(url("staff:unit_list"), {"search": "不存在的局"}).content.decode()

    def test_detail_shows_what_is_missing_in_the_entry(self, keeper: Client, house: House) -> None:
        text = keeper.get(url("staff:unit_detail", house["甲市财政局"].pk)).content.decode()
        assert "还缺：主要职能、办公地址、办公时间、联系电话、负责人" in text
        assert "第二十条第二项" in text
        assert keeper.get(url("staff:unit_detail", 999_999)).status_code == 404

    def test_a_unit_is_founded(self, keeper: Client, house: House) -> None:
        data = {"name": "甲市商务局", "kind": "department", "parent": house.top.pk, "aliases": "市商务局、商务局"}
        answer = keeper.post(url("staff:unit_create"), data)
        unit = house["甲市商务局"]
        assert answer["Location"] == url("staff:unit_detail", unit.pk)
        assert [alias.text for alias in unit.aliases.all()] == ["市商务局", "商务局"]

    def test_a_refusal_stands_at_its_field(self, keeper: Client, house: House) -> None:
        data = {"name": "甲市财政局", "kind": "department", "parent": house.top.pk, "division_code": "12"}
        answer = keeper.post(url("staff:unit_create"), data)
        assert answer.status_code == 422
        form = answer.context["form"]
        assert set(form.errors) == {"name", "division_code"}

    def test_the_entry_is_checked(self, keeper: Client, house: House) -> None:
        unit = house["甲市财政局"]
        keeper.post(url("staff:entry_edit", unit.pk), {"functions": "管钱。", "phone": "0797-1234567"})
        unit.refresh_from_db()
        assert (unit.functions, unit.phone) == ("管钱。", "0797-1234567")
        assert unit.directory_checked_on is not None

    def test_an_alias_is_added_and_ended(self, keeper: Client, house: House) -> None:
        unit = house["甲市财政局"]
        keeper.post(url("staff:alias_add", unit.pk), {"text": "钱袋子局"})
        alias = unit.aliases.get()
        keeper.post(url("staff:alias_end", unit.pk, alias.pk))
        alias.refresh_from_db()
        assert alias.until_on is not None


class TestChangePages:
    def test_rename_shows_consequences_before_it_is_done(self, keeper: Client, house: House) -> None:
        unit = house["甲市水利局"]
        data = {"name": "甲市水务局", "kind": "department", "on": "2024-06-01"}
        first = keeper.post(url("staff:unit_rename", unit.pk), data)
        assert "请核对更名的后果" in first.content.decode()
        unit.refresh_from_db()
        assert unit.name == "甲市水利局"
        second = keeper.post(url("staff:unit_rename", unit.pk), {**data, "confirm": "1"})
        assert second.status_code == 302
        unit.refresh_from_db()
        assert unit.name == "甲市水务局"

    def test_merge_names_the_posts_that_lapse(self, keeper: Client, house: House) -> None:
        unit = house["甲市水利局"]
        make_person(Role.DRAFTER, unit, name="王水")
        data = {"into": house["甲市农业农村局"].pk, "on": "2024-06-01"}
        assert "王水" in keeper.post(url("staff:unit_merge", unit.pk), data).content.decode()
        keeper.post(url("staff:unit_merge", unit.pk), {**data, "confirm": "1"})
        unit.refresh_from_db()
        assert unit.dissolved_on == date(2024, 6, 1)

    def test_split_and_dissolve(self, keeper: Client, house: House) -> None:
        unit = house["甲市农业农村局"]
        data = {"names": "甲市农业局\n甲市乡村局", "on": "2024-06-01", "confirm": "1"}
        keeper.post(url("staff:unit_split", unit.pk), data)
        assert house["甲市乡村局"].founded_on == date(2024, 6, 1)
        gone = house["甲市融媒体中心"]
        keeper.post(url("staff:unit_dissolve", gone.pk), {"on": "2024-06-01", "confirm": "1"})
        gone.refresh_from_db()
        assert gone.dissolved_on == date(2024, 6, 1)

    def test_a_refusal_is_shown(self, keeper: Client, house: House) -> None:
        data = {"on": "2024-06-01", "confirm": "1"}
        answer = keeper.post(url("staff:unit_dissolve", house["东湾镇人民政府"].pk), data)
        assert answer.status_code == 422
        assert "还有 1 个下级单位" in answer.content.decode()


class TestGroupPages:
    def test_a_group_says_whom_it_means_on_a_day(self, keeper: Client, house: House) -> None:
        group = group_ensure(actor=SYSTEM, phrase="各乡镇人民政府", home_id=house.top.pk, on=TODAY, now=NOW)
        text = keeper.get(url("staff:group_detail", group.pk), {"on": "2024-09-27"}).content.decode()
        assert "2 个单位" in text
        assert "西岭乡人民政府" in text
        data = {"unit": house["西岭乡人民政府"].pk, "excluded": "on"}
        keeper.post(url("staff:member_add", group.pk), data)
        assert "1 个单位" in keeper.get(url("staff:group_detail", group.pk)).content.decode()
        keeper.post(url("staff:member_end", group.pk, group.members.get().pk))
        assert keeper.get(url("staff:group_list")).status_code == 200

    def test_a_group_is_put_on_file(self, keeper: Client, house: House) -> None:
        data = {
            "name": "水口",
            "home": house.top.pk,
            "kinds": ["town", "village"],
            "below": "on",
            "phrases": "水口单位",
        }
        answer = keeper.post(url("staff:group_create"), data)
        assert "3 个单位" in keeper.get(answer["Location"]).content.decode()


class TestImportPages:
    def sheet(self, *rows: list[object]) -> SimpleUploadedFile:
        book = openpyxl.Workbook()
        book.active.append(["单位名称", "单位类型", "上级单位", "联系电话"])
        for row in rows:
            book.active.append(row)
        target = BytesIO()
        book.save(target)
        return SimpleUploadedFile("名录.xlsx", target.getvalue())

    def test_upload_preview_confirm(self, keeper: Client, house: House) -> None:
        upload = self.sheet(
            ["甲市商务局", "政府部门", "甲市人民政府", "123"], ["甲市财政局", "政府部门", "甲市人民政府", "456"]
        )
        answer = keeper.post(url("staff:unit_import"), {"file": upload})
        report = answer.context["report"]
        assert (report.created, report.updated) == (1, 1)
        assert not Unit.objects.filter(name="甲市商务局").exists()
        keeper.post(url("staff:unit_import"), {"sheet": answer.context["sheet"]})
        assert house["甲市商务局"].phone == "123"

    def test_errors_are_shown_by_row_and_nothing_can_be_confirmed(self, keeper: Client, house: House) -> None:
        upload = self.sheet(["甲市商务局", "外星机构", "甲市人民政府", ""], ["乙局", "政府部门", "没有的政府", ""])
        answer = keeper.post(url("staff:unit_import"), {"file": upload})
        text = answer.content.decode()
        assert answer.context["sheet"] == ""
        assert "外星机构" in text
        assert "没有的政府" in text
        assert "现有名录没有任何变化" in text

    def test_a_wrong_file_is_refused_in_words(self, keeper: Client, house: House) -> None:
        answer = keeper.post(url("staff:unit_import"), {"file": SimpleUploadedFile("a.xlsx", b"not a sheet")})
        assert answer.context["report"].refused
        assert answer.context["report"].issues

    def test_a_forged_confirmation_is_not_taken(self, keeper: Client, house: House) -> None:
        answer = keeper.post(url("staff:unit_import"), {"sheet": "forged"})
        assert answer["Location"] == url("staff:unit_import")


class TestPublicDirectory:
    def test_everybody_sees_units_but_not_internal_offices(self, house: House) -> None:
        office = Unit.objects.create(kind="internal_office", name="秘书科", parent=house.top, sort_key="m")
        text = Client().get(url("public:unit_list")).content.decode()
        assert "甲市财政局" in text
        assert "秘书科" not in text
        assert Client().get(url("public:unit_detail", house["甲市财政局"].pk)).status_code == 200
        assert Client().get(url("public:unit_detail", office.pk)).status_code == 404


class TestTwoPeopleAtOneUnit:
    def test_the_second_is_told_instead_of_undoing_the_first(self, keeper: Client, house: House) -> None:
        unit = house["甲市水利局"]
        address = url("staff:unit_edit", unit.pk)
        opened = {name: value or "" for name, value in keeper.get(address).context["form"].initial.items()}
        assert keeper.post(address, {**opened, "short_name": "市水务"}).status_code == 302
        answer = keeper.post(address, {**opened, "position": "7"})
        assert answer.status_code == 422
        assert "别人修改过“甲市水利局”，您填写的内容没有保存" in answer.content.decode()
        unit.refresh_from_db()
        assert (unit.short_name, unit.position) == ("市水务", 0)

    def test_holds_for_the_directory_entry_too(self, keeper: Client, house: House) -> None:
        unit = house["甲市水利局"]
        address = url("staff:entry_edit", unit.pk)
        opened = keeper.get(address).context["form"].initial
        assert keeper.post(address, {**opened, "phone": "1"}).status_code == 302
        assert keeper.post(address, {**opened, "address": "二楼"}).status_code == 422
        unit.refresh_from_db()
        assert (unit.phone, unit.address) == ("1", "")

"""The section of disclosure, its columns and the map of the site, alike from the application and in the static release."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from gongkai.domain.release import Kind, Part
from gongkai.features.disclosure.models import DirectoryColumn
from gongkai.portal.release.parts import fixed_parts, part_files, unit_list_parts
from gongkai.portal.release.services.slots import slots_settle
from gongkai.portal.release.shared import Moment
from gongkai.rulebook.disclosure import disclosure_rules
from gongkai.rulebook.site import section_words
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW, TODAY, World

LATER = NOW + timedelta(hours=1)
COLUMN = "column:C01-2"
Source = str


@pytest.fixture
def bureau(db: None) -> Bureau:
    house = Bureau(World())
    item = house.published(title="关于公布惠民补贴的通知", columns=("C01-2",))
    DirectoryColumn.objects.filter(code="C01-2").update(unit=house.unit, update_days=180)
    slots_settle(item_ids={item.pk}, at=LATER, on=TODAY)
    return house


def read(source: Source, path: str, part: Part) -> str:
    if source == "application":
        return Client().get(path).content.decode()
    (data,) = [data for name, data in part_files(part, Moment(LATER, TODAY)).items() if name.endswith("index.html")]
    assert isinstance(data, bytes)
    return data.decode()


both = pytest.mark.parametrize("source", ["application", "release"])


@both
class TestSection:
    def test_begins_with_its_fixed_parts(self, bureau: Bureau, source: Source) -> None:
        page = read(source, "/info/", Part(Kind.LIST, "all"))
        part = page[page.index('class="dc-parts"') : page.index('class="dc-list"')]
        found = re.findall(r'<h3><a href="/info/columns/([^/]+)/">([^<]+)</a></h3>', part)
        assert found == [
            ("A", "政府信息公开指南"),
            ("B", "政府信息公开制度"),
            ("C", "法定主动公开内容"),
            ("D", "政府信息公开年报"),
            ("E", "依申请公开"),
        ]
        statutory = re.findall(r'<li><a href="/info/columns/(C\d\d)/">', part)
        assert statutory == [f"C{number:02}" for number in range(1, 16)]

    def test_leaves_them_out_where_a_column_is_read(self, bureau: Bureau, source: Source) -> None:
        assert "dc-parts" not in read(source, "/info/columns/C01-2/", Part(Kind.LIST, COLUMN))


@both
class TestColumn:
    def test_says_who_keeps_it_how_often_and_when_it_was_last_new(self, bureau: Bureau, source: Source) -> None:
        page = read(source, "/info/columns/C01-2/", Part(Kind.LIST, COLUMN))
        assert f"<dt>负责单位</dt><dd>{bureau.unit.display_name}</dd>" in page
        assert "<dd>至少每 180 天</dd>" in page
        assert f'<dt>最近更新</dt><dd><time datetime="{TODAY.isoformat()}">' in page

    def test_promises_nothing_that_was_not_said(self, bureau: Bureau, source: Source) -> None:
        page = read(source, "/info/columns/C02/", Part(Kind.LIST, "column:C02"))
        assert "机关职能、机构设置" in page
        for words in ("负责单位", "更新周期", "最近更新"):
            assert words not in page


@both
class TestMap:
    def test_leads_to_every_column_and_unit(self, bureau: Bureau, source: Source) -> None:
        page = read(source, "/sitemap/", Part(Kind.SITE_MAP))
        codes = DirectoryColumn.objects.filter(closed_on=None).values_list("code", flat=True)
        assert all(f'href="/info/columns/{code}/"' in page for code in codes)
        assert f'href="/units/{bureau.unit.pk}/"' in page
        assert "csrfmiddlewaretoken" not in page


class TestRelease:
    def test_holds_the_map(self, bureau: Bureau) -> None:
        assert Part(Kind.SITE_MAP) in fixed_parts(at=LATER, on=TODAY)

    def test_renders_anew_what_names_a_unit_when_units_change(self, bureau: Bureau) -> None:
        parts = unit_list_parts(at=LATER)
        assert {Part(Kind.SITE_MAP), Part(Kind.LIST, COLUMN)} <= set(parts)
        assert Part(Kind.LIST, "column:C02") not in parts


class TestWords:
    def test_are_there_for_columns_of_the_directory(self) -> None:
        columns = disclosure_rules().columns
        assert all(columns[code].parent == "" for code in section_words())

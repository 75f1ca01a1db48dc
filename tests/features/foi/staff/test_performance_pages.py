"""The page of performance: charts with tables, lists behind the figures, files; and who gets none of it."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlencode

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.orgs.models import Unit
from tests.factories.foi import ADDRESS, NAME, PHONE, Desk
from tests.factories.world import World

pytestmark = pytest.mark.django_db
PAGE, CASES, EXPORT = "/admin/foi/performance/", "/admin/foi/performance/cases/", "/admin/foi/performance/export/"


@pytest.fixture
def answered(world: World) -> Desk:
    desk = Desk(world, timezone.localdate())
    desk.granted(desk.today, now=timezone.now())
    return desk


def client(desk: Desk, role: Role, unit: Unit) -> Client:
    browser = Client()
    browser.force_login(desk.world.person(role, unit))
    return browser


class TestPage:
    def test_shows_charts_with_tables_and_opens_lists(self, answered: Desk) -> None:
        clerk = client(answered, Role.DISCLOSURE_OFFICE, answered.unit)
        page = clerk.get(PAGE).content.decode()
        assert "答复是否按期" in page and "被纠错率" in page and "点数字看明细" in page
        listed = clerk.get(f"{CASES}?{urlencode({'by': 'month', 'figure': 'replied'})}").content.decode()
        assert f"{answered.today.year}-0001" in listed

    @pytest.mark.parametrize("by", ["unit", "year", "quarter", "month", "person", "no-such"])
    def test_by_whatever_is_asked_for(self, answered: Desk, by: str) -> None:
        head = client(answered, Role.DISCLOSURE_OFFICE_HEAD, answered.unit)
        assert head.get(f"{PAGE}?by={by}").status_code == 200

    @pytest.mark.parametrize(
        "query",
        [
            "since=x&until=2026-02-30",
            "since=2030-01-01&until=2020-01-01",
            "since=0001-01-01&until=1999-12-31",
            "since=9999-12-31&until=9999-12-31",
            "unit=99999999999999999999",
            "unit=-1",
        ],
    )
    def test_whatever_is_asked_is_a_page(self, answered: Desk, query: str) -> None:
        clerk = client(answered, Role.DISCLOSURE_OFFICE, answered.unit)
        assert clerk.get(f"{PAGE}?{query}").status_code == 200

    def test_persons_are_offered_to_the_head_only(self, answered: Desk) -> None:
        clerk = client(answered, Role.DISCLOSURE_OFFICE, answered.unit)
        head = client(answered, Role.DISCLOSURE_OFFICE_HEAD, answered.unit)
        assert "经办人" in head.get(PAGE).content.decode()
        page = clerk.get(f"{PAGE}?by=person").content.decode()
        assert "经办人" not in page and answered.clerk.name not in page

    def test_an_empty_span_says_so(self, answered: Desk) -> None:
        clerk = client(answered, Role.DISCLOSURE_OFFICE, answered.unit)
        assert "这段时间没有申请" in clerk.get(f"{PAGE}?since=2010-01-01&until=2010-12-31&by=month").content.decode()


class TestFiles:
    def test_a_sheet_with_a_row_a_line_and_all_together(self, answered: Desk) -> None:
        clerk = client(answered, Role.DISCLOSURE_OFFICE, answered.unit)
        answer = clerk.get(f"{EXPORT}?by=month")
        sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        assert rows[0][0] == "月份" and rows[-1][0] == "合计"
        assert rows[1][rows[0].index("已答复（件）")] == 1

    def test_csv(self, answered: Desk) -> None:
        clerk = client(answered, Role.DISCLOSURE_OFFICE, answered.unit)
        text = clerk.get(f"{EXPORT}?by=month&form=csv").content.decode("utf-8-sig")
        assert text.startswith("月份,收到申请（件）") and "合计" in text


class TestSideChannels:
    @pytest.mark.parametrize("address", [PAGE, f"{PAGE}?by=month", EXPORT, f"{EXPORT}?form=csv"])
    def test_figures_tell_nothing_of_applicants_or_what_was_asked(self, answered: Desk, address: str) -> None:
        authority = client(answered, Role.DISCLOSURE_OFFICE, answered.world.office)
        answer = authority.get(address)
        assert answer.status_code == 200
        text = answer.content.decode(errors="replace")
        assert "学府路" not in text and NAME not in text and PHONE not in text and ADDRESS not in text

    def test_the_authority_sees_numbers_and_opens_no_list(self, answered: Desk) -> None:
        authority = client(answered, Role.DISCLOSURE_OFFICE, answered.world.office)
        page = authority.get(f"{PAGE}?by=unit").content.decode()
        assert answered.unit.display_name in page and "figure=replied" not in page
        for key in (str(answered.unit.pk), ""):
            listed = authority.get(f"{CASES}?{urlencode({'by': 'unit', 'figure': 'replied', 'key': key})}")
            assert listed.status_code == 404

    def test_another_unit_s_office_sees_nothing_of_it(self, answered: Desk) -> None:
        other = client(answered, Role.DISCLOSURE_OFFICE, answered.world.finance)
        page = other.get(f"{PAGE}?by=unit&unit={answered.unit.pk}").content.decode()
        assert "这段时间没有申请" in page
        listed = other.get(f"{CASES}?{urlencode({'by': 'unit', 'figure': 'replied', 'key': answered.unit.pk})}")
        assert listed.status_code == 404

    def test_the_list_shows_nothing_of_the_applicant(self, answered: Desk) -> None:
        clerk = client(answered, Role.DISCLOSURE_OFFICE, answered.unit)
        text = clerk.get(f"{CASES}?by=month&figure=replied").content.decode()
        assert "学府路" in text and NAME not in text and "欧**" not in text and PHONE not in text

    @pytest.mark.parametrize("role", [Role.DRAFTER, Role.SYSTEM_ADMINISTRATOR])
    def test_without_a_role_for_cases_there_are_no_figures(self, answered: Desk, role: Role) -> None:
        nobody = client(answered, role, answered.unit)
        assert nobody.get(PAGE).status_code in (403, 404) and nobody.get(EXPORT).status_code in (403, 404)

    def test_supervision_finds_it_in_the_menu(self, answered: Desk) -> None:
        supervisor = client(answered, Role.SUPERVISOR, answered.world.office)
        page = supervisor.get(PAGE).content.decode()
        assert "申请办理情况" in page and 'href="/admin/foi/"' not in page

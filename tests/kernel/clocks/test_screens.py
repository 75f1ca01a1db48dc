"""The calendar screen and the import through HTTP."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.kernel.clocks.conftest import NOTICE_2027
from tests.kernel.people import make_person, make_place, signed_in

from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.clocks.models import CalendarYear

pytestmark = pytest.mark.django_db
IMPORT = "/admin/clocks/calendar/import/"


@pytest.fixture
def admin() -> Client:
    return signed_in(make_person(Role.SYSTEM_ADMINISTRATOR, make_place().office))


class TestCalendarScreen:
    @pytest.mark.parametrize("role", list(Role))
    def test_opens_to_every_role(self, role: Role) -> None:
        page = signed_in(make_person(role, make_place().bureau)).get("/admin/clocks/calendar/?year=2026")
        text = page.content.decode()
        assert page.status_code == 200
        assert "全年工作日 248 天" in text
        assert "相抵后放假 13 天；法律规定全体公民放假 13 天，相符" in text
        assert "随程序提供" in text

    def test_is_closed_to_visitors(self) -> None:
        assert Client().get("/admin/clocks/calendar/").status_code == 302

    def test_marks_days_in_words_not_only_in_colour(self, admin: Client) -> None:
        text = admin.get("/admin/clocks/calendar/?year=2026").content.decode()
        assert text.count("gk-calendar__mark") == 33 + 6
        assert 'title="国庆节调休上班"' in text

    def test_says_when_a_year_is_not_on_file(self, admin: Client) -> None:
        assert "2035年没有节假日安排在册" in admin.get("/admin/clocks/calendar/?year=2035").content.decode()

    @pytest.mark.parametrize("year", ["x", "99999", "-1", "1", "²"])
    def test_bears_any_year_in_the_address(self, admin: Client, year: str) -> None:
        assert admin.get(f"/admin/clocks/calendar/?year={year}").status_code == 200


class TestImportScreen:
    @pytest.mark.parametrize(
        ("role", "where", "code"),
        [
            (Role.SYSTEM_ADMINISTRATOR, "bureau", 200),
            (Role.DISCLOSURE_OFFICE, "office", 200),
            (Role.DISCLOSURE_OFFICE_HEAD, "office", 200),
            (Role.DISCLOSURE_OFFICE, "bureau", 403),
            (Role.DRAFTER, "office", 403),
            (Role.SUPERVISOR, "office", 403),
        ],
    )
    def test_is_for_those_who_may(self, role: Role, where: str, code: int) -> None:
        client = signed_in(make_person(role, getattr(make_place(), where)))
        assert client.get(IMPORT).status_code == code
        assert client.post(IMPORT, {"text": NOTICE_2027, "confirm": "1"}).status_code in (code, 302)
        assert CalendarYear.objects.exists() == (code == 200)

    def test_shows_what_was_understood_before_saving(self, admin: Client) -> None:
        text = admin.post(IMPORT, {"text": NOTICE_2027}).content.decode()
        assert "核对无误，导入" in text
        assert "2027年放假安排（国办发明电〔2026〕9号）" in text
        assert "相符" in text
        assert not CalendarYear.objects.exists()

    def test_saves_when_confirmed_and_shows_the_year(self, admin: Client) -> None:
        text = admin.post(IMPORT, {"text": NOTICE_2027, "confirm": "1"}, follow=True).content.decode()
        assert "2027年节假日安排已导入" in text
        assert "使用中" in text
        assert CalendarYear.objects.get().notice_text.startswith("国务院办公厅关于2027年")

    def test_refuses_with_every_reason_and_keeps_the_text(self, admin: Client) -> None:
        wrong = NOTICE_2027.replace("5月8日（周六）上班。", "5月7日（周六）上班。").replace("共3天", "共4天")
        text = admin.post(IMPORT, {"text": wrong}).content.decode()
        assert "通知没有通过核对，未保存" in text
        assert "写明共4天" in text
        assert "5月7日（周六）上班" in text
        assert "核对无误，导入" not in text
        assert "未保存" in admin.post(IMPORT, {"text": wrong, "confirm": "1"}).content.decode()
        assert not CalendarYear.objects.exists()

    @pytest.mark.parametrize("text", ["", " ", "不是通知", "<script>alert(1)</script>"])
    def test_refuses_other_texts(self, admin: Client, text: str) -> None:
        page = admin.post(IMPORT, {"text": text, "confirm": "1"})
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert not CalendarYear.objects.exists()

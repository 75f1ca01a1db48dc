"""The people pages through HTTP, role by role."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from tests.kernel.people import Place, make_person, make_place, signed_in

LISTERS = {
    Role.SYSTEM_ADMINISTRATOR,
    Role.DISCLOSURE_OFFICE,
    Role.DISCLOSURE_OFFICE_HEAD,
    Role.SUPERVISOR,
    Role.UNIT_LEADER,
}


def url(name: str, *args: object) -> str:
    return reverse(f"accounts:staff:{name}", args=args)


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


@pytest.fixture
def administrator(place: Place) -> User:
    return make_person(Role.SYSTEM_ADMINISTRATOR, place.office, name="管理员")


@pytest.fixture
def admin(administrator: User) -> Client:
    return signed_in(administrator)


class TestWhoMay:
    @pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
    def test_reads_and_changes(self, place: Place, role: Role) -> None:
        client, other = signed_in(make_person(role, place.bureau)), make_person(None, None)
        reads = 200 if role in LISTERS else 403
        changes = 200 if role is Role.SYSTEM_ADMINISTRATOR else 403
        assert client.get(url("matrix")).status_code == 200
        assert client.get(url("password_change")).status_code == 200
        assert client.get(url("user_list")).status_code == reads
        assert client.get(url("user_detail", other.pk)).status_code == reads
        assert client.get(url("user_create")).status_code == changes
        assert client.post(url("password_reset", other.pk)).status_code == changes
        answer = client.post(url("user_deactivate", other.pk))
        assert answer.status_code == (302 if changes == 200 else 403)

    @pytest.mark.parametrize("name", ["user_list", "user_create", "matrix", "password_change"])
    def test_visitors_are_sent_to_sign_in(self, place: Place, name: str) -> None:
        answer = Client().get(url(name))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("wagtailadmin_login"))

    @pytest.mark.parametrize("name", ["user_deactivate", "user_activate", "password_reset", "post_grant"])
    def test_a_change_is_never_a_link(self, admin: Client, administrator: User, name: str) -> None:
        assert admin.get(url(name, administrator.pk)).status_code == 405


class TestPeoplePages:
    def test_list_shows_posts_of_today(self, admin: Client, place: Place) -> None:
        make_person(Role.LEGALITY_REVIEWER, place.bureau, name="周法")
        text = admin.get(url("user_list"), {"unit": place.bureau.pk}).content.decode()
        assert "周法" in text
        assert "合法性审查" in text
        assert "管理员</a>" not in text

    def test_the_number_of_queries_does_not_grow(
        self, admin: Client, place: Place, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(15):
            make_person(Role.DRAFTER, place.bureau)
        with django_assert_max_num_queries(30):
            admin.get(url("user_list"))

    def test_adds_a_person_and_shows_the_password_once(self, admin: Client, place: Place) -> None:
        data = {
            "display_name": "钱七",
            "username": "qianqi",
            "unit": place.bureau.pk,
            "role": "drafter",
            "from_on": "2026-01-01",
        }
        answer = admin.post(url("user_create"), data)
        user = User.objects.get(username="qianqi")
        assert user.check_password(answer.context["secret"])
        assert "no-store" in answer["Cache-Control"]
        assert user.posts.get().from_on == date(2026, 1, 1)
        assert admin.post(url("user_create"), data).status_code == 422

    def test_corrects_a_person(self, admin: Client) -> None:
        user = make_person(None, None, name="旧名")
        admin.post(url("user_detail", user.pk), {"display_name": "新名", "phone": "123", "email": ""})
        user.refresh_from_db()
        assert (user.display_name, user.phone) == ("新名", "123")
        assert admin.get(url("user_detail", 999_999)).status_code == 404

    def test_grants_and_ends_a_post(self, admin: Client, place: Place) -> None:
        user = make_person(None, None)
        data = {"unit": place.bureau.pk, "role": "first_reviewer", "from_on": "2026-01-01", "note": "代理"}
        assert admin.post(url("post_grant", user.pk), data).status_code == 302
        assert admin.post(url("post_grant", user.pk), data).status_code == 422
        post = user.posts.get()
        yesterday = timezone.localdate() - timedelta(days=1)
        admin.post(url("post_end", user.pk, post.pk), {"until_on": yesterday.isoformat()})
        post.refresh_from_db()
        assert post.until_on == yesterday
        assert "已离任" in admin.get(url("user_detail", user.pk)).content.decode()

    def test_refuses_an_own_reviewing_role_in_words(self, admin: Client, administrator: User, place: Place) -> None:
        data = {"unit": place.bureau.pk, "role": "final_reviewer", "from_on": "2026-01-01"}
        answer = admin.post(url("post_grant", administrator.pk), data)
        assert answer.status_code == 422
        assert "不能给自己授予" in answer.content.decode()

    def test_refuses_to_shut_out_oneself(self, admin: Client, administrator: User) -> None:
        answer = admin.post(url("user_deactivate", administrator.pk), follow=True)
        assert "不能停用自己的账号" in answer.content.decode()

    def test_matrix_shows_every_ability(self, admin: Client) -> None:
        text = admin.get(url("matrix")).content.decode()
        assert "授予和终止岗位" in text
        assert "系统管理员" in text

    def test_two_administrators_do_not_undo_each_other(self, admin: Client) -> None:
        other = make_person(None, None, name="赵一")
        address = url("user_detail", other.pk)
        opened = admin.get(address).context["form"].initial
        assert admin.post(address, {**opened, "phone": "1"}).status_code == 302
        answer = admin.post(address, {**opened, "email": "a@b.example"})
        assert answer.status_code == 422
        assert "别人修改过" in answer.content.decode()
        other.refresh_from_db()
        assert (other.phone, other.email) == ("1", "")


class TestNobody:
    @pytest.mark.parametrize("name", ["user_activate", "user_deactivate", "password_reset"])
    def test_is_not_found(self, admin: Client, name: str) -> None:
        assert admin.post(url(name, 999_999)).status_code == 404


class TestLostSession:
    def test_a_form_sent_too_late_leads_back_to_its_page_and_says_so(self, place: Place) -> None:
        client, address = Client(), url("password_reset", 1)
        page = url("user_detail", 1)
        answer = client.post(address, headers={"referer": f"http://testserver{page}"})
        assert answer.url == f"{reverse('wagtailadmin_login')}?next={page.replace('/', '%2F')}"
        assert "没有保存" in client.get(answer.url).content.decode()

    def test_a_referer_from_elsewhere_is_not_followed(self, place: Place) -> None:
        answer = Client().post(url("password_reset", 1), headers={"referer": "http://evil.example/admin/"})
        assert answer.url.endswith("?next=%2Fadmin%2F")

    def test_the_address_of_a_button_says_what_it_is(self, admin: Client) -> None:
        answer = admin.get(url("password_reset", 1))
        assert answer.status_code == 405
        assert answer["Allow"] == "POST"
        assert "只接受页面上的按钮提交" in answer.content.decode()

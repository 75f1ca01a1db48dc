from __future__ import annotations

import pytest
from django.test import Client
from tests.factories.world import World

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.workbench.services import appearance_set

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    world = World()
    return world.person(Role.DRAFTER, world.justice, "李明")


@pytest.fixture
def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


class TestAccount:
    def test_shows_name_and_posts_and_where_to_change_the_password(self, signed_in: Client) -> None:
        page = signed_in.get("/admin/account/").content.decode()
        assert "李明" in page
        assert "青溪县司法局" in page
        assert "拟稿人" in page
        assert 'href="/admin/accounts/password/"' in page

    def test_does_not_let_people_rename_themselves(self, signed_in: Client, user: User) -> None:
        signed_in.post(
            "/admin/account/", {"name_email-first_name": "别人", "name_email-email": "x@example.org", "theme": "dark"}
        )
        user.refresh_from_db()
        assert (user.first_name, user.email, user.get_full_name()) == ("", "", "李明")

    def test_remembers_the_appearance(self, signed_in: Client, user: User) -> None:
        response = signed_in.post("/admin/account/", {"theme": "dark", "contrast": "more_contrast"}, follow=True)
        assert "外观已保存" in response.content.decode()
        user.wagtail_userprofile.refresh_from_db()
        assert (user.wagtail_userprofile.theme, user.wagtail_userprofile.contrast) == ("dark", "more_contrast")
        assert "w-theme-dark" in response.content.decode()

    def test_says_what_is_wrong(self, signed_in: Client) -> None:
        page = signed_in.post("/admin/account/", {"theme": "pink", "contrast": "system"}).content.decode()
        assert "gk-error-summary" in page

    def test_is_not_for_visitors(self, client: Client) -> None:
        assert "/admin/login/" in client.get("/admin/account/").headers["Location"]


class TestAppearanceSet:
    def test_refuses_a_choice_that_does_not_exist(self, user: User) -> None:
        with pytest.raises(ValueError, match="pink"):
            appearance_set(actor=Actor(user_id=user.pk, name="李明"), theme="pink", contrast="system")

"""Downloading from the back office."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.files.services import file_store


@pytest.fixture
def make_person(django_user_model, unit, now):
    """``make_person("name")`` puts a person with a post on file, who may enter the back office."""
    access = Permission.objects.get(codename="access_admin")

    def make(name: str):
        user = django_user_model.objects.create(username=name, display_name=name)
        user.user_permissions.add(access)
        Post.objects.create(user=user, unit=unit, role=Role.DRAFTER, from_on=date(2020, 1, 1), granted_at=now)
        return user

    return make


@pytest.fixture
def stored(home, make_person, now):
    """A file with a Chinese name, and the person who uploaded it."""
    user = make_person("uploader")
    actor = Actor(user_id=user.pk, name="上传人")
    return file_store(actor=actor, upload=b"<script>alert(1)</script>", name='台账 "2024".html', now=now), user


def address(file) -> str:
    return reverse("files:staff:download", args=[file.pk])


class TestDownload:
    def test_sends_the_bytes_as_an_attachment_that_cannot_run(self, client, stored):
        file, user = stored
        client.force_login(user)
        response = client.get(address(file))
        assert response.status_code == 200
        assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
        disposition = response["Content-Disposition"]
        assert disposition.startswith("attachment; filename*=utf-8''%E5%8F%B0%E8%B4%A6")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"].startswith("sandbox")
        assert response["Content-Length"] == str(file.size)
        assert "no-store" in response["Cache-Control"]

    def test_asks_visitors_to_sign_in(self, client, stored):
        response = client.get(address(stored[0]))
        assert response.status_code == 302
        assert "login" in response["Location"]

    def test_tells_strangers_nothing_not_even_that_the_file_is_there(self, client, stored, make_person):
        client.force_login(make_person("stranger"))
        hidden = client.get(address(stored[0]))
        missing = client.get(reverse("files:staff:download", args=[999_999]))
        assert hidden.status_code == missing.status_code == 404
        pages = [
            re.sub(r"(?<=/files/)\d+|(?<=%2Ffiles%2F)\d+", "0", answer.content.decode()) for answer in (hidden, missing)
        ]
        assert pages[0] == pages[1]

    def test_knows_no_other_file(self, client, stored):
        client.force_login(stored[1])
        assert client.get(reverse("files:staff:download", args=[999_999])).status_code == 404

    def test_says_when_the_bytes_are_gone(self, client, stored):
        file, user = stored
        file_path(file=file).unlink()
        client.force_login(user)
        assert client.get(address(file)).status_code == 409

    def test_takes_no_posts(self, client, stored):
        client.force_login(stored[1])
        assert client.post(address(stored[0])).status_code == 405

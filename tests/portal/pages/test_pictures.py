"""Pictures of topics: made anew from their pixels, seen by everybody once they are published."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from gongkai.kernel.accounts.models import User
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.selectors import file_path
from gongkai.portal.models import TopicPage
from gongkai.portal.pages.pictures import picture_name, picture_of
from gongkai.portal.pages.services.pictures import HEIGHT, WIDTH, picture_store
from tests.factories.world import NOW
from tests.portal.pages.conftest import Sites


def picture(size: tuple[int, int] = (1600, 1000), form: str = "PNG", place: bool = False) -> bytes:
    held = io.BytesIO()
    image = Image.new("RGB", size, (20, 90, 120))
    exif = Image.Exif()
    if place:
        exif[0x8825] = {1: "N", 2: (25.0, 50.0, 0.0)}
    image.save(held, form, **({"exif": exif} if place else {}))
    return held.getvalue()


class TestStore:
    @pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
    def test_cuts_to_the_size_that_is_shown(self, sites: Sites, form: str) -> None:
        file_id = picture_store(actor=sites.writer, upload=picture(form=form), website=sites.primary, now=NOW)
        with Image.open(file_path(file=StoredFile.objects.get(pk=file_id))) as kept:
            assert (kept.format, kept.size) == ("JPEG", (WIDTH, HEIGHT))

    def test_leaves_the_place_where_it_was_taken_behind(self, sites: Sites) -> None:
        upload = picture(form="JPEG", place=True)
        file_id = picture_store(actor=sites.writer, upload=upload, website=sites.primary, now=NOW)
        with Image.open(file_path(file=StoredFile.objects.get(pk=file_id))) as kept:
            assert not dict(kept.getexif())

    @pytest.mark.parametrize(
        ("upload", "code"),
        [
            (b"no picture", "portal.picture.kind"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "portal.picture.kind"),
            (picture(form="GIF"), "portal.picture.kind"),
            (picture()[:200], "portal.picture.kind"),
            (picture((300, 200)), "portal.picture.size"),
        ],
        ids=["text", "svg", "gif", "cut off", "small"],
    )
    def test_refuses_what_is_no_picture_or_too_small(self, sites: Sites, upload: bytes, code: str) -> None:
        with pytest.raises(Refused) as refused:
            picture_store(actor=sites.writer, upload=upload, website=sites.primary, now=NOW)
        assert refused.value.codes() == [code]


class TestName:
    @pytest.mark.parametrize(
        "name", ["picture-0.jpg", "picture-1.png", "picture-01.jpg", "../picture-1.jpg", "picture-.jpg"]
    )
    def test_no_other_name_is_a_picture(self, name: str) -> None:
        assert picture_of(name) is None

    def test_is_read_back(self) -> None:
        assert picture_of(picture_name(17)) == 17


class TestSeen:
    def test_by_everybody_once_published_and_by_the_house_before(self, sites: Sites, client: Client) -> None:
        file_id = picture_store(actor=sites.writer, upload=picture(), website=sites.primary, now=NOW)
        path = f"/topics/jiuzhu/{picture_name(file_id)}"
        assert client.get(path).status_code == 404
        sites.topic(picture=file_id, picture_alt="山和河")
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
        assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
        text = client.get("/topics/jiuzhu/").content.decode()
        assert f'src="{path}" alt="山和河"' in text

    def test_uploaded_in_the_editor(self, sites: Sites) -> None:
        browser = Client()
        browser.force_login(
            User.objects.get(pk=sites.clerk.user_id), backend="django.contrib.auth.backends.ModelBackend"
        )
        address = f"/admin/pages/add/portal/topicpage/{sites.primary.home_id}/"
        given = {"title": "雨雪", "slug": "yuxue", "lead": "导语", "keywords": "", "body-count": "0"}
        upload = SimpleUploadedFile("a.png", picture(), "image/png")
        refused = browser.post(address, {**given, "picture_alt": "", "picture_upload": upload})
        assert "有题图时必须填写替代文字" in refused.content.decode()
        upload.seek(0)
        browser.post(address, {**given, "picture_alt": "雪", "picture_upload": upload})
        assert TopicPage.objects.get(slug="yuxue").picture is not None

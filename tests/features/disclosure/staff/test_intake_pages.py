"""The screens of documents handed in and of imports."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.features.disclosure.models import ImportBatch, Intake, Item
from gongkai.features.disclosure.services.columns import directory_ensure
from gongkai.kernel.accounts.roles import Role
from tests.factories.world import NOW, SYSTEM, World
from tests.features.disclosure.test_intake import TEXT


@pytest.fixture
def world(db: None) -> World:
    directory_ensure(actor=SYSTEM, now=NOW)
    return World()


@pytest.fixture
def browser(world: World) -> Client:
    client = Client()
    client.force_login(world.person(Role.DRAFTER, world.finance), backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(browser: Client, world: World, *files: tuple[str, bytes]):
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    return browser.post(reverse("disclosure:staff:intake_upload"), {"unit": world.finance.pk, "files": uploads})


class TestUpload:
    def test_leads_from_the_file_to_a_draft(self, world, browser):
        response = send(browser, world, ("通知.txt", TEXT.encode()))
        intake = Intake.objects.get()
        address = reverse("disclosure:staff:intake_detail", args=[intake.pk])
        assert response["Location"] == address
        page = browser.get(address).content.decode()
        assert "青溪县财政局关于做好预算公开的通知" in page and "明确" in page and "没有列入正文的" in page
        fields = {
            "kind": "notice",
            "title": "定稿标题",
            "attribute": "proactive",
            "grounds_proactive": ["art20_7"],
            "keep_file": "on",
        }
        assert browser.post(address, fields).status_code == 302
        item = Item.objects.get()
        assert (item.title, item.attribute, item.grounds) == ("定稿标题", "proactive", ["art20_7"])
        assert browser.get(address).status_code == 200

    def test_keeps_the_good_files_and_tells_the_bad_ones(self, world, browser):
        response = send(browser, world, ("好.txt", TEXT.encode()), ("坏.docx", b"PK\x03\x04bad"))
        assert response.status_code == 422
        assert "已损坏" in response.content.decode() and Intake.objects.count() == 1

    def test_shows_the_queue(self, world, browser):
        send(browser, world, ("通知.txt", TEXT.encode()))
        send(browser, world, ("随手记.txt", "请办理。".encode()))
        page = browser.get(reverse("disclosure:staff:intake_list")).content.decode()
        assert "通知.txt" in page and "青溪县财政局关于做好预算公开的通知" in page
        # Where no title was read, the file's name stands once, not twice.
        assert page.count(">随手记.txt<") == 1

    def test_refuses_two_gigabytes_by_their_announced_length(self, browser, settings):
        settings.IMPORT_LIMIT_BYTES = settings.UPLOAD_LIMIT_BYTES = 1000
        response = browser.generic(
            "POST", reverse("disclosure:staff:intake_upload"), b"x", content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(2 * 1024**3),
        )  # fmt: skip
        assert response.status_code == 413
        assert "超过了" in response.content.decode()


class TestImports:
    def test_shows_how_far_an_import_is_and_asks_again(self, world, browser):
        address = reverse("disclosure:staff:import_new")
        assert browser.get(address).status_code == 200
        upload = SimpleUploadedFile("清单.xlsx", b"no workbook")
        response = browser.post(address, {"unit": world.finance.pk, "kind": "notice", "sheet": upload})
        batch = ImportBatch.objects.get()
        assert response["Location"] == reverse("disclosure:staff:import_detail", args=[batch.pk])
        page = browser.get(response["Location"])
        assert (page.status_code, page["Refresh"]) == (200, "5")
        assert "清单.xlsx" in browser.get(reverse("disclosure:staff:import_list")).content.decode()
        browser.post(reverse("disclosure:staff:import_cancel", args=[batch.pk]))
        assert "已停止" in browser.get(response["Location"]).content.decode()

    def test_asks_for_a_file(self, world, browser):
        response = browser.post(reverse("disclosure:staff:import_new"), {"unit": world.finance.pk, "kind": "notice"})
        assert response.status_code == 422

    def test_hands_out_the_template(self, browser):
        assert browser.get(reverse("disclosure:staff:import_template")).content.startswith(b"PK")

"""An office's own templates: checked before they are taken, versions kept, old letters as they were, the shipped one at hand."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from gongkai.domain.foi.model import Delivery
from gongkai.domain.issues import Issue
from gongkai.features.foi import services
from gongkai.features.foi.models import CasePaper, LetterTemplate
from gongkai.features.foi.selectors import templates
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.templates import template_in_use, template_rows
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.letters import letter_template, letter_text
from tests.factories.foi import Desk
from tests.factories.world import TODAY, World, moment
from tests.kernel.letters.samples import RULES

pytestmark = pytest.mark.django_db
CODE = "L01_receipt"
FORM = RULES.letters[CODE]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def changed(*added: str, code: str = CODE) -> SimpleUploadedFile:
    """The shipped template with further paragraphs."""
    document = Document(BytesIO(letter_template(RULES.letters[code])))
    for text in added:
        document.add_paragraph(text)
    data = BytesIO()
    document.save(data)
    return SimpleUploadedFile("收件回执.docx", data.getvalue(), DOCX)


def upload(desk: Desk, *added: str, **more: Any) -> LetterTemplate:
    fields: dict[str, Any] = {
        "actor": desk.head,
        "unit_id": desk.unit.pk,
        "code": CODE,
        "upload": changed(*added),
        "now": moment(TODAY),
    }
    return services.template_upload(**{**fields, **more})


def receipt(desk: Desk) -> CasePaper:
    return services.letter_write(
        actor=desk.clerk,
        application_id=desk.taken().application.pk,
        code=CODE,
        values={"materials": ["申请表一份"]},
        delivery=Delivery.POST,
        sealed=True,
        on=TODAY,
        now=moment(TODAY, 11),
    )


def words(paper: CasePaper) -> str:
    assert paper.file is not None
    return letter_text(file_path(file=paper.file).read_bytes())


class TestUpload:
    def test_letters_use_it_from_then_on_and_earlier_ones_stay(self, desk: Desk) -> None:
        before = receipt(desk)
        upload(desk, "本机关咨询电话另见网站。")
        after = receipt(desk)
        assert "咨询电话另见网站" in words(after) and "咨询电话另见网站" not in words(before)
        assert "第1版" in after.note and before.note == ""
        services.template_use(actor=desk.head, unit_id=desk.unit.pk, code=CODE, number=None, now=moment(TODAY))
        assert "咨询电话" not in words(receipt(desk))

    def test_everything_wrong_is_told_at_once_and_nothing_kept(self, desk: Desk) -> None:
        with pytest.raises(Refused) as refused:
            upload(desk, "{{ birthday }}", "{% set x = 1 %}")
        assert {"foi.template.field_unknown", "foi.template.not_allowed"} <= set(refused.value.codes())
        assert not LetterTemplate.objects.exists() and not Entry.objects.filter(action="foi.template.set").exists()

    @pytest.mark.parametrize(
        ("name", "data", "code"),
        [
            ("模板.docx", b"no zip", "foi.template.unreadable"),
            ("模板.docx", b"\0" * (2 * 1024 * 1024 + 1), "foi.template.too_large"),
        ],
        ids=["no docx", "too large"],
    )
    def test_what_is_no_word_file_or_too_large_is_refused(self, desk: Desk, name: str, data: bytes, code: str) -> None:
        with pytest.raises(Refused) as refused:
            upload(desk, upload=SimpleUploadedFile(name, data))
        assert refused.value.codes() == [code]

    def test_only_the_office_of_the_unit_changes_it(self, desk: Desk, world: World) -> None:
        with pytest.raises(NotPermitted):
            upload(desk, actor=desk.leader)
        with pytest.raises(NotFound):
            upload(desk, actor=world.actor(Role.DISCLOSURE_OFFICE_HEAD, world.finance))
        with pytest.raises(NotFound):
            upload(desk, code="L99_none")


class TestVersions:
    def test_are_kept_and_used_again_each_with_an_entry(self, desk: Desk) -> None:
        upload(desk, "第一版的话。")
        upload(desk, "第二版的话。")
        services.template_use(actor=desk.head, unit_id=desk.unit.pk, code=CODE, number=1, now=moment(TODAY))
        held = template_in_use(unit_id=desk.unit.pk, code=CODE)
        assert held is not None and held.number == 3 and "恢复第1版" in held.note
        assert LetterTemplate.objects.filter(letter=CODE).count() == 3
        assert Entry.objects.filter(action="foi.template.set").count() == 3
        with pytest.raises(Refused) as refused:
            services.template_use(actor=desk.head, unit_id=desk.unit.pk, code=CODE, number=1, now=moment(TODAY))
        assert refused.value.codes() == ["foi.template.used_already"]

    def test_the_shipped_one_is_not_gone_back_to_twice(self, desk: Desk) -> None:
        with pytest.raises(Refused) as refused:
            services.template_use(actor=desk.head, unit_id=desk.unit.pk, code=CODE, number=None, now=moment(TODAY))
        assert refused.value.codes() == ["foi.template.shipped_already"]

    def test_the_list_shows_every_letter_and_which_template(self, desk: Desk) -> None:
        upload(desk)
        rows = template_rows(unit_id=desk.unit.pk, on=TODAY)
        assert len(rows) == 41
        assert [row.form.code for row in rows if row.in_use is not None] == [CODE]
        assert template_rows(unit_id=desk.world.finance.pk, on=TODAY)[0].in_use is None


class TestOutdated:
    def test_a_template_that_the_rules_have_left_behind_writes_no_letter(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        upload(desk)
        fault = Issue("foi.template.syntax", "file", {"name": "收件回执.docx", "reason": "规则变了"})
        monkeypatch.setattr(templates, "_faults", lambda *given: (fault,))
        with pytest.raises(Refused, match="不再合用") as refused:
            receipt(desk)
        assert "规则变了" in str(refused.value)


class TestPages:
    @pytest.fixture
    def clerk(self, world: World) -> Client:
        client = Client()
        client.force_login(world.person(Role.DISCLOSURE_OFFICE, world.education))
        return client

    def test_a_template_is_looked_at_changed_and_given_back(self, world: World, clerk: Client) -> None:
        folder = f"/admin/foi/settings/{world.education.pk}/templates/"
        assert clerk.get(folder).content.decode().count("随系统模板") >= 41
        page = clerk.get(f"{folder}{CODE}/").content.decode()
        assert FORM.title in page and "{{ application_no }}" in page and "必须" in page
        assert clerk.get(f"{folder}{CODE}/file/")["Content-Type"] == DOCX
        assert clerk.get(f"{folder}{CODE}/look/")["Content-Type"] == DOCX
        wrong = clerk.post(f"{folder}{CODE}/", {"upload": changed("{{ birthday }}")})
        assert wrong.status_code == 422 and "birthday" in wrong.content.decode()
        assert clerk.post(f"{folder}{CODE}/", {"upload": changed("另见网站。")}).status_code == 302
        assert "另见网站" in clerk.get(f"{folder}{CODE}/").content.decode()
        assert "另见网站" not in clerk.get(f"{folder}{CODE}/?version=shipped").content.decode()
        file = LetterTemplate.objects.get().file
        assert file is not None
        download: Any = clerk.get(f"/admin/files/{file.pk}/download/")
        assert download.status_code == 200 and b"".join(download.streaming_content)[:2] == b"PK"
        clerk.post(f"{folder}{CODE}/use/", {"version": "shipped"})
        assert template_in_use(unit_id=world.education.pk, code=CODE) is None

    def test_another_unit_downloads_none(self, world: World, clerk: Client) -> None:
        clerk.post(f"/admin/foi/settings/{world.education.pk}/templates/{CODE}/", {"upload": changed("另见网站。")})
        file = LetterTemplate.objects.get().file
        assert file is not None
        other = Client()
        other.force_login(world.person(Role.DISCLOSURE_OFFICE, world.finance))
        assert other.get(f"/admin/files/{file.pk}/download/").status_code == 404

    def test_a_version_that_is_not_there_is_not_found(self, world: World, clerk: Client) -> None:
        folder = f"/admin/foi/settings/{world.education.pk}/templates/"
        assert clerk.get(f"{folder}{CODE}/?version=7").status_code == 404
        assert clerk.get(f"{folder}L99_none/").status_code == 404

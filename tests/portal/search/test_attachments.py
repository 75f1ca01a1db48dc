from __future__ import annotations

import io
from datetime import timedelta

import docx
import openpyxl
import pytest

from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.services.attachments import attachment_add
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.portal.models import AttachmentText
from gongkai.portal.search import selectors
from gongkai.portal.search.selectors import Asked, Hit
from gongkai.portal.search.services.feed import index_follow, index_rebuild
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW
from tests.kernel.documents.ofd_samples import lines_of, ofd
from tests.kernel.documents.samples import pdf_bytes

LATER = NOW + timedelta(hours=1)
LINE = "高山蔬菜种植补助标准"


def docx_of() -> bytes:
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(LINE)
    document.save(out)
    return out.getvalue()


def xlsx_of() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["项目", LINE])
    book.save(out)
    return out.getvalue()


FILES = {
    "附件.docx": docx_of,
    "附件.xlsx": xlsx_of,
    "附件.pdf": lambda: pdf_bytes([[LINE]]),
    "附件.ofd": lambda: ofd(lines_of([LINE])),
}


def published(bureau: Bureau, data: bytes, name: str) -> Item:
    """A public item with one file."""
    draft = bureau.draft(title="关于产业扶持的通知")
    attachment_add(actor=bureau.drafter, item_id=draft.pk, upload=data, name=name, now=NOW)
    item = bureau.decide(draft)
    bureau.sign(bureau.circulate(item))
    publication_make(actor=bureau.office, item_id=item.pk, now=NOW)
    return item


def ask(text: str) -> list[Hit]:
    return list(selectors.search(asked=Asked(text), at=LATER).hits)


class TestAttachmentTexts:
    @pytest.mark.parametrize("name", FILES)
    def test_words_in_a_file_lead_to_its_item_and_name_the_file(self, bureau: Bureau, name: str) -> None:
        item = published(bureau, FILES[name](), name)
        index_rebuild(at=LATER)
        (hit,) = ask("高山蔬菜")
        assert (hit.uid, hit.file) == (str(item.uid), "附件")
        assert {piece.text for piece in hit.text if piece.hit} & {"高山", "高山蔬菜", "蔬菜"}

    def test_file_is_read_once_whatever_is_rebuilt(self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
        published(bureau, docx_of(), "附件.docx")
        index_rebuild(at=LATER)

        def read(*_: object, **__: object) -> None:
            raise AssertionError("read again")

        monkeypatch.setattr("gongkai.portal.search.services.attachments.read_document", read)
        index_rebuild(at=LATER)
        assert len(ask("高山蔬菜")) == 1

    def test_file_that_is_gone_from_the_disk_is_found_by_its_name(self, bureau: Bureau, settings: object) -> None:
        published(bureau, docx_of(), "补助标准一览.docx")
        for place in settings.FILES_DIR.rglob("*"):  # type: ignore[attr-defined]
            if place.is_file():
                place.unlink()
        index_rebuild(at=LATER)
        assert AttachmentText.objects.get().problem
        assert [hit.file for hit in ask("一览")] == ["补助标准一览"]
        assert ask("高山蔬菜") == []

    def test_text_is_deleted_when_nobody_may_read_the_file_any_more(self, bureau: Bureau) -> None:
        item = published(bureau, docx_of(), "附件.docx")
        index_rebuild(at=LATER)
        assert AttachmentText.objects.get().text
        publication_withdraw(actor=bureau.office, item_id=item.pk, kind="error", reason="含有隐私。", now=LATER)
        assert ask("高山蔬菜") == []
        index_follow(at=LATER)
        assert not AttachmentText.objects.exists()

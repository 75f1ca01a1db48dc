"""Redacting PDF files: what was marked is in no byte of the result, what was not marked can still be read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from tests.kernel.redaction.pdf_files import (
    GROUNDS,
    NAME,
    NUMBER,
    PHONE,
    PRIVACY,
    embedded_pdf,
    everything,
    order,
    page_picture,
    pdf,
    picture,
    region,
    scan,
    term,
    text_of,
)

from gongkai.domain.redaction.terms import contains, plain
from gongkai.kernel.content.pdf_places import hidden_pieces
from gongkai.kernel.errors import Refused
from gongkai.kernel.redaction import pdf as module
from gongkai.kernel.redaction import redact, redact_apart

DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
LETTER = [
    [
        "关于道路修复的答复",
        f"{NAME}：你的申请收悉。",
        f"身份证号：{NUMBER}",
        "联系电话：138-1234-5678",
        "经查，道路已修复。",
    ],
    ["第二页：附件清单", "The second page stays as it was."],
]


def gone(data: bytes, *terms: str) -> None:
    """No term is in the text as a reader gives it, nor in any byte."""
    held, text = everything(data), text_of(data)
    for one in terms:
        assert not contains(text, one, whole=True), one
        for form in (one, plain(one)):
            for encoding in ("utf-8", "utf-16-be", "utf-16-le", "gb18030"):
                assert form.encode(encoding) not in held, one
                assert form.encode(encoding).hex().encode() not in held.lower(), one


def changed(data: bytes, change) -> bytes:  # type: ignore[no-untyped-def]
    target = BytesIO()
    with pikepdf.open(BytesIO(data)) as file:
        change(file)
        file.save(target)
    return target.getvalue()


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return refused.value.codes()


class TestTerms:
    def test_are_gone_from_every_byte_and_the_rest_stays(self) -> None:
        done = redact(order(pdf(LETTER), term(NAME, "个人隐私"), term(NUMBER), term(PHONE)))
        gone(done.data, NAME, NUMBER, PHONE, "138-1234-5678")
        text = text_of(done.data)
        for kept in (
            "关于道路修复的答复",
            "你的申请收悉",
            "经查，道路已修复。",
            "第二页：附件清单",
            "The second page stays",
        ):
            assert kept in text
        assert text.count("████") == 3
        assert done.report.rebuilt == (1,)
        assert list(hidden_pieces(done.data)) == []
        assert (done.report.removed[-3].where, done.report.removed[-3].mark) == ("第1页", 1)
        assert done.report.grounds() == {GROUNDS[PRIVACY]: 3}
        assert "redaction.checked.second_reader" in done.report.checks

    def test_same_input_and_marks_give_the_same_bytes(self) -> None:
        marks = (term(NAME), region(2, 0.1, 0.5, 0.4, 0.6))
        data = pdf(LETTER)
        assert redact(order(data, *marks)).data == redact(order(data, *marks)).data

    def test_over_a_line_end_and_in_full_width_signs(self) -> None:
        data = pdf([["编号为１１０１０１１９９００３０７", "４４７７的证件，持有人为欧阳", "晓岚。其余内容保留。"]])
        done = redact(order(data, term(NUMBER), term(NAME)))
        gone(done.data, NUMBER, NAME)
        assert "其余内容保留" in text_of(done.data)

    def test_what_removal_leaves_does_not_join_to_the_word_again(self) -> None:
        done = redact(order(pdf([["张张三三在此。"]]), term("张三")))
        assert "张████三在此" in text_of(done.data)

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        secrets=st.lists(
            st.text("赵钱孙李周吴郑王", min_size=2, max_size=4) | st.text("0123456789", min_size=9, max_size=18),
            min_size=1,
            max_size=4,
        ),
        fillers=st.lists(st.text("东西南北道路公园学校。，", min_size=4, max_size=20), min_size=2, max_size=6),
    )
    def test_whatever_they_are(self, secrets: list[str], fillers: list[str]) -> None:
        unique = list({plain(secret): secret for secret in secrets}.values())
        lines = [f"{filler}{unique[n % len(unique)]}{filler}" for n, filler in enumerate([*fillers, *fillers])]
        done = redact(order(pdf([lines, fillers]), *map(term, unique)))
        gone(done.data, *unique)
        text = plain(text_of(done.data))
        assert all(plain(filler) in text for filler in fillers)

    def test_not_found_is_said_and_nothing_found_is_refused(self) -> None:
        done = redact(order(pdf(LETTER), term(NAME), term("并不存在")))
        assert [issue.code for issue in done.report.notices] == ["redaction.not_found"]
        with pytest.raises(Refused) as refused:
            redact(order(pdf(LETTER), term("并不存在"), term("也不存在")))
        assert codes(refused) == ["redaction.not_found"] * 2


class TestRegions:
    def test_blacken_pictures_and_drop_the_text_under_them(self) -> None:
        def draw(canvas: Canvas, number: int) -> None:
            canvas.drawImage(ImageReader(picture()), 100, 300, 300, 200)

        data = pdf([["上面的文字保留。"]], draw=draw)
        done = redact(order(data, region(1, 0.1, 0.3, 0.8, 0.7)))
        seen = page_picture(done.data)
        assert seen.crop((80, 270, 470, 580)).getextrema() == (0, 0)
        assert "上面的文字保留" in text_of(done.data)
        assert done.report.removed[-1].what == "redaction.removed.region"
        with pikepdf.open(BytesIO(done.data)) as file:
            assert [image.Width for image in file.objects if isinstance(image, Stream) and "/Width" in image] == [1654]

    @pytest.mark.parametrize("turn", [0, 90, 180, 270])
    def test_lie_where_the_page_is_seen_however_it_is_turned(self, turn: int) -> None:
        data = changed(pdf([["左上角的机密", "第二行"]]), lambda file: file.pages[0].rotate(turn, relative=False))
        place = {0: (0, 0, 1, 0.105), 90: (0.895, 0, 1, 1), 180: (0, 0.895, 1, 1), 270: (0, 0, 0.105, 1)}[turn]
        done = redact(order(data, region(1, *place)))
        gone(done.data, "左上角的机密")
        assert "第二行" in plain(text_of(done.data))

    def test_cropped_page_keeps_to_what_is_seen(self) -> None:
        def crop(file: pikepdf.Pdf) -> None:
            file.pages[0].obj.CropBox = Array([0, 700, 595, 842])

        done = redact(order(changed(pdf([["看得见的一行", *["裁掉"] * 8, NAME]]), crop), region(1, 0.8, 0.8, 0.9, 0.9)))
        assert "看得见的一行" in text_of(done.data)
        gone(done.data, NAME)


class TestWhatIsHidden:
    def test_under_a_black_box_is_removed_too(self) -> None:
        def draw(canvas: Canvas, number: int) -> None:
            if number == 2:
                canvas.rect(70, 725, 300, 26, fill=1)

        done = redact(order(pdf([LETTER[0], ["第二页", "王大锤的住址"]], draw=draw), term(NAME)))
        gone(done.data, NAME, "王大锤的住址")
        assert [one.where for one in done.report.removed if one.what == "redaction.removed.hidden_text"] == ["第2页"]

    def test_in_the_color_of_the_paper_is_removed_too(self) -> None:
        def draw(canvas: Canvas, number: int) -> None:
            canvas.setFillColorRGB(1, 1, 1)
            canvas.drawString(72, 300, "white on white")

        done = redact(order(pdf(LETTER, draw=draw), term(NAME)))
        gone(done.data, "white on white")
        assert done.report.rebuilt == (1, 2)

    def test_annotations_fields_scripts_files_bookmarks_and_properties_are_removed(self) -> None:
        def change(file: pikepdf.Pdf) -> None:
            file.docinfo["/Author"] = f"{NAME}起草"
            with file.open_metadata() as xmp:
                xmp["dc:creator"] = [f"{NAME}起草"]
            file.attachments["秘密.txt"] = pikepdf.AttachedFileSpec(file, b"secret attachment " + NAME.encode())
            file.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert('secret script')")
            with file.open_outline() as outline:
                outline.root.append(pikepdf.OutlineItem(f"{NAME}的材料", 0))
            note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[10, 10, 30, 30], Contents=f"{NAME}的批注")
            link = Dictionary(
                Type=Name.Annot, Subtype=Name.Link, Rect=[10, 40, 30, 60],
                A=Dictionary(S=Name.URI, URI="mailto:secret@example.com"),
            )  # fmt: skip
            widget = Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="name", V=NAME, Rect=[10, 70, 90, 90]
            )
            file.pages[1].obj.Annots = Array([file.make_indirect(one) for one in (note, link, widget)])
            file.Root.AcroForm = Dictionary(Fields=Array([file.pages[1].obj.Annots[2]]))
            file.pages[1].obj.PieceInfo = Dictionary(App=Dictionary(Private="secret private"))

        done = redact(order(changed(pdf(LETTER), change), term(NUMBER)))
        gone(
            done.data,
            NUMBER,
            "secret attachment",
            "secret script",
            "secret@example.com",
            "secret private",
            "起草",
            "批注",
        )
        kinds = {one.what.rpartition(".")[2] for one in done.report.removed}
        assert {"annotations", "forms", "attachments", "scripts", "properties", "outline"} <= kinds
        assert NAME in text_of(done.data)  # not marked, and printed on the page
        with pikepdf.open(BytesIO(done.data)) as file:
            assert set(file.Root.keys()) == {"/Type", "/Pages", "/Lang"}
            assert "/Info" not in file.trailer

    def test_seal_that_is_an_annotation_stays_to_be_seen(self) -> None:
        def change(file: pikepdf.Pdf) -> None:
            look = Stream(file, b"1 0 0 rg 0 0 100 100 re f")
            look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 100, 100])
            stamp = Dictionary(
                Type=Name.Annot, Subtype=Name.Stamp, Rect=[300, 300, 400, 400], F=4, AP=Dictionary(N=look), Contents=NAME
            )  # fmt: skip
            file.pages[1].obj.Annots = Array([file.make_indirect(stamp)])

        done = redact(order(changed(pdf([["第一页有" + NUMBER], ["第二页"]]), change), term(NUMBER), term(NAME)))
        assert page_picture(done.data, 2).getpixel((350, 842 - 350)) < 120
        gone(done.data, NAME)

    def test_area_covered_by_an_annotation_was_meant_to_be_redacted(self) -> None:
        def change(file: pikepdf.Pdf) -> None:
            box = Dictionary(Type=Name.Annot, Subtype=Name.Redact, Rect=[60, 725, 500, 752])
            file.pages[0].obj.Annots = Array([file.make_indirect(box)])

        done = redact(order(changed(pdf([["保留", "待遮盖的一行", NUMBER]]), change), term(NUMBER)))
        gone(done.data, "待遮盖的一行", NUMBER)

    def test_layer_that_is_off_is_removed(self) -> None:
        def change(file: pikepdf.Pdf) -> None:
            layer = file.make_indirect(Dictionary(Type=Name.OCG, Name="草稿"))
            file.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
            page = file.pages[1]
            page.obj.Resources.Properties = Dictionary(L=layer)
            page.contents_add(b"/OC /L BDC BT /F1 12 Tf 72 400 Td (secret layer) Tj ET EMC", prepend=False)

        done = redact(order(changed(pdf(LETTER), change), term(NAME)))
        gone(done.data, "secret layer", "草稿")
        assert ("redaction.removed.layers", "第2页") in [(one.what, one.where) for one in done.report.removed]

    def test_marked_content_comments_and_pictures_that_are_not_drawn_are_removed(self) -> None:
        def change(file: pikepdf.Pdf) -> None:
            page = file.pages[1]
            page.contents_add(b"/Span <</ActualText (secret actual)>> BDC EMC\n% secret comment\n", prepend=False)
            unused = Stream(file, b"secret form")
            unused.Type, unused.Subtype, unused.BBox = Name.XObject, Name.Form, Array([0, 0, 1, 1])
            page.obj.Resources.XObject = Dictionary(Unused=unused)

        done = redact(order(changed(pdf(LETTER), change), term(NAME)))
        assert done.report.rebuilt == (1,)
        gone(done.data, "secret actual", "secret comment", "secret form")

    def test_notes_of_cameras_in_pictures_are_removed(self) -> None:
        target = BytesIO()
        exif = Image.Exif()
        exif[0x010E] = "secret camera note"
        picture().save(target, "JPEG", exif=exif)

        def change(file: pikepdf.Pdf) -> None:
            image = Stream(file, target.getvalue())
            image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 300, 200
            image.ColorSpace, image.BitsPerComponent, image.Filter = Name.DeviceRGB, 8, Name.DCTDecode
            file.pages[1].obj.Resources.XObject = Dictionary(Im=image)
            file.pages[1].contents_add(b"q 300 0 0 200 100 300 cm /Im Do Q", prepend=False)

        done = redact(order(changed(pdf(LETTER), change), term(NAME)))
        assert done.report.rebuilt == (1,)
        assert b"secret camera note" not in everything(done.data)
        assert page_picture(done.data, 2).getpixel((250, 842 - 400)) < 200

    def test_earlier_versions_inside_the_file_are_removed(self) -> None:
        first = pdf([["旧稿：" + NAME], ["第二页"]])
        second = changed(pdf([["新稿", NUMBER], ["第二页"]]), lambda file: None)
        done = redact(order(second + b"\n% " + NAME.encode() + first[-200:-6] + b"\n%%EOF\n", term(NUMBER)))
        gone(done.data, NAME, NUMBER)
        assert done.data.count(b"%%EOF") == 1

    @pytest.mark.skipif(not DEJAVU.exists(), reason="the font DejaVu Sans is not installed")
    def test_fonts_do_not_tell_signs_that_stood_in_the_removed_text_only(self) -> None:
        data = embedded_pdf([["Paid to Zyx Qvw", "on time"], ["Paid in time"]], str(DEJAVU))
        done = redact(order(data, term("Zyx Qvw")))
        assert done.report.rebuilt == (1, 2)
        assert b"005A" not in everything(done.data).upper().replace(b"<", b" ")
        kept = redact(order(embedded_pdf([["Paid in time"], ["Paid time"]], str(DEJAVU)), term("in")))
        assert kept.report.rebuilt[0] == 1


class TestAgain:
    def test_result_can_be_redacted_once_more(self) -> None:
        first = redact(order(pdf(LETTER), term(NAME)))
        again = redact(order(first.data, term(NUMBER), recognize=False, seen_pages=frozenset({1})))
        gone(again.data, NAME, NUMBER)
        assert "经查，道路已修复。" in text_of(again.data)


class TestScans:
    def test_without_recognition_somebody_has_to_have_looked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = scan(["anything"], str(DEJAVU)) if DEJAVU.exists() else pytest.skip("DejaVu Sans is not installed")
        with pytest.raises(Refused) as refused:
            redact(order(data, term(NAME), region(1, 0.1, 0.1, 0.5, 0.2), recognize=False))
        assert codes(refused) == ["redaction.scan_unread"] and "第 1 页" in str(refused.value)
        marks = (term(NAME), region(1, 0.1, 0.08, 0.9, 0.12))
        done = redact(order(data, *marks, recognize=False, seen_pages=frozenset({1})))
        assert page_picture(done.data).crop((70, 80, 500, 90)).getextrema() == (0, 0)

    @pytest.mark.skipif(not NOTO.exists(), reason="Noto Sans CJK is not installed")
    def test_with_recognition_words_are_found_and_the_result_is_read_again(self) -> None:
        pytest.importorskip("rapidocr_onnxruntime")
        data = scan(["关于道路修复的答复", f"身份证号码：{NUMBER}", "道路已经修复完毕"], str(NOTO))
        done = redact(order(data, term(NUMBER)))
        assert "redaction.checked.ocr" in done.report.checks
        assert done.report.removed[-1].where == "第1页"
        from gongkai.kernel.redaction.pdf_scan import still_read

        seen = page_picture(done.data, 1, 150).convert("RGB")
        assert still_read(seen, [(0, NUMBER), (1, "道路已经修复完毕")]) == [1]


class TestCheckOfTheResult:
    def test_nothing_is_given_out_when_text_is_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module._Page, "kept_signs", lambda page: list(page.signs.signs))
        with pytest.raises(Refused) as refused:
            redact(order(pdf(LETTER), term(NAME), term(NUMBER)))
        assert set(codes(refused)) == {"redaction.check.text"}
        assert "另一种读取程序仍能读到第 1 处" in str(refused.value) and NAME not in str(refused.value)

    def test_nothing_is_given_out_when_a_place_is_not_black(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "blackened", lambda drawn, boxes: drawn)
        with pytest.raises(Refused) as refused:
            redact(order(pdf(LETTER), term(NAME)))
        assert codes(refused) == ["redaction.check.region"]

    def test_nothing_is_given_out_when_a_page_is_taken_over_as_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def change(file: pikepdf.Pdf) -> None:
            file.pages[1].obj.PieceInfo = Dictionary(App=Dictionary(Private=NAME))

        monkeypatch.setattr(module.Cleaner, "clean", lambda self, page: None)
        with pytest.raises(Refused) as refused:
            redact(order(changed(pdf(LETTER), change), term(NAME)))
        assert {"redaction.check.bytes", "redaction.check.part"} <= set(codes(refused))


class TestRefusals:
    def test_all_problems_of_the_marks_at_once(self) -> None:
        with pytest.raises(Refused) as refused:
            redact(order(pdf([["一页"]]), term("王"), region(3, 0, 0, 2, 1)))
        assert codes(refused) == ["redaction.term_length", "redaction.page_unknown", "redaction.region_bounds"]

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "document.empty"),
            (b"%PDF-1.7\nnonsense", "document.damaged"),
            ("只是文字".encode(), "redaction.kind"),
        ],
        ids=["empty", "damaged", "text"],
    )
    def test_files_that_cannot_be_read(self, data: bytes, code: str) -> None:
        with pytest.raises(Refused) as refused:
            redact(order(data, term(NAME)))
        assert codes(refused) == [code]

    def test_file_with_a_password(self) -> None:
        target = BytesIO()
        with pikepdf.open(BytesIO(pdf(LETTER))) as file:
            file.save(target, encryption=pikepdf.Encryption(owner="a", user="b"))
        with pytest.raises(Refused) as refused:
            redact(order(target.getvalue(), term(NAME)))
        assert codes(refused) == ["document.encrypted"]

    def test_file_that_may_be_read_but_not_changed_is_redacted(self) -> None:
        target = BytesIO()
        with pikepdf.open(BytesIO(pdf(LETTER))) as file:
            file.save(target, encryption=pikepdf.Encryption(owner="a", user=""))
        done = redact(order(target.getvalue(), term(NAME)))
        gone(done.data, NAME)
        assert "经查" in text_of(done.data)

    def test_more_pages_than_one_go_takes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "MOST_PAGES", 1)
        with pytest.raises(Refused) as refused:
            redact(order(pdf(LETTER), term(NAME)))
        assert codes(refused) == ["redaction.too_many_pages"]


class TestApart:
    def test_does_the_same_in_a_process_of_its_own(self) -> None:
        asked = order(pdf(LETTER), term(NAME))
        assert redact_apart(asked).data == redact(asked).data

    def test_hands_back_every_reason(self) -> None:
        with pytest.raises(Refused) as refused:
            redact_apart(order(pdf(LETTER), term("王"), term("李")))
        assert codes(refused) == ["redaction.term_length"] * 2

    def test_says_so_when_it_takes_too_long(self) -> None:
        with pytest.raises(Refused) as refused:
            redact_apart(order(pdf(LETTER * 20), term(NAME)), seconds=0.05)
        assert codes(refused)[0] in ("redaction.too_slow", "redaction.failed")

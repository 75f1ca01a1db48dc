"""The gate and the live check with 50 000 words of an office: compiling them, a check while typing, a whole run.

Runs on the embedded server of the test settings in a scratch database, dropped at the end::

    python -m benchmarks.gate [--words 50000] [--rounds 100]

The live check is a whole request (session, JSON in and out) with a text of 10 000 characters; aim 150 ms. The item of the
gate has 20 pages of 600 characters and three attachments: DOCX of 20 pages, XLSX of 2 000 rows with a hidden sheet, PDF
of 20 pages; its first run looks through the attachments, later ones read what was kept. The last lines are about
signatures of near duplicates.
"""

from __future__ import annotations

import argparse
import io
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks.content import text_of, words_of
from benchmarks.ledger import scratch_database

TODAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
PAGES, PAGE = 20, 600
LIVE = 10_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    words = words_of(options.words)
    with scratch_database(keep=False), tempfile.TemporaryDirectory() as folder:
        from django.conf import settings

        settings.FILES_DIR = Path(folder) / "files"
        settings.HOME = Path(folder)
        measure_lexicon(words)
        person, unit = people()
        measure_live(person, unit, words, options.rounds)
        measure_gate(person, unit, words, options.rounds)
    measure_similarity(words)


def measure_lexicon(words: list[str]) -> None:
    """Take in the words, compile them, load what was compiled, and ask again."""
    from gongkai.kernel.accounts.actor import Actor
    from gongkai.kernel.wordlists.selectors import content_rules, forget_rules
    from gongkai.kernel.wordlists.services import words_import

    data = "\n".join(f"{word} => {word[::-1]}" for word in words).encode()
    actor = Actor.system("测量")
    report, taken = timed(lambda: words_import(actor=actor, data=data, name="words.txt", now=NOW))
    forget_rules()
    _, compiled = timed(lambda: content_rules(on=TODAY))
    forget_rules()
    _, loaded = timed(lambda: content_rules(on=TODAY))
    again = [timed(lambda: content_rules(on=TODAY))[1] for _ in range(50)]
    print(f"{report.added} words of an office ({report.unchanged + report.refused_rows} of {len(words)} not taken)")
    print(f"  taken in from a file                        {taken:9.2f} s")
    print(f"  first check in the installation (compiles)  {compiled:9.2f} s")
    print(f"  first check in another process (loads)      {loaded:9.2f} s")
    print(f"  asking for the rules afterwards             {statistics.median(again) * 1000:9.2f} ms")


def people() -> tuple[Any, Any]:
    """Make a unit and a drafter in it."""
    from django.contrib.auth.models import Group

    from gongkai.kernel.accounts.actor import Actor
    from gongkai.kernel.accounts.models import Post, User
    from gongkai.kernel.accounts.roles import Role
    from gongkai.kernel.orgs.services import NewUnit, unit_create

    system = Actor.system("测量")
    top = unit_create(actor=system, new=NewUnit(kind="government", name="青溪县人民政府", parent_id=None), now=NOW)
    unit = unit_create(actor=system, new=NewUnit(kind="department", name="青溪县财政局", parent_id=top.pk), now=NOW)
    person = User.objects.create_user("drafter", password="p", display_name="拟稿人")
    person.groups.add(Group.objects.get(name="工作人员"))
    Post.objects.create(user=person, unit=unit, role=Role.DRAFTER, from_on=date(2020, 1, 1), granted_at=NOW)
    return person, unit


def measure_live(person: Any, unit: Any, words: list[str], rounds: int) -> None:
    """Post a text again and again, a letter more each time, as an editor does."""
    from django.test import Client
    from django.urls import reverse

    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    text, url = text_of(LIVE - rounds, words), reverse("disclosure:staff:check")
    times, inside, found = [], [], 0
    for number in range(rounds):
        fields = [{"key": "body", "label": "正文", "text": text + "字" * number}]
        response, seconds = timed(
            lambda fields=fields: client.post(url, {"fields": fields, "unit": unit.pk}, content_type="application/json")
        )
        times.append(seconds * 1000)
        inside.append(response.json()["ms"])
        found = sum(response.json()["counts"].values())
    print(f"live check, {LIVE} characters, {len(words)} words, {found} findings, {rounds} requests")
    print(f"  whole request     p50 {quantile(times, 50):7.1f} ms   p95 {quantile(times, 95):7.1f} ms")
    print(f"  the check itself  p50 {quantile(inside, 50):7.1f} ms   p95 {quantile(inside, 95):7.1f} ms")


def measure_gate(person: Any, unit: Any, words: list[str], rounds: int) -> None:
    """Run the gate over an item of twenty pages with attachments, the first time and again."""
    from gongkai.domain.items import AttachmentRef, ItemContent, UnitRef
    from gongkai.features.disclosure.models import FileCheck, Item, Revision
    from gongkai.features.disclosure.services.gate import gate_run
    from gongkai.kernel.accounts.actor import Actor
    from gongkai.kernel.accounts.selectors import actor_get
    from gongkai.kernel.files.services import file_store

    text = text_of(PAGES * PAGE, words)
    system = Actor.system("测量")
    files = []
    for name, data in attachments(text):
        file = file_store(actor=system, upload=data, name=name, now=NOW)
        files.append(AttachmentRef(file.pk, file.sha256, file.name, file.size, file.media_type))
    blocks = [
        {"id": f"p{n}", "type": "paragraph", "value": f"<p>{line}</p>"}
        for n, line in enumerate(text.split("\n"))
        if line
    ]
    said = ItemContent(
        kind="notice",
        title="关于做好二十页工作的通知",
        body=tuple(blocks),
        issuer=UnitRef(unit.pk, unit.name),
        doc_no="青财字〔2026〕1号",
        written_on=TODAY,
        issued_on=TODAY,
        attribute="proactive",
        grounds=("art19",),
        attachments=tuple(files),
    )
    fields = {"unit": unit, "kind": "notice", "title": said.title, "created_at": NOW, "changed_at": NOW}
    item = Item.objects.create(
        **fields, attribute="proactive", grounds=["art19"], attribute_decided_at=NOW, created_by=person
    )
    revision = Revision.objects.create(
        item=item, number=1, content=said.as_data(), digest=said.digest(), text=said.plain_text(), created_at=NOW
    )
    Item.objects.filter(pk=item.pk).update(head=revision)
    actor = actor_get(user=person, today=TODAY)
    first, again = [], []
    for _ in range(max(3, rounds // 20)):
        FileCheck.objects.all().delete()
        run, seconds = timed(lambda: gate_run(actor=actor, item_id=item.pk, now=NOW))
        first.append(seconds * 1000)
    for _ in range(max(5, rounds // 4)):
        run, seconds = timed(lambda: gate_run(actor=actor, item_id=item.pk, now=NOW))
        again.append(seconds * 1000)
    sizes = ", ".join(f"{file.name} {file.size // 1024} KB" for file in files)
    print(f"gate, {PAGES} pages of {PAGE} characters, {len(blocks)} blocks; {sizes}; {len(run.issues)} issues")
    print(f"  attachments looked through  p50 {quantile(first, 50):7.0f} ms   p95 {quantile(first, 95):7.0f} ms")
    print(f"  attachments kept            p50 {quantile(again, 50):7.0f} ms   p95 {quantile(again, 95):7.0f} ms")


def attachments(text: str) -> list[tuple[str, bytes]]:
    """Make the three files."""
    import docx
    import openpyxl
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    word = docx.Document()
    for line in text.split("\n"):
        word.add_paragraph(line)
    words = io.BytesIO()
    word.save(words)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "户主姓名", "乡镇", "村组", "金额"])
    for number in range(2_000):
        sheet.append([number + 1, f"张某{number % 97}", "东湾镇", f"第{number % 12 + 1}组", 300 + number % 50])
    hidden = book.create_sheet("原始数据")
    hidden.sheet_state = "hidden"
    hidden.append(["姓名", "身份证号"])
    hidden.append(["张某", "11010519491231002X"])
    cells = io.BytesIO()
    book.save(cells)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    pages = io.BytesIO()
    page = canvas.Canvas(pages)
    plain = text.replace("\n", "")
    for start in range(0, PAGES * PAGE, PAGE):
        page.setFont("STSong-Light", 12)
        for row, at in enumerate(range(start, start + PAGE, 30)):
            page.drawString(60, 760 - 30 * row, plain[at : at + 30])
        page.showPage()
    page.save()
    return [("正文.docx", words.getvalue()), ("名单.xlsx", cells.getvalue()), ("附表.pdf", pages.getvalue())]


def measure_similarity(words: list[str]) -> None:
    """Make signatures of long texts and compare them."""
    from gongkai.domain.similarity import band_keys, overlap, signature, similarity

    texts = [text_of(PAGES * PAGE, words, seed=seed) for seed in range(20)]
    marks, making = timed(lambda: [signature(text) for text in texts])
    _, keys = timed(lambda: [band_keys(mark) for mark in marks])
    _, comparing = timed(lambda: [similarity(a, b) for a in marks for b in marks])
    off = [abs(similarity(marks[0], marks[n]) - overlap(texts[0], texts[n])) for n in range(1, 20)]
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(f"near duplicates, {len(texts)} texts of {PAGES * PAGE} characters")
    print(
        f"  signature {making / len(texts) * 1000:6.2f} ms a text ({size / making:.1f} MB/s)   keys {keys / len(texts) * 1e6:5.0f} µs"
    )
    print(
        f"  comparing {comparing / len(texts) ** 2 * 1e6:6.1f} µs a pair, off by {statistics.mean(off):.3f} on average, {max(off):.3f} at most"
    )


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what came of it and how long it took, in seconds."""
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started


def quantile(values: list[float], percent: int) -> float:
    """Return a percentile of the measured values."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, round(percent / 100 * (len(ranked) - 1)))]


if __name__ == "__main__":
    main()

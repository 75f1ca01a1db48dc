"""Importing many documents as drafts: files a minute of one batch, read, proposed, checked and written.

Runs on the embedded server of the test settings in a scratch database of its own, which is dropped at the end::

    python -m benchmarks.imports [--files 2000] [--docx 30] [--html 0] [--pdf 0] [--readers 2] [--keep]

The files are made for the run: a share of DOCX, HTML and PDF (percent), the rest plain text, each a notice of about 1 500
characters with number, issuing unit and date, no two alike. Measured is the whole work from the listed archive
to the last row: unpacking, reading, proposing fields, duplicates, bytes to the disk, items, revisions, attachments, audit
entries; database included. ``--readers`` processes read (0: the batch's own process does), one writes; ``--workers`` runs
so many batches at once. Told apart are the processor time of the process that writes, of those that read, and of the
database's own process, because time by the clock means little on a machine that is busy with other things.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import resource
import tempfile
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")

NOW = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
SENTENCE = "各单位要按照职责分工，认真组织实施，按期报送进展情况，发现问题及时整改，重要情况随时报告。"


def lines(number: int) -> list[str]:
    """A notice of its own."""
    body = [f"{n}.第{number}号文件的第{n}项要求。{SENTENCE}" for n in range(1, 25)]
    return [
        "测试县财政局文件",
        f"测财字〔2026〕{number}号",
        f"测试县财政局关于做好第{number}项工作的通知",
        "各乡镇人民政府，县政府各部门：",
        *body,
        "测试县财政局",
        f"2026年{number % 5 + 1}月{number % 28 + 1}日",
        "（此件主动公开）",
    ]


def page(number: int) -> bytes:
    """The notice as a page of a web site."""
    head, *rest = lines(number)
    text = "".join(f"<p>{line}</p>" for line in rest)
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body><p>{head}</p>{text}</body></html>".encode()


def paper(number: int) -> bytes:
    """The notice as a PDF file of one page."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    target = io.BytesIO()
    sheet = canvas.Canvas(target, pagesize=A4)
    sheet.setFont("STSong-Light", 9)
    for row, line in enumerate(lines(number)):
        sheet.drawString(40, 800 - 22 * row, line)
    sheet.save()
    return target.getvalue()


def archive(files: int, docx_percent: int, start: int, html_percent: int = 0, pdf_percent: int = 0) -> Path:
    """Write the archive; the formats alternate by their share."""
    import docx

    place = Path(tempfile.mkstemp(suffix=".zip")[1])
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for number in range(start + 1, start + files + 1):
            if number % 100 < docx_percent:
                document = docx.Document()
                for line in lines(number):
                    document.add_paragraph(line)
                target = io.BytesIO()
                document.save(target)
                out.writestr(f"{number // 1000}/{number}.docx", target.getvalue())
            elif number % 100 < docx_percent + html_percent:
                out.writestr(f"{number // 1000}/{number}.html", page(number))
            elif number % 100 < docx_percent + html_percent + pdf_percent:
                out.writestr(f"{number // 1000}/{number}.pdf", paper(number))
            else:
                out.writestr(f"{number // 1000}/{number}.txt", "\n".join(lines(number)))
    return place


def backend_seconds(pid: int) -> float:
    """Return the processor time of the database's process for a connection, where the system tells it."""
    place = Path(f"/proc/{pid}/stat")
    if not place.exists():
        return 0.0
    fields = place.read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def work(batch_id: int, database: str, folder: str, readers: int) -> None:
    """Work one batch off and print what it took of the processor."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from gongkai.features.disclosure.services.imports import ImportSession

    settings.FILES_DIR, settings.IMPORT_READERS = Path(folder), readers
    connection.settings_dict["NAME"] = database
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    own, reading, base = time.process_time(), children_seconds(), backend_seconds(pid)
    with ImportSession(batch_id) as session:
        while session.step(now=NOW):
            pass
    own, reading, base = time.process_time() - own, children_seconds() - reading, backend_seconds(pid) - base
    print(f"processor: {own:.1f} s writing, {reading:.1f} s reading (0: in writing), {base:.1f} s database")


def children_seconds() -> float:
    """Return the processor time of processes of ours that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure and print."""
    from benchmarks import ledger

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--docx", type=int, default=30, help="percent of DOCX")
    parser.add_argument("--html", type=int, default=0, help="percent of HTML")
    parser.add_argument("--pdf", type=int, default=0, help="percent of PDF")
    parser.add_argument("--readers", type=int, default=os.cpu_count() or 1, help="processes that read")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    ledger.DATABASE = "gongkai_bench_imports"
    with ledger.scratch_database(arguments.keep), tempfile.TemporaryDirectory() as folder:
        from django.conf import settings
        from django.db import connection

        from gongkai.features.disclosure.models import ImportRow, Item
        from gongkai.features.disclosure.services.columns import directory_ensure
        from gongkai.features.disclosure.services.imports import import_request
        from gongkai.kernel.accounts.actor import Actor
        from gongkai.kernel.orgs.services import NewUnit, unit_create

        settings.FILES_DIR = Path(folder)
        actor = Actor.system("压测")
        directory_ensure(actor=actor, now=NOW)
        top = unit_create(
            actor=actor,
            new=NewUnit(kind="government", name="测试县人民政府", parent_id=None, division_code="360798"),
            now=NOW,
        )
        unit = unit_create(actor=actor, new=NewUnit(kind="department", name="测试县财政局", parent_id=top.pk), now=NOW)
        batches = []
        for worker in range(arguments.workers):
            place = archive(arguments.files, arguments.docx, worker * arguments.files, arguments.html, arguments.pdf)
            with place.open("rb") as source:
                batch = import_request(
                    actor=actor,
                    unit_id=unit.pk,
                    kind="notice",
                    archive=source,
                    name=f"压测{worker}",
                    background=False,
                    now=NOW,
                )
            place.unlink()
            batches.append(batch.pk)
        name = str(connection.settings_dict["NAME"])
        begin = time.perf_counter()
        if arguments.workers == 1:
            work(batches[0], name, folder, arguments.readers)
        else:
            connection.close()
            context = multiprocessing.get_context("spawn")
            running = [context.Process(target=work, args=(pk, name, folder, arguments.readers)) for pk in batches]
            for process in running:
                process.start()
            for process in running:
                process.join()
        took = time.perf_counter() - begin
        done = ImportRow.objects.filter(state="done").count()
        shares = f"{arguments.docx} % DOCX, {arguments.html} % HTML, {arguments.pdf} % PDF"
        print(f"{done} of {arguments.files * arguments.workers} files, {shares}, {arguments.workers} worker(s)")
        print(f"items: {Item.objects.count()}; {took:.1f} s; load {os.getloadavg()[0]:.1f}")
        print(f"files a minute: {done / took * 60:,.0f}; a file: {took / max(done, 1) * 1000:.1f} ms")


if __name__ == "__main__":
    main()

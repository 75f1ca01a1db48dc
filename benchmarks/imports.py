"""Importing many documents as drafts: files a minute of one worker, read, proposed, checked and written.

Runs on the embedded server of the test settings in a scratch database of its own, which is dropped at the end::

    python -m benchmarks.imports [--files 2000] [--docx 30] [--keep]

The files are made for the run: a share of DOCX (``--docx`` percent), the rest plain text, each a notice of about 1 500
characters with number, issuing unit and date, no two alike. Measured is the whole work of one process from the listed
archive to the last row: unpacking, reading, proposing fields, duplicates, bytes to the disk, items, revisions,
attachments, audit entries; database included. ``--workers`` runs so many batches at once, each in a process of its own.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
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


def archive(files: int, docx_percent: int, start: int) -> Path:
    """Write the archive; DOCX and text alternate by their share."""
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
            else:
                out.writestr(f"{number // 1000}/{number}.txt", "\n".join(lines(number)))
    return place


def work(batch_id: int, database: str, folder: str) -> None:
    """Work one batch off in a process of its own."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from gongkai.features.disclosure.services.imports import ImportSession

    settings.FILES_DIR = Path(folder)
    connection.settings_dict["NAME"] = database
    with ImportSession(batch_id) as session:
        while session.step(now=NOW):
            pass


def main() -> None:
    """Measure and print."""
    from benchmarks import ledger

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--docx", type=int, default=30, help="percent of DOCX")
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
        unit = unit_create(
            actor=actor, new=NewUnit(kind="department", name="测试县财政局", parent_id=top.pk), now=NOW
        )
        batches = []
        for worker in range(arguments.workers):
            place = archive(arguments.files, arguments.docx, worker * arguments.files)
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
        begin, used = time.perf_counter(), time.process_time()
        if arguments.workers == 1:
            work(batches[0], name, folder)
        else:
            connection.close()
            context = multiprocessing.get_context("spawn")
            running = [context.Process(target=work, args=(pk, name, folder)) for pk in batches]
            for process in running:
                process.start()
            for process in running:
                process.join()
        took, cpu = time.perf_counter() - begin, time.process_time() - used
        done = ImportRow.objects.filter(state="done").count()
        print(f"{done} of {arguments.files * arguments.workers} files, {arguments.docx} % DOCX, {arguments.workers} worker(s)")
        print(f"items: {Item.objects.count()}; {took:.1f} s, of one process {cpu:.1f} s of processor")
        print(f"files a minute: {done / took * 60:,.0f}; a file: {took / max(done, 1) * 1000:.1f} ms")


if __name__ == "__main__":
    main()

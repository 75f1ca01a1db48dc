"""Reading the files of an import in processes of their own, a chunk ahead of what is written."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import CancelledError, Future
from pathlib import PurePosixPath

from gongkai.domain.issues import Issue
from gongkai.features.disclosure.import_files import FileRead, FileTask, close_archive, read_file
from gongkai.features.disclosure.models import ImportRow
from gongkai.features.disclosure.services.import_rows import Desk, Prepared, Source, row_prepare, row_tasks
from gongkai.kernel.documents.bundles import Bundle
from gongkai.kernel.files.staging import drop, settle
from gongkai.kernel.files.storage import refused_by_disk
from gongkai.kernel.reading import ReaderStopped, ReadingPool
from gongkai.rulebook.messages import describe

logger = logging.getLogger(__name__)

Chunk = list[tuple[ImportRow, list[tuple[str, Future[FileRead]]]]]


class Readings:
    """The files of a batch; used with ``with``. What is read and never written leaves nothing behind."""

    def __init__(self, *, source: Source, bundle: Bundle | None, size: int) -> None:
        self._source, self._bundle = source, bundle
        self._pool = ReadingPool(read_file, size=size)
        self._begun: Chunk = []
        self.ahead = size > 0
        """Whether a chunk is read while another is written."""

    def __enter__(self) -> Readings:
        """Return the readings; no process is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes and delete what was read ahead."""
        self._pool.__exit__(None, None, None)
        close_archive()
        for _, files in self._begun:
            _forget(future for _, future in files)

    def begin(self, rows: Sequence[ImportRow]) -> Chunk:
        """Have the files of rows read."""
        begun: Chunk = []
        for row in rows:
            files: list[tuple[str, Future[FileRead]]] = []
            for task in row_tasks(row, bundle=self._bundle, source=self._source):
                if isinstance(task, FileTask):
                    files.append((PurePosixPath(task.path).name, self._pool.submit(task)))
                else:
                    known: Future[FileRead] = Future()
                    known.set_result(FileRead(issues=(describe(task),)))
                    files.append(("", known))
            begun.append((row, files))
        self._begun += begun
        return begun

    def finish(self, begun: Chunk, *, desk: Desk) -> list[Prepared]:
        """Wait until the rows are read, check their drafts, and bring the files of the sound ones to the disk."""
        prepared = [
            row_prepare(row, files=[_read(future, name=name) for name, future in files], desk=desk)
            for row, files in begun
        ]
        for one in prepared:
            if one.issues:
                for staged, _ in one.staged:
                    drop(staged)
        sound = [one for one in prepared if not one.issues]
        faults = settle((staged for one in sound for staged, _ in one.staged), root=self._source.store)
        for one in sound if faults else ():
            one.issues += [
                describe(refused_by_disk(faults[staged.sha256], name=name))
                for staged, name in one.staged
                if staged.sha256 in faults
            ]
        done = {row.pk for row, _ in begun}
        self._begun = [one for one in self._begun if one[0].pk not in done]
        return prepared


def _read(future: Future[FileRead], *, name: str) -> FileRead:
    """Return what was read; a file that could not be brought to its end is told like any other that is refused."""
    try:
        return future.result()
    except ReaderStopped as stopped:
        logger.warning("a file of an import could not be read: %s", stopped)
        code = "intake.row.too_slow" if stopped.slow else "intake.row.reader_stopped"
    except Exception:
        logger.exception("a file of an import could not be read")
        code = "intake.row.reader_stopped"
    return FileRead(issues=(describe(Issue(code, field="file", values={"name": name})),))


def _forget(futures: Iterable[Future[FileRead]]) -> None:
    for future in futures:
        try:
            read = future.result(timeout=0)
        except (CancelledError, TimeoutError, Exception):
            continue
        if read.staged is not None:
            drop(read.staged)

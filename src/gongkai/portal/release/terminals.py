"""Pages for terminals and sheets as parts of the release: which there are, and their files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import gongkai
from gongkai.domain.release import ALL, Kind, Part, file_of, index_numbers, url_of
from gongkai.features.disclosure.selectors import directory
from gongkai.kernel.orgs.public.pages import unit_ids
from gongkai.portal.pages.selectors import site_hosts
from gongkai.portal.release.rendering import Files
from gongkai.portal.release.shared import Moment
from gongkai.portal.terminals.pages import PAGES, READ, TEMPLATES, terminal_context
from gongkai.portal.terminals.sheets import column_sheet, unit_sheet

WORKER_FILE = Path(gongkai.__file__).parent / "portal" / "static" / "portal" / "kiosk-worker.js"


def terminal_files(part: Part, moment: Moment) -> Files:
    """Return the file of a page for terminals, a sheet, or their worker; none where there is no such page."""
    if part.kind is Kind.WORKER:
        return {file_of(part): WORKER_FILE.read_bytes()}
    if part.kind is Kind.SHEET:
        space, _, key = part.key.partition("/")
        if space == "units":
            shown = unit_sheet(unit_id=int(key), on=moment.on)
        else:
            shown = column_sheet(code=key, columns=moment.columns_by_code, on=moment.on)
        return {} if shown is None else {file_of(part): moment.page(*shown, url=url_of(part))}
    rows = moment.rows(moment.items_at(ALL, index_numbers(moment.state(ALL).count))) if part.key == READ else ()
    context = terminal_context(part.key, columns=moment.columns, rows=rows, on=moment.on)
    return {} if context is None else {file_of(part): moment.page(TEMPLATES[part.key], context, url=url_of(part))}


def host_files() -> Files:
    """Return which host name leads to which folder of the release, for whoever serves it."""
    hosts = json.dumps(site_hosts(), ensure_ascii=False, indent=1, sort_keys=True)
    return {file_of(Part(Kind.HOSTS)): f"{hosts}\n".encode()}


def terminal_parts(*, on: date) -> list[Part]:
    """Return every page for terminals, their worker and every sheet."""
    return [Part(Kind.WORKER), *unit_terminal_parts(on=on)]


def unit_terminal_parts(*, on: date) -> list[Part]:
    """Return those that name units, or periods of the law that holds on the day: all sheets, and the pages on which they stand."""
    units = [Part(Kind.SHEET, f"units/{unit_id}") for unit_id in unit_ids(on=on)]
    columns = [Part(Kind.SHEET, f"columns/{column.code}") for column in directory.walk(directory.column_tree())]
    return [*units, *columns, *(Part(Kind.KIOSK, key) for key in PAGES)]

"""Imports of many documents: how far they are, what became of each row, the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from gongkai.domain.intake.sheet import COLUMNS
from gongkai.domain.issues import Issue
from gongkai.features.disclosure import intake_permissions
from gongkai.features.disclosure.models import ImportBatch, ImportRow
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.documents import Sheet, write_table_xlsx, write_workbook_xlsx
from gongkai.kernel.errors import Refused
from gongkai.rulebook.disclosure import disclosure_rules

PAGE = 50
UNDER_WAY = (ImportBatch.State.WAITING, ImportBatch.State.READING, ImportBatch.State.RUNNING)


class BatchNotFound(Refused):
    """There is no such import, or the actor may not know of it; views answer 404."""

    def __init__(self, batch_id: object) -> None:
        super().__init__(Issue("intake.batch.not_found", values={"batch": batch_id}))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: rows by what became of them."""

    total: int
    done: int
    duplicate: int
    failed: int

    @property
    def handled(self) -> int:
        """Rows that need no more work."""
        return self.done + self.duplicate + self.failed

    @property
    def percent(self) -> int:
        """Share of the rows that need no more work; 100 only when all of them do."""
        return 100 * self.handled // self.total if self.total else 0


def visible_batches(actor: Actor) -> QuerySet[ImportBatch]:
    """Return the imports the actor may see: own ones, and those of units whose disclosure office the actor is in."""
    rows = ImportBatch.objects.select_related("unit", "archive", "sheet", "created_by")
    if actor.is_system:
        return rows
    able = [unit_id for unit_id in actor.unit_ids if intake_permissions.can_take_in(actor, unit_id)]
    own = Q(created_by_id=actor.user_id) if actor.user_id is not None else Q(pk__in=())
    return rows.filter(own | Q(unit_id__in=intake_permissions.office_unit_ids(actor)), unit_id__in=able)


def batch_get(*, actor: Actor, batch_id: int) -> ImportBatch:
    """Return one import; raises BatchNotFound, also for what is hidden."""
    batch = visible_batches(actor).filter(pk=batch_id).first()
    if batch is None:
        raise BatchNotFound(batch_id)
    return batch


def batch_list(*, actor: Actor, page: int = 1) -> Page[ImportBatch]:
    """Return a page of imports, newest first, each with ``handled`` (rows that need no more work)."""
    rows = visible_batches(actor).annotate(handled=Count("rows", filter=~Q(rows__state=ImportRow.State.WAITING)))
    return Paginator(rows.order_by("-id"), 20).get_page(page)


def batch_file_readable(actor: Actor, *, batch_id: str) -> bool:
    """Tell whether the actor may read the files of an import."""
    return batch_id.isdecimal() and visible_batches(actor).filter(pk=int(batch_id)).exists()


def batch_progress(*, batch_id: int) -> Progress:
    """Return how far an import is (one query)."""
    counts = dict(ImportRow.objects.filter(batch_id=batch_id).order_by().values_list("state").annotate(n=Count("id")))
    return Progress(
        total=sum(counts.values()),
        done=counts.get(ImportRow.State.DONE, 0),
        duplicate=counts.get(ImportRow.State.DUPLICATE, 0),
        failed=counts.get(ImportRow.State.FAILED, 0),
    )


def row_list(*, actor: Actor, batch_id: int, state: str = "", page: int = 1) -> Page[ImportRow]:
    """Return a page of an import's rows; raises BatchNotFound."""
    batch_get(actor=actor, batch_id=batch_id)
    rows = ImportRow.objects.filter(batch_id=batch_id).order_by("number")
    if state in ImportRow.State.values:
        rows = rows.filter(state=state)
    return Paginator(rows, PAGE).get_page(page)


def batch_report(*, actor: Actor, batch_id: int) -> bytes:
    """Return what became of every row as a spreadsheet; raises BatchNotFound."""
    batch = batch_get(actor=actor, batch_id=batch_id)
    columns = ("行号", "文件", "标题", "结果", "公开信息编号", "说明", "处理时间")
    return write_table_xlsx(
        columns, _report_rows(batch.pk), title=f"{batch.name}：导入结果", widths=(8, 40, 50, 16, 14, 80, 18)
    )


def _report_rows(batch_id: int) -> Iterator[tuple[object, ...]]:
    rows = ImportRow.objects.filter(batch_id=batch_id).order_by("number")
    for row in rows.iterator(chunk_size=2000):
        told = "\n".join(row.issues)
        yield row.number, row.path, row.title, row.get_state_display(), row.item_id, told, row.done_at


def template_xlsx() -> bytes:
    """Return an empty list to be filled in, with an example row and a sheet that explains each column."""
    example = {
        "title": "（示例，导入前请删去本行）关于做好某项工作的通知",
        "doc_no": "某府办字〔2024〕1号",
        "issuer": "某某县人民政府办公室",
        "written_on": "2024年7月19日",
        "kind": "通知",
        "attribute": "主动公开",
        "ground": "第十九条",
        "column": "其他政策文件",
        "keywords": "政务公开、年度工作",
        "path": "2024/某府办字1号.docx；2024/附件1.xlsx",
    }
    rules = disclosure_rules()
    notes = [
        ("标题", "没有填时从文件里识别；没有文件的行必须填。"),
        ("文号、发布机构、成文日期、印发日期", "没有填时从文件里识别。日期写成 2024年7月19日 或 2024-07-19。"),
        ("信息种类", "、".join(kind.name for kind in rules.kinds.values())),
        ("公开属性", "主动公开、依申请公开、不予公开；不填时导入后再确定。"),
        ("公开依据", "条例的条款（如“第二十条第一项”），或依据代码；填了公开属性必须同时填依据，否则属性不生效。"),
        ("理由说明", "依申请公开、不予公开，以及要求说明理由的依据，必须填。"),
        ("栏目", "公开栏目的名称或代码，多个用顿号隔开；不填时按信息种类的默认栏目。"),
        ("主题分类", "主题分类的名称或代码。"),
        ("正文", "有文件时从文件里读；没有文件时填在这里。"),
        ("附件路径", "文件在压缩包或文件夹里的路径，多个用分号隔开；第一个读作正文，全部作为附件。"),
    ]
    return write_workbook_xlsx(
        [
            Sheet(tuple(COLUMNS.values()), [tuple(example.get(key, "") for key in COLUMNS)], name="导入清单"),
            Sheet(("列", "怎么填"), notes, name="填写说明", widths=(34, 90)),
        ]
    )

"""The answers of the API. Each reads publications at this moment; the number of queries does not depend on the page."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from gongkai.domain.issues import Issue
from gongkai.domain.items.validity import Validity
from gongkai.features.disclosure.public import linked
from gongkai.features.disclosure.selectors import directory, public_items, related, validity
from gongkai.features.disclosure.selectors.proofs import publication_proof
from gongkai.features.disclosure.selectors.public_changes import public_changes
from gongkai.features.disclosure.selectors.public_records import public_record_get, public_record_page
from gongkai.kernel.errors import Refused
from gongkai.portal.api import asked, serializers, shapes
from gongkai.portal.api.base import PublicView, answer, error_data
from gongkai.portal.api.dumps import dump_current, dump_folder, dump_readable
from gongkai.portal.api.jsonld import catalog_jsonld
from gongkai.portal.api.shapes import API, whole
from gongkai.rulebook.disclosure import disclosure_rules

JSON_LD = "application/ld+json; charset=utf-8"
MOST, USUAL = 100, 20
MOST_CHANGES, USUAL_CHANGES = 500, 100
MOST_UNIT = 999_999_999
WRONG = OpenApiResponse(serializers.Error, description="参数有误，每一处错误都列出")
MISSING = OpenApiResponse(serializers.Error, description="没有公开过这条信息")
TAKEN_DOWN = OpenApiResponse(serializers.Gone, description="已经撤下，附原因")
OFTEN = OpenApiResponse(serializers.Error, description="请求过于频繁；Retry-After 说明多少秒后再试")


def _query(name: str, description: str, kind: Any = str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description, **more)


class PublicationListView(PublicView):
    """The list of everything that is public."""

    @extend_schema(
        operation_id="publications_list",
        summary="列出公开信息",
        description="现在公开的信息，最近发布（含更正）的在前；用 next 读下一页。",
        parameters=[
            _query("column", "栏目代码，含下级栏目"),
            _query("unit", "发布单位编号", int),
            _query("kind", "信息种类代码", enum=sorted(disclosure_rules().kinds)),
            _query("year", "发布年份", int),
            _query("validity", "有效性", enum=[one.value for one in Validity]),
            _query("q", "标题、文号或索引号中的词，以空格分开；括号、数字用哪种写法都可以"),
            _query("since", "发布日期从（含当日）", OpenApiTypes.DATE),
            _query("until", "发布日期到（含当日）", OpenApiTypes.DATE),
            _query("limit", f"一页多少条，1 至 {MOST}，不给则为 {USUAL}", int),
            _query("cursor", "上一页 next 中的游标"),
        ],
        responses={200: serializers.PublicationPage, 400: WRONG, 429: OFTEN},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Return a page."""
        given = asked.asked(request.query_params, self._known())
        now = timezone.now()
        code = given.get("column", "")
        if code and directory.column_get(code=code) is None:
            raise Refused(Issue("api.parameter.column", field="column", values={"code": code}))
        page = public_record_page(
            filters=_filters(given),
            validity=Validity(given["validity"]) if "validity" in given else None,
            after=given.get("cursor"),
            size=given.get("limit", USUAL),
            at=now,
            on=timezone.localdate(now),
        )
        following = None
        if page.after is not None:
            told = {name: value for name, value in request.query_params.items() if name != "cursor" and value.strip()}
            query = urlencode({**told, "cursor": asked.cursor_of(page.after)})
            following = whole(f"{API}publications/?{query}")
        return answer(request, {"items": [shapes.publication_data(one) for one in page.records], "next": following})

    @staticmethod
    def _known() -> dict[str, asked.Read]:
        return {
            "column": asked.text,
            "unit": asked.number(1, MOST_UNIT),
            "kind": asked.choice(sorted(disclosure_rules().kinds)),
            "year": asked.number(asked.LEAST_YEAR, asked.MOST_YEAR),
            "validity": asked.choice([one.value for one in Validity]),
            "q": asked.text,
            "since": asked.day,
            "until": asked.day,
            "limit": asked.number(1, MOST),
            "cursor": asked.position,
        }


def _filters(given: dict[str, Any]) -> public_items.PublicFilters:
    since, until = given.get("since"), given.get("until")
    if "year" in given:
        first, last = date(given["year"], 1, 1), date(given["year"], 12, 31)
        since, until = max(since or first, first), min(until or last, last)
    return public_items.PublicFilters(
        columns=(given["column"],) if "column" in given else (),
        unit_ids=(given["unit"],) if "unit" in given else (),
        kind=given.get("kind", ""),
        text=given.get("q", ""),
        since=since,
        until=until,
    )


UID = OpenApiParameter("uid", OpenApiTypes.UUID, OpenApiParameter.PATH, description="信息的标识")


class PublicationView(PublicView):
    """One item."""

    @extend_schema(
        operation_id="publications_read",
        summary="读一条公开信息",
        description="全部公开的元数据、文字、附件、更正记录和发布证明。撤下的回答 410，附原因。",
        parameters=[UID],
        responses={200: serializers.PublicationDetail, 404: MISSING, 410: TAKEN_DOWN, 429: OFTEN},
    )
    def get(self, request: Request, uid: UUID) -> HttpResponseBase:
        """Return an item, or what became of it."""
        asked.asked(request.query_params, {})
        now = timezone.now()
        today = timezone.localdate(now)
        item = public_items.public_item_get(uid=uid, at=now)
        if isinstance(item, public_items.Tombstone):
            return _gone(request, item)
        record = public_record_get(item_id=item.item_id, at=now, on=today) if item is not None else None
        if item is None or record is None:
            raise Http404
        data = shapes.detail_data(
            record,
            item=item,
            columns=directory.column_views(codes=record.columns),
            validity=validity.public_validity(item=item, on=today),
            related=related.public_related(item_id=item.item_id, at=now),
            proof=publication_proof(uid=uid, number=item.number),
        )
        return answer(request, data)


class PublicationLinkedDataView(PublicView):
    """One item in the words of schema.org."""

    @extend_schema(
        operation_id="publications_jsonld",
        summary="一条公开信息的 schema.org 元数据",
        description="与网页中的相同，供搜索引擎和数据使用者读取。",
        parameters=[UID],
        responses={
            (200, "application/ld+json"): OpenApiTypes.OBJECT,
            404: MISSING,
            410: TAKEN_DOWN,
            429: OFTEN,
        },
    )
    def get(self, request: Request, uid: UUID) -> HttpResponseBase:
        """Return the metadata of an item."""
        asked.asked(request.query_params, {})
        now = timezone.now()
        item = public_items.public_item_get(uid=uid, at=now)
        if isinstance(item, public_items.Tombstone):
            return _gone(request, item)
        if item is None:
            raise Http404
        data = linked.item_data(
            item,
            columns=directory.column_views(codes=item.content.columns),
            validity=validity.public_validity(item=item, on=timezone.localdate(now)),
        )
        return answer(request, data, media_type=JSON_LD)


def _gone(request: Request, grave: public_items.Tombstone) -> HttpResponseBase:
    data = {**error_data((Issue("api.gone"),)), "tombstone": shapes.tombstone_data(grave)}
    return answer(request, data, status=410)


class UnitListView(PublicView):
    """The units of which something is public."""

    @extend_schema(
        operation_id="units_list",
        summary="列出有公开信息的单位",
        description="现在有公开信息的单位，用现在的名称，按单位目录的次序。",
        responses={200: serializers.UnitList, 400: WRONG, 429: OFTEN},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Return the units in their order."""
        asked.asked(request.query_params, {})
        units = public_items.public_units(at=timezone.now())
        return answer(request, {"items": [shapes.unit_data(unit_id, name) for unit_id, name in units]})


class ColumnListView(PublicView):
    """The columns of the directory."""

    @extend_schema(
        operation_id="columns_list",
        summary="列出公开栏目",
        description="栏目树：上级栏目的 children 是下级栏目。",
        responses={200: serializers.ColumnList, 400: WRONG, 429: OFTEN},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Return the tree."""
        asked.asked(request.query_params, {})
        return answer(request, {"items": [shapes.column_data(one) for one in directory.column_tree()]})


class ChangeListView(PublicView):
    """The order of changes."""

    @extend_schema(
        operation_id="changes_list",
        summary="读变动",
        description=(
            "发布、更正、再次发布和撤下，按一个固定的次序；读过的游标之前不会再出现新的变动。"
            "不带 since 从头开始；把回答中的 cursor 存下来，下次作为 since。"
        ),
        parameters=[
            _query("since", "上次回答中的 cursor，或数据包的 cursor"),
            _query("limit", f"最多多少条，1 至 {MOST_CHANGES}，不给则为 {USUAL_CHANGES}", int),
        ],
        responses={200: serializers.ChangePage, 400: WRONG, 429: OFTEN},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Return what happened after a place in the order."""
        given = asked.asked(request.query_params, {"since": asked.sequence, "limit": asked.number(1, MOST_CHANGES)})
        now = timezone.now()
        since, limit = given.get("since", 0), given.get("limit", USUAL_CHANGES)
        page = public_changes(after=since, limit=limit, at=now)
        if since > page.head:
            raise Refused(Issue("api.cursor.ahead", field="since"))
        told = {"since": page.until, **({"limit": limit} if "limit" in given else {})}
        return answer(
            request,
            {
                "items": [shapes.change_data(one) for one in page.changes],
                "cursor": str(page.until),
                "next": whole(f"{API}changes/?{urlencode(told)}"),
                "more": page.more,
            },
        )


class CatalogView(PublicView):
    """The catalogue of data sets."""

    @extend_schema(
        operation_id="catalog",
        summary="数据目录（DCAT）",
        description="全部信息、每个栏目和每日数据包各是一个数据集，附各种读取地址。",
        responses={(200, "application/ld+json"): OpenApiTypes.OBJECT, 400: WRONG, 429: OFTEN},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Return the catalogue as JSON-LD."""
        asked.asked(request.query_params, {})
        dump = dump_current(dump_folder())
        data = catalog_jsonld(
            base=settings.BASE_URL,
            place=settings.PLACE,
            columns=[shapes.column_data(one) for one in directory.column_tree()],
            dump=shapes.dump_data(dump) if dump is not None and dump_readable(dump) else None,
        )
        return answer(request, data, media_type=JSON_LD)


class NotFoundView(PublicView):
    """Whatever else is asked for below ``/api/``."""

    schema = None

    def get(self, request: Request, rest: str) -> HttpResponseBase:
        """Lead to the address with a slash at its end where that is one of ours, else say that there is nothing."""
        if not rest.endswith("/") and not _nothing(f"/api/{rest}/"):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"/api/{rest}/" + (f"?{query}" if query else ""))
        raise Http404


def _nothing(path: str) -> bool:
    try:
        return resolve(path).view_name == "api:not_found"
    except Resolver404:
        return True

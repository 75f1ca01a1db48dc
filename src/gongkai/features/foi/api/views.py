"""The answers to connected systems. Nothing of them is kept on the way; a system sees what it handed over and no more."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from gongkai.domain.foi.handing import HANDED_CHANNELS
from gongkai.domain.foi.model import DELIVERY_NAMES, Stage
from gongkai.domain.foi.receipt import CHANNEL_NAMES
from gongkai.domain.foi.wishes import FORM_NAMES
from gongkai.domain.issues import Issue
from gongkai.features.foi import services
from gongkai.features.foi.api import examples, serializers, shapes
from gongkai.features.foi.api.reading import DELIVERIES, MOST_BODY, MOST_FILE, MOST_FILES, MOST_UNIT, delivered
from gongkai.features.foi.asking import KINDS
from gongkai.features.foi.scopes import FIGURES, STATUS, SUBMIT
from gongkai.features.foi.selectors.follow import STAGE_WORDS
from gongkai.features.foi.selectors.handed import figures_of, handed_case, handed_events, handed_find, handed_list
from gongkai.features.foi.selectors.report import FIRST_YEAR
from gongkai.features.foi.selectors.units import receiving_units
from gongkai.features.foi.services.handing import application_hand_over
from gongkai.features.foi.services.papers import ENDINGS, IDENTITY_ENDINGS
from gongkai.kernel.api import asked
from gongkai.kernel.api.answers import told
from gongkai.kernel.api.bodies import body_object
from gongkai.kernel.api.documents import Error
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.kernel.errors import Refused
from gongkai.kernel.tokens.web import TokenView

MOST, USUAL = 100, 20
MOST_EVENTS, USUAL_EVENTS = 500, 100


def _error(words: str) -> OpenApiResponse:
    return OpenApiResponse(Error, description=words)


WRONG = _error("内容或者参数有误，每一处错误都列出")
DOOR = {
    401: _error("没有令牌，或者令牌不对、已到期、已吊销"),
    403: _error("令牌没有这项权限，或者不允许从这个地址使用"),
    405: _error("不接受这种请求方法"),
    429: _error("请求过于频繁；Retry-After 说明多少秒后再试"),
}
MISSING = _error("没有这件申请，或者不是这个系统移交的")


def _query(name: str, description: str, kind: Any = str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description)


class ApplicationsView(TokenView):
    """What is handed over."""

    http_method_names = ["get", "head", "post"]
    scopes: ClassVar = {"GET": STATUS, "HEAD": STATUS, "POST": SUBMIT}

    @extend_schema(
        operation_id="foi_applications_list",
        summary="列出本系统移交的申请",
        description=f"新的在前；用 next 读下一页。需要权限 {STATUS}。",
        parameters=[
            _query("sender_no", "只要这个发送方编号的"),
            _query("limit", f"一页多少件，1 至 {MOST}，不给则为 {USUAL}", int),
            _query("cursor", "上一页 next 中的游标"),
        ],
        responses={200: serializers.HandedPage, 400: WRONG, **DOOR},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return a page."""
        known = {"sender_no": asked.text, "limit": asked.number(1, MOST), "cursor": asked.sequence}
        given = asked.asked(request.query_params, known)
        limit = given.get("limit", USUAL)
        found = handed_list(
            system_id=self.bearer.system_id,
            after=given.get("cursor"),
            limit=limit + 1,
            sender_no=given.get("sender_no", ""),
        )
        following = None
        if len(found) > limit:
            rest = {name: value for name, value in request.query_params.items() if name != "cursor" and value.strip()}
            query = urlencode({**rest, "cursor": found[limit - 1].pk})
            following = shapes.whole(f"{reverse('foi:api:applications')}?{query}")
        return told({"items": [shapes.summary_data(one) for one in found[:limit]], "next": following})

    @extend_schema(
        operation_id="foi_applications_hand_over",
        summary="移交一件申请",
        description=(
            f"需要权限 {SUBMIT}。回答登记编号、查询码、期限和期限的算法。没有收到回答时，请用同一个 sender_no 原样再发："
            "已经登记的不会重复登记，回答 200 和先前的登记编号。同一个 sender_no 内容不同的，回答 409。"
        ),
        request={"application/json": serializers.SentApplication},
        examples=[
            OpenApiExample("来电口述的申请", value=examples.BY_PHONE, request_only=True),
            OpenApiExample("单位在网上提出的申请", value=examples.ONLINE, request_only=True),
            OpenApiExample("已登记", value=examples.TAKEN, response_only=True, status_codes=["201"]),
        ],
        responses={
            201: OpenApiResponse(serializers.HandedTaken, description="已登记"),
            200: OpenApiResponse(serializers.HandedTaken, description="先前已经登记，没有重复"),
            400: WRONG,
            409: _error("这个 sender_no 已经用于另一件申请"),
            413: _error("内容太大"),
            415: _error("内容不是 UTF-8 的 JSON"),
            **DOOR,
        },
    )
    @method_decorator(sensitive_variables())
    def post(self, request: Request) -> HttpResponse:
        """Take an application in."""
        now = timezone.now()
        today = timezone.localdate(now)
        asked.asked(request.query_params, {})
        body = body_object(request._request, most=MOST_BODY)
        sent = delivered(body, units={unit.pk for unit in units_of(self.bearer.unit_id)}, today=today)
        done = application_hand_over(
            bearer=self.bearer,
            sender_no=sent.sender_no,
            unit_id=sent.unit_id,
            channel=sent.channel,
            person=sent.person,
            request=sent.request,
            submitted_on=sent.submitted_on,
            confirmed=sent.confirmed,
            no_log=sent.no_log,
            identity=sent.identity,
            attachments=sent.attachments,
            content=sent.content,
            now=now,
        )
        case = handed_case(hand_over=done.hand_over, today=today)
        code = services.code_shown(done.hand_over.application.query_code.for_machine())
        data = shapes.taken_data(case, code=code, repeated=done.repeated)
        response = told(data, status=200 if done.repeated else 201)
        response["Location"] = reverse("foi:api:application", args=[done.hand_over.uid])
        return response


def units_of(unit_id: int | None) -> list[Any]:
    """Return the units that a system may hand over to today: ``unit_id`` alone, or all where it is None."""
    return [unit for unit in receiving_units(on=timezone.localdate()) if unit_id in (None, unit.pk)]


class ApplicationView(TokenView):
    """One application that was handed over."""

    scopes: ClassVar = {"GET": STATUS, "HEAD": STATUS}

    @extend_schema(
        operation_id="foi_applications_read",
        summary="查询一件移交的申请",
        description=f"办理情况、期限及其算法、办理经过，用可以告诉申请人的话。不含办理人员姓名。需要权限 {STATUS}。",
        parameters=[OpenApiParameter("uid", OpenApiTypes.UUID, OpenApiParameter.PATH, description="移交的标识")],
        responses={200: serializers.HandedDetail, 400: WRONG, 404: MISSING, **DOOR},
    )
    def get(self, request: Request, uid: UUID) -> HttpResponse:
        """Return it."""
        asked.asked(request.query_params, {})
        hand_over = handed_find(system_id=self.bearer.system_id, uid=uid)
        if hand_over is None:
            raise Http404
        return told(shapes.case_data(handed_case(hand_over=hand_over, today=timezone.localdate())))


class EventsView(TokenView):
    """What has happened since."""

    scopes: ClassVar = {"GET": STATUS, "HEAD": STATUS}

    @extend_schema(
        operation_id="foi_events_list",
        summary="读移交申请的进展",
        description=(
            "本系统移交的申请有什么进展，按一个固定的次序；读过的游标之前不会再出现新的进展。不带 since 从头开始；"
            f"把回答中的 cursor 存下来，下次作为 since。单位内部的步骤不列出。需要权限 {STATUS}。"
        ),
        parameters=[
            _query("since", "上次回答中的 cursor"),
            _query("limit", f"最多读几步，1 至 {MOST_EVENTS}，不给则为 {USUAL_EVENTS}", int),
        ],
        responses={200: serializers.HandedChanges, 400: WRONG, **DOOR},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return what happened after a place in the order."""
        given = asked.asked(request.query_params, {"since": asked.sequence, "limit": asked.number(1, MOST_EVENTS)})
        since = given.get("since", 0)
        page = handed_events(
            system_id=self.bearer.system_id,
            since=since,
            limit=given.get("limit", USUAL_EVENTS),
            today=timezone.localdate(),
        )
        if since > page.head:
            raise Refused(Issue("foi.handing.cursor_ahead", "since"))
        items = [shapes.event_data(one) for one in page.events]
        return told({"items": items, "cursor": str(page.until), "more": page.more})


class FiguresView(TokenView):
    """Figures of a year."""

    scopes: ClassVar = {"GET": FIGURES, "HEAD": FIGURES}

    @extend_schema(
        operation_id="foi_figures_read",
        summary="读一年的统计数字",
        description=(
            "收到、办结、按时答复的件数；往年的另有年度报告的第三、第四张表。件数太少、可能指向个人的部分合并列出。"
            f"不给单位的为全部单位合计；限定了单位的令牌只能读本单位的。需要权限 {FIGURES}。"
        ),
        parameters=[
            _query("year", f"年份，{FIRST_YEAR} 年至今年，不给则为今年", int),
            _query("unit", "单位编号", int),
        ],
        responses={200: serializers.FiguresOfYear, 400: WRONG, **DOOR},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return them."""
        today = timezone.localdate()
        known = {"year": asked.number(FIRST_YEAR, today.year), "unit": asked.number(1, MOST_UNIT)}
        given = asked.asked(request.query_params, known)
        unit_id = given.get("unit", self.bearer.unit_id)
        found = None
        if self.bearer.unit_id in (None, unit_id):
            found = figures_of(year=given.get("year", today.year), unit_id=unit_id, today=today)
        if found is None:
            raise Refused(Issue("foi.handing.unit_unknown", "unit"))
        unit = None if found.unit is None else {"id": found.unit.pk, "name": found.unit.name}
        return told(shapes.figures_data(found.figures, found.report, unit=unit))


class UnitsView(TokenView):
    """Who can be asked."""

    @extend_schema(
        operation_id="foi_units_list",
        summary="列出受理单位",
        description="可以向哪些单位移交申请，按单位目录的次序。任何有效的令牌都可以读。",
        responses={200: serializers.UnitRefs, 400: WRONG, **DOOR},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return them in directory order."""
        asked.asked(request.query_params, {})
        return told({"items": shapes.unit_data(units_of(self.bearer.unit_id))})


class VocabularyView(TokenView):
    """What can be written."""

    @extend_schema(
        operation_id="foi_vocabulary_read",
        summary="读申请表的词表",
        description="申请方式、申请人类别、形式、途径和办理阶段的代码，以及大小的限制。任何有效的令牌都可以读。",
        responses={200: serializers.Vocabulary, 400: WRONG, **DOOR},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the codes with their words."""
        asked.asked(request.query_params, {})
        rule = rulebook().value("foi.handed_over", on=timezone.localdate(), layer=settings.LAYER)
        channels = [
            {"code": one.value, "name": CHANNEL_NAMES[one], "receipt": str(rule.values[one.value])}
            for one in HANDED_CHANNELS
        ]
        return told(
            {
                "channels": channels,
                "channels_status": rule.status.value,
                "channels_note": rule.note,
                "kinds": shapes.named(KINDS),
                "forms": shapes.named((one.value, name) for one, name in FORM_NAMES.items()),
                "deliveries": shapes.named((one.value, DELIVERY_NAMES[one]) for one in DELIVERIES),
                "stages": shapes.named((one.value, STAGE_WORDS[one]) for one in Stage if one is not Stage.NEW),
                "identity_endings": sorted(one.lstrip(".") for one in IDENTITY_ENDINGS),
                "attachment_endings": sorted(one.lstrip(".") for one in ENDINGS),
                "limits": {"body_bytes": MOST_BODY, "file_bytes": MOST_FILE, "files": MOST_FILES},
            }
        )

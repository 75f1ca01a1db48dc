"""The table of every page that everybody can open: how it is reached, and which template it shows.

``tests/browser/test_public_axe.py`` opens each of them; a template or an address that is new fails a test there until it
has a line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.views import defaults
from tests.factories.foi import Desk
from tests.factories.public_site import PublicSite
from tests.features.disclosure.staff.desk import sign_data

from gongkai.domain.release import Kind, Part, item_part
from gongkai.domain.search.alerts import Frequency
from gongkai.features.foi.services import code_shown
from gongkai.kernel.approvals.models import Approval
from gongkai.portal.alerts.services.asking import alert_ask, alert_confirm
from gongkai.portal.alerts.tokens import Purpose, sign
from gongkai.portal.models import SearchAlert
from gongkai.portal.release.parts import part_files
from gongkai.portal.release.shared import Moment
from gongkai.portal.search.asking import Filters

Way = Callable[[PublicSite], str]
"""Returns the path of a page, or (for ``Page.drawn``) its HTML."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the name of its address ("" for what has none of its own), its template, and how it is reached.

    ``drawn``: ``way`` returns the HTML itself, for pages that no reader opens by an address of their own.
    """

    label: str
    name: str
    template: str
    way: Way
    status: int = 200
    drawn: bool = False


def at(path: str) -> Way:
    """A page with a fixed path."""
    return lambda site: path


def of_item(which: str, rest: str = "") -> Way:
    """A page of one of the items of the site."""
    return lambda site: f"/info/{getattr(site, which).uid}/{rest}"


def error(view: Callable[..., object], *given: object) -> Way:
    """What a reader is told when something goes wrong."""

    def drawn(site: PublicSite) -> str:
        return view(_request(), *given).content.decode()  # type: ignore[attr-defined, no-any-return]

    return drawn


def template(name: str) -> Way:
    """A page that needs nothing but its template."""
    return lambda site: render_to_string(name, {}, _request())


def released(part: Callable[[PublicSite], Part], ending: str = "index.html") -> Way:
    """A page as it stands in the static release."""

    def drawn(site: PublicSite) -> str:
        moment = Moment(site.now + timedelta(minutes=1), timezone.localdate(site.now))
        wanted = part(site)
        moment.read_items([wanted])
        data = next(data for name, data in part_files(wanted, moment).items() if name.endswith(ending))
        assert isinstance(data, bytes)
        return data.decode()

    return drawn


def signed(site: PublicSite) -> str:
    """What somebody from outside sees after signing."""
    address = site.signing_link()
    approval = Approval.objects.latest("pk")
    return Client().post(address, sign_data(approval, "legality_review")).content.decode()


def alert(purpose: Purpose, *, confirmed: bool = True, pressed: bool = False) -> Way:
    """A page behind a link of a mail about a saved search; ``pressed``: after its button was pressed (drawn)."""

    def way(site: PublicSite) -> str:
        alert_ask(
            address="reader@example.cn", text="补贴", filters=Filters({}), frequency=Frequency.DAILY, now=site.now
        )  # fmt: skip
        one = SearchAlert.objects.latest("pk")
        if confirmed:
            alert_confirm(uid=one.uid, now=site.now)
        of_reader = purpose in {Purpose.MANAGE, Purpose.STOP_ALL}
        on = timezone.localdate(site.now) if purpose is Purpose.MANAGE else None
        token = sign(purpose, one.reader.uid if of_reader else one.uid, on=on)
        name = "mine" if purpose is Purpose.MANAGE else purpose.name.lower()
        path = reverse(f"alerts:public:{name}", args=[token])
        return Client().post(path, follow=True).content.decode() if pressed else path

    return way


def posted(name: str, **sent: str) -> Way:
    """What a form of the pages of applicants answers."""
    return lambda site: Client().post(reverse(f"foi:public:{name}"), sent).content.decode()


def followed(site: PublicSite) -> str:
    """What an applicant sees after giving the query code."""
    taken = Desk(site.world, timezone.localdate(site.now)).online()
    return Client().post(reverse("foi:public:follow"), {"code": code_shown(taken.query_code)}).content.decode()


def sheet(site: PublicSite) -> str:
    """The sheet with each day of a running period."""
    taken = Desk(site.world, timezone.localdate(site.now)).taken()
    return Client().post(reverse("foi:public:sheet"), {"code": code_shown(taken.query_code)}).content.decode()


def taken(site: PublicSite) -> str:
    """What an applicant sees after applying."""
    given = Desk(site.world, timezone.localdate(site.now)).online()
    context = {"page_title": "申请已提交", "application": given.application, "code": code_shown(given.query_code)}
    return render_to_string("foi/public/taken.html", context, _request())


def amendment_taken(site: PublicSite) -> str:
    """What somebody sees after asking for an amendment."""
    given = Desk(site.world, timezone.localdate(site.now)).amendment()
    context = {"page_title": "更正申请已提交", "row": given.amendment, "code": code_shown(given.query_code)}
    return render_to_string("foi/public/amend_taken.html", context, _request())


def amendment_followed(site: PublicSite) -> str:
    """What somebody sees of the own request for amendment after giving the query code."""
    given = Desk(site.world, timezone.localdate(site.now)).amendment()
    return Client().post(reverse("foi:public:follow"), {"code": code_shown(given.query_code)}).content.decode()


def _request() -> HttpRequest:
    return RequestFactory().get("/")


SEARCH = "search/public/page.html"
LIST, ITEM = "disclosure/public/item_list.html", "disclosure/public/item_detail.html"
RELEASE_LIST = "portal/release/list.html"
PAGES = (
    Page("home", "portal:home", "portal/pages/home.html", at("/")),
    Page("columns", "sites:public:columns", "portal/pages/column_list.html", at("/columns/")),
    Page("written column", "sites:public:column", "portal/pages/column.html", at("/columns/zhengce/")),
    Page("topics", "sites:public:topics", "portal/pages/topic_list.html", at("/topics/")),
    Page("topic", "sites:public:topic", "portal/pages/topic.html", at("/topics/jiuzhu/")),
    Page("text", "sites:public:text", "portal/pages/text.html", at("/pages/about/")),
    Page("home of a town", "sites:public:home", "portal/pages/home.html", at("/sites/dongwan/")),
    Page("column of a town", "sites:public:site_column", "portal/pages/column.html", at("/sites/dongwan/columns/zhengce/")),
    Page("topics of a town", "sites:public:site_topics", "portal/pages/topic_list.html", at("/sites/dongwan/topics/")),
    Page("section", "disclosure:public:item_list", LIST, at("/info/")),
    Page("guide", "disclosure:public:column", LIST, at("/info/columns/A/")),
    Page("rules", "disclosure:public:column", LIST, at("/info/columns/B/")),
    Page("statutory", "disclosure:public:column", LIST, at("/info/columns/C/")),
    Page("reports", "disclosure:public:column", LIST, at("/info/columns/D/")),
    Page("applications", "disclosure:public:column", LIST, at("/info/columns/E/")),
    Page("column", "disclosure:public:column", LIST, at("/info/columns/C01-3/")),
    Page("narrowed list", "disclosure:public:item_list", LIST, at("/info/?since=2020-01-01")),
    Page("nothing in a list", "disclosure:public:item_list", LIST, at("/info/?q=没有的词")),
    Page("unit's items", "disclosure:public:unit", LIST, lambda site: f"/info/units/{site.bureau.unit.pk}/"),
    Page("numbered page", "portal:list_page", RELEASE_LIST, at("/info/p/1/")),
    Page("numbered page of a column", "portal:column_page", RELEASE_LIST, at("/info/columns/C01/p/1/")),
    Page("numbered page of a unit", "portal:unit_page", RELEASE_LIST, lambda s: f"/info/units/{s.bureau.unit.pk}/p/1/"),
    Page("item", "disclosure:public:item_detail", ITEM, of_item("notice")),
    Page("explanation", "disclosure:public:item_detail", ITEM, of_item("reading")),
    Page("lapsed item", "disclosure:public:item_detail", ITEM, of_item("lapsed")),
    Page("merged item", "disclosure:public:item_detail", ITEM, of_item("merged")),
    Page("withdrawn item", "disclosure:public:item_detail", "disclosure/public/tombstone.html", of_item("withdrawn"), 410),
    Page("proof", "disclosure:public:item_proof", "disclosure/public/item_proof.html", of_item("notice", "proof/")),
    Page("proof of a withdrawn item", "disclosure:public:item_proof", "disclosure/public/item_proof.html", of_item("withdrawn", "proof/")),
    Page("anchors", "audit:public:anchor_list", "audit/public/anchor_list.html", at("/audit/anchors/")),
    Page("plans", "workplans:public:plan_list", "workplans/public/plan_list.html", at("/plans/")),
    Page("plan", "workplans:public:plan_detail", "workplans/public/plan_detail.html", lambda site: f"/plans/{site.plan}/"),
    Page("units", "orgs:public:unit_list", "orgs/public/unit_list.html", at("/units/")),
    Page("unit", "orgs:public:unit_detail", "orgs/public/unit_detail.html", lambda site: f"/units/{site.world.office.pk}/"),
    Page("search", "search:public:page", SEARCH, at("/search/")),
    Page("results", "search:public:page", SEARCH, at("/search/?q=补贴")),
    Page("narrowed results", "search:public:page", SEARCH, at("/search/?q=补贴&kind=notice&order=date")),
    Page("no results", "search:public:page", SEARCH, at("/search/?q=火星移民 指南")),
    Page("too many searches", "", "search/public/too_many.html", template("search/public/too_many.html"), drawn=True),
    Page("search away", "", "search/public/away.html", template("search/public/away.html"), drawn=True),
    Page("alert", "alerts:public:save", "alerts/public/save.html", at("/search/alerts/new/?q=补贴")),
    Page("alert for nothing", "alerts:public:save", "alerts/public/save.html", at("/search/alerts/new/")),
    Page("alert asked for", "alerts:public:asked", "alerts/public/asked.html", at("/search/alerts/asked/?q=补贴")),
    Page("link to alerts", "alerts:public:link", "alerts/public/link.html", at("/search/alerts/link/")),
    Page("alert to confirm", "alerts:public:confirm", "alerts/public/confirm.html", alert(Purpose.CONFIRM, confirmed=False)),
    Page("alert confirmed", "", "alerts/public/confirmed.html", alert(Purpose.CONFIRM, confirmed=False, pressed=True), drawn=True),
    Page("own alerts", "alerts:public:mine", "alerts/public/mine.html", alert(Purpose.MANAGE)),
    Page("alert to stop", "alerts:public:stop", "alerts/public/stop.html", alert(Purpose.STOP)),
    Page("all alerts to stop", "alerts:public:stop_all", "alerts/public/stop.html", alert(Purpose.STOP_ALL)),
    Page("alert stopped", "", "alerts/public/stopped.html", alert(Purpose.STOP, pressed=True), drawn=True),
    Page("link that is over", "alerts:public:stop", "alerts/public/over.html", at("/search/alerts/stop/no-such-token/"), 410),
    Page("feedback", "feedback:public:give", "feedback/public/form.html", lambda s: f"/feedback/?about={s.notice.uid}"),
    Page("thanks", "feedback:public:thanks", "feedback/public/thanks.html", lambda s: f"/feedback/thanks/?about={s.notice.uid}"),
    Page("applying", "foi:public:start", "foi/public/start.html", at("/apply/")),
    Page("application", "foi:public:application_new", "foi/public/apply.html", at("/apply/new/")),
    Page("application taken", "", "foi/public/taken.html", taken, drawn=True),
    Page("looking first", "foi:public:look", "foi/public/look.html", at("/apply/look/")),
    Page("published already", "", "foi/public/look.html", posted("look", words="惠民惠农补贴"), drawn=True),
    Page("no application", "", "foi/public/found.html", posted("looked", do="helped"), drawn=True),
    Page("draft kept", "", "foi/public/kept.html", posted("application_new", do="draft", subject="批复"), drawn=True),
    Page("draft", "foi:public:draft", "foi/public/draft.html", at("/apply/draft/")),
    Page("draft deleted", "", "foi/public/dropped.html", posted("draft_drop", code="X"), drawn=True),
    Page("following", "foi:public:follow", "foi/public/follow.html", at("/apply/follow/")),
    Page("followed", "", "foi/public/followed.html", followed, drawn=True),
    Page("sheet of days", "", "foi/public/sheet.html", sheet, drawn=True),
    Page("amendment", "foi:public:amend", "foi/public/amend.html", at("/apply/amend/")),
    Page("amendment taken", "", "foi/public/amend_taken.html", amendment_taken, drawn=True),
    Page("amendment followed", "", "foi/public/amend_followed.html", amendment_followed, drawn=True),
    Page("figures", "foi:public:figures", "foi/public/figures.html", at("/apply/figures/")),
    Page("site map", "portal:site_map", "portal/site_map.html", at("/sitemap/")),
    Page("terminal", "portal:terminal", "portal/terminals/start.html", at("/kiosk/")),
    Page("terminal, reading", "portal:terminal_page", "portal/terminals/read.html", at("/kiosk/read/")),
    Page("terminal, printing", "portal:terminal_page", "portal/terminals/print.html", at("/kiosk/print/")),
    Page("terminal without network", "portal:terminal_page", "portal/terminals/offline.html", at("/kiosk/offline/")),
    Page("unit's sheet", "portal:unit_sheet", "portal/terminals/unit_sheet.html", lambda s: f"/sheets/units/{s.world.office.pk}/"),
    Page("column's sheet", "portal:column_sheet", "portal/terminals/column_sheet.html", at("/sheets/columns/C01/")),
    Page("interface", "api:documentation", "portal/api/docs.html", at("/api/")),
    Page("signing", "disclosure:signing:sign", "disclosure/public/signing/page.html", lambda site: site.signing_link()),
    Page("signed", "", "disclosure/public/signing/done.html", signed, drawn=True),
    Page("signing, closed", "disclosure:signing:sign", "disclosure/public/signing/closed.html", at("/sign/no-such-link/"), 404),
    Page("released section", "", RELEASE_LIST, released(lambda site: Part(Kind.LIST, "all")), drawn=True),
    Page("released item", "", ITEM, released(lambda site: item_part(site.notice.uid)), drawn=True),
    Page("released, gone", "", "disclosure/public/tombstone.html", released(lambda s: item_part(s.withdrawn.uid), "gone.html"), drawn=True),
    Page("released, moved", "", "portal/release/moved.html", released(lambda s: item_part(s.merged.uid), "moved.html"), drawn=True),
    Page("banners", "", "portal/release/banners.html", released(lambda site: Part(Kind.DISPLAY), "banner/index.html"), drawn=True),
    Page("400", "", "400.html", error(defaults.bad_request, SuspiciousOperation()), drawn=True),
    Page("403", "", "403.html", error(defaults.permission_denied, PermissionDenied()), drawn=True),
    Page("expired form", "", "403_csrf.html", template("403_csrf.html"), drawn=True),
    Page("404", "", "404.html", at("/no/such/page/"), 404),
    Page("405", "", "405.html", template("405.html"), drawn=True),
    Page("413", "", "413.html", template("413.html"), drawn=True),
    Page("500", "", "500.html", error(defaults.server_error), drawn=True),
    Page("locked out", "", "design/lockout.html", template("design/lockout.html"), drawn=True),
)  # fmt: skip
NO_PAGES = {
    "api:catalog", "api:changes", "api:columns", "api:dump", "api:dumps", "api:not_found", "api:publication",
    "api:publication_jsonld", "api:publications", "api:schema", "api:schema_foi", "api:units", "audit:public:anchors_json",
    *(f"foi:api:{name}" for name in ("application", "applications", "events", "figures", "units", "vocabulary")),
    "design:display_set", "design:theme", "disclosure:public:item_file", "disclosure:public:item_file_unnamed",
    "disclosure:signing:file", "portal:healthz", "portal:robots", "portal:sitemap", "portal:sitemap_shard", "portal:terminal_worker",
    "foi:public:amend_prove", "foi:public:amend_withdraw", "foi:public:confirm", "foi:public:draft_drop", "foi:public:figures_csv", "foi:public:figures_json", "foi:public:looked", "foi:public:object", "foi:public:open_file", "foi:public:suggest", "foi:public:sheet", "foi:public:supply", "foi:public:withdraw", "sites:public:picture", "sites:public:site_picture", "search:public:feed", "search:public:suggest", "workplans:public:plan_data",
    *(f"feeds:{space}_{form}" for space in ("all", "column", "unit") for form in ("rss", "atom", "json")),
}  # fmt: skip
"""Public addresses that answer with data, a file or another address."""
SAME = {"sites:public:site_columns", "sites:public:site_topic", "sites:public:site_text"}
"""Pages of another site that are those of the first one but for the name above them."""
ELSEWHERE = {"design:pattern_library"}
"""Looked at in ``test_design.py``: for staff only, though it wears the frame of the public pages."""
FRAMES = {
    "gk/notice_page.html", "disclosure/public/signing/base.html", "design/pattern_library.html",
    "portal/terminals/base.html", "portal/terminals/sheet.html",
}  # fmt: skip
"""Templates on which others stand, and those looked at elsewhere."""

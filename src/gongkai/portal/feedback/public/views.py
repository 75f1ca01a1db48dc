"""Was this page of use? A small form beside the static site: pages only link to it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.domain.site import column_page
from gongkai.features.disclosure.selectors.public_items import PublicItem, public_item_get
from gongkai.kernel.accounts.web import show_refusal
from gongkai.kernel.errors import Refused
from gongkai.portal.feedback import LONGEST
from gongkai.portal.feedback.services import feedback_give
from gongkai.portal.feedback.throttle import SECONDS, too_many

TOO_MANY = 429
TITLE = "这个页面对您有用吗"


class FeedbackForm(forms.Form):
    """Of use or not, and a few words."""

    useful = forms.ChoiceField(
        label="对您有用吗",
        choices=[("yes", "有用"), ("no", "没有用")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项：有用，或者没有用。"},
    )
    text = forms.CharField(
        label="哪里可以改进",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="比如哪里看不懂、缺什么、哪里写错了。请不要写姓名和住址；电话和证件号码会自动遮盖。",
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Show the form about the page of an item (``?about=``) and take it in."""
    item = _about(request)
    form = FeedbackForm(request.POST or None)
    status = 200
    if request.method == "POST" and too_many(request):
        form.is_valid()
        form.add_error(None, "您所在的网络提交的次数太多，请过十分钟再试。")
        status = TOO_MANY
    elif form.is_bound:
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                feedback_give(uid=item.uid, useful=given["useful"] == "yes", text=given["text"], now=timezone.now())
            except Refused as refused:
                show_refusal(form, refused)
            else:
                return redirect(f"{reverse('feedback:public:thanks')}?about={item.uid}")
    response = render(request, "feedback/public/form.html", {**_context(item), "form": form}, status=status)
    if status == TOO_MANY:
        response["Retry-After"] = str(SECONDS)
    return response


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say that it was taken in and lead back to the page."""
    return render(request, "feedback/public/thanks.html", _context(_about(request)))


def _about(request: HttpRequest) -> PublicItem:
    try:
        uid = UUID(request.GET.get("about", ""))
    except ValueError as error:
        raise Http404("没有这个页面") from error
    item = public_item_get(uid=uid, at=timezone.now())
    if not isinstance(item, PublicItem):
        raise Http404("没有公开这条信息")
    return item


def _context(item: PublicItem) -> dict[str, object]:
    return {
        "page_title": TITLE,
        "gk_page": column_page("页面评价", "对公开页面的评价和改进意见", types=("互动交流",)),
        "breadcrumbs": [
            ("首页", "/"),
            (item.title, reverse("disclosure:public:item_detail", args=[item.uid])),
            ("页面评价", ""),
        ],
        "item": item,
    }

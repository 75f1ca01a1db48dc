"""People, their posts and passwords; the permission matrix; one's own password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.kernel.accounts import permissions, selectors, services
from gongkai.kernel.accounts.matrix import abilities
from gongkai.kernel.accounts.roles import LABELS, Role
from gongkai.kernel.accounts.staff.forms import (
    NewUserForm,
    PasswordForm,
    PostEndForm,
    PostForm,
    UserFilterForm,
    UserForm,
)
from gongkai.kernel.accounts.web import actor_of, show_refusal, staff_view
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.fingerprints import fingerprint

PER_PAGE = 50
LIST = {"label": "人员", "url": reverse_lazy("accounts:staff:user_list")}


@require_GET
@staff_view
def user_list(request: HttpRequest) -> HttpResponse:
    """List people with the posts they hold today, narrowed by unit and name."""
    today = timezone.localdate()
    form = UserFilterForm(request.GET, on=today)
    wanted = form.cleaned_data if form.is_valid() else {}
    active = {"yes": True, "no": False}.get(wanted.get("active", ""))
    users = selectors.user_list(
        actor=request.actor,
        today=today,
        unit_id=wanted.get("unit"),
        search=wanted.get("search", ""),
        active=active,
    )
    page = Paginator(users, PER_PAGE).get_page(request.GET.get("page"))
    held = selectors.posts_by_user(actor=request.actor, user_ids=[user.pk for user in page], today=today)
    context = {
        "page_title": "人员",
        "form": form,
        "page": page,
        "rows": [(user, held.get(user.pk, [])) for user in page],
        "narrowed": any(wanted.values()),
        "can_manage": permissions.can_manage_users(request.actor),
    }
    return render(request, "accounts/staff/user_list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_view
def user_create(request: HttpRequest) -> HttpResponse:
    """Add a person with a first post and show the one-time password."""
    if not permissions.can_manage_users(request.actor):
        raise NotPermitted(ability="新增人员")
    today = timezone.localdate()
    form = NewUserForm(request.POST or None, on=today)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            user, secret = services.user_create_with_post(
                actor=request.actor,
                username=values["username"],
                display_name=values["display_name"],
                phone=values["phone"],
                email=values["email"],
                unit_id=values["unit"],
                role=Role(values["role"]),
                from_on=values["from_on"],
                now=timezone.now(),
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return _show_password(request, user, secret, "已新增人员")
    context = {"page_title": "新增人员", "breadcrumbs": [LIST, {"label": "新增", "url": ""}], "form": form}
    return render(request, "accounts/staff/user_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff_view
def user_detail(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show and correct one person, with all posts past and present."""
    user = _user(request, user_id)
    manages = permissions.can_manage_users(request.actor)
    form = UserForm(request.POST or None, initial=_own_data(user))
    if request.method == "POST" and form.is_valid():
        try:
            services.user_update(
                actor=request.actor,
                user_id=user_id,
                fields={name: form.cleaned_data[name] for name in services.UPDATABLE},
                seen=form.cleaned_data["seen"],
                now=timezone.now(),
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已保存。")
            return redirect("accounts:staff:user_detail", user_id)
    return _detail(request, user, form if manages else None, PostForm(on=timezone.localdate()) if manages else None)


@require_POST
@staff_view
def post_grant(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give the person a post."""
    user = _user(request, user_id)
    form = PostForm(request.POST, on=timezone.localdate())
    if form.is_valid():
        values = form.cleaned_data
        try:
            services.post_grant(
                actor=request.actor,
                user_id=user_id,
                unit_id=values["unit"],
                role=Role(values["role"]),
                from_on=values["from_on"],
                until_on=values["until_on"],
                note=values["note"],
                now=timezone.now(),
            )
        except NotPermitted:
            raise
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已授予岗位。")
            return redirect("accounts:staff:user_detail", user_id)
    return _detail(request, user, UserForm(initial=_own_data(user)), form)


@require_POST
@staff_view
def post_end(request: HttpRequest, user_id: int, post_id: int) -> HttpResponse:
    """Let a post end on a day."""
    form = PostEndForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请填写最后任职日。")
        return redirect("accounts:staff:user_detail", user_id)
    until_on = form.cleaned_data["until_on"]
    return _change(
        request,
        user_id,
        lambda: services.post_end(actor=request.actor, post_id=post_id, until_on=until_on, now=timezone.now()),
        "岗位已终止。",
    )


@require_POST
@staff_view
def user_deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Shut a person out."""
    return _change(
        request,
        user_id,
        lambda: services.user_deactivate(actor=request.actor, user_id=user_id, now=timezone.now()),
        "账号已停用，对方已退出登录。",
    )


@require_POST
@staff_view
def user_activate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let a person in again."""
    return _change(
        request,
        user_id,
        lambda: services.user_activate(actor=request.actor, user_id=user_id, now=timezone.now()),
        "账号已恢复。",
    )


@never_cache
@require_POST
@staff_view
def password_reset(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a person a new one-time password and show it once."""
    user = _user(request, user_id)
    secret = services.password_reset(actor=request.actor, user_id=user_id, now=timezone.now())
    return _show_password(request, user, secret, "已重置密码")


@require_GET
@staff_view
def matrix(request: HttpRequest) -> HttpResponse:
    """Show which role may do what, as the code decides it."""
    rows = [
        (ability, [(role.label, ability.roles[role].label) for role in LABELS if role in ability.roles])
        for ability in abilities()
    ]
    context = {"page_title": "权限表", "breadcrumbs": [LIST, {"label": "权限表", "url": ""}], "rows": rows}
    return render(request, "accounts/staff/matrix.html", context)


@never_cache
@sensitive_post_parameters("old", "new", "repeat")
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """Change one's own password; after a one-time password this page comes first."""
    if not request.user.is_authenticated:
        return redirect("wagtailadmin_login")
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.password_change(
                actor=actor_of(request),
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new"],
                now=timezone.now(),
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, "密码已修改。")
            return redirect(_next(request))
    context = {
        "page_title": "修改密码",
        "form": form,
        "first": request.user.must_change_password,
        "next": request.GET.get("next") or request.POST.get("next") or "",
    }
    return render(request, "accounts/staff/password_change.html", context, status=422 if form.errors else 200)


def _own_data(user: Any) -> dict[str, str]:
    values = {name: getattr(user, name) for name in services.UPDATABLE}
    return {**values, "seen": fingerprint(user, services.UPDATABLE)}


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("wagtailadmin_home")


def _user(request: HttpRequest, user_id: int) -> Any:
    user = selectors.user_find(actor=request.actor, user_id=user_id)
    if user is None:
        raise Http404
    return user


def _detail(request: HttpRequest, user: Any, form: UserForm | None, post_form: PostForm | None) -> HttpResponse:
    today = timezone.localdate()
    wrong = any(f is not None and f.is_bound and f.errors for f in (form, post_form))
    context = {
        "page_title": user.get_full_name(),
        "breadcrumbs": [LIST, {"label": user.get_full_name(), "url": ""}],
        "person": user,
        "form": form,
        "post_form": post_form,
        "posts": [
            (post, _standing(post, today))
            for post in selectors.post_list(actor=request.actor, today=today, user_id=user.pk)
        ],
        "yesterday": today - timedelta(days=1),
        "today": today,
    }
    return render(request, "accounts/staff/user_detail.html", context, status=422 if wrong else 200)


def _standing(post: Any, today: Any) -> str:
    if post.from_on > today:
        return "未到任"
    return "在任" if post.until_on is None or post.until_on >= today else "已离任"


def _change(request: HttpRequest, user_id: int, change: Any, done: str) -> HttpResponse:
    try:
        change()
    except NotPermitted:
        raise
    except ObjectDoesNotExist as gone:
        raise Http404 from gone
    except Refused as refused:
        for sentence in refused.sentences():
            messages.error(request, sentence)
    else:
        messages.success(request, done)
    return redirect("accounts:staff:user_detail", user_id)


def _show_password(request: HttpRequest, user: Any, secret: str, done: str) -> HttpResponse:
    context = {
        "page_title": done,
        "breadcrumbs": [
            LIST,
            {"label": user.get_full_name(), "url": reverse("accounts:staff:user_detail", args=[user.pk])},
        ],
        "person": user,
        "secret": secret,
    }
    return render(request, "accounts/staff/password_shown.html", context)

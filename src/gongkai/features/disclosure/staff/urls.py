"""Staff addresses of disclosure, a block a subject."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from gongkai.features.disclosure.staff import live_check as live_check_views
from gongkai.features.disclosure.staff.aftercare_urls import urlpatterns as aftercare
from gongkai.features.disclosure.staff.intake_urls import urlpatterns as intake
from gongkai.features.disclosure.staff.item_urls import urlpatterns as items
from gongkai.features.disclosure.staff.release_urls import release, review

live_check: list[URLPattern] = [
    path("check/", live_check_views.check, name="check"),
    path("check/allow/", live_check_views.check_allow, name="check_allow"),
]

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/disclosure/items/")),
    *items,
    *intake,
    *review,
    *release,
    *live_check,
    *aftercare,
]

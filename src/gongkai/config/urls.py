"""Every address of the product. A feature brings its own ``urls.py`` with its staff and public parts."""

from __future__ import annotations

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("", include("gongkai.kernel.accounts.urls")),
    path("", include("gongkai.kernel.orgs.urls")),
    path("", include("gongkai.kernel.audit.urls")),
    path("", include("gongkai.kernel.jobs.urls")),
    path("", include("gongkai.kernel.notices.urls")),
    path("", include("gongkai.kernel.clocks.urls")),
    path("", include("gongkai.kernel.files.urls")),
    path("", include("gongkai.kernel.approvals.urls")),
    path("", include("gongkai.kernel.wordlists.urls")),
    path("", include("gongkai.kernel.tokens.urls")),
    path("", include("gongkai.portal.feeds.urls")),
    path("", include("gongkai.features.disclosure.urls")),
    path("", include("gongkai.features.foi.urls")),
    path("", include("gongkai.features.workplans.urls")),
    path("", include("gongkai.workbench.urls")),
    path("", include("gongkai.portal.alerts.urls")),
    path("", include("gongkai.portal.search.urls")),
    path("", include("gongkai.portal.api.urls")),
    path("", include("gongkai.portal.feedback.urls")),
    path("", include("gongkai.portal.pages.urls")),
    path("", include("gongkai.design.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("gongkai.portal.urls")),
]

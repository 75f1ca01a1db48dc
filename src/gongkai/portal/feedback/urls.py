"""Addresses of what readers say of pages: the form for everybody, the lists in the back office."""

from __future__ import annotations

from django.urls import include, path

from gongkai.portal.feedback.public import views as public
from gongkai.portal.feedback.staff import views as staff

app_name = "feedback"
public_urls = [
    path("", public.give, name="give"),
    path("thanks/", public.thanks, name="thanks"),
]
staff_urls = [
    path("", staff.page_list, name="page_list"),
    path("<uuid:uid>/", staff.page_detail, name="page_detail"),
    path("<int:feedback_id>/close/", staff.close, name="close"),
]
urlpatterns = [
    path("feedback/", include((public_urls, "public"))),
    path("admin/page-feedback/", include((staff_urls, "staff"))),
]

"""Addresses of the jobs app: the list of failed jobs."""

from __future__ import annotations

from django.urls import include, path

from gongkai.kernel.jobs.staff import views

app_name = "jobs"
staff_urls = [
    path("", views.failed_job_list, name="failed_list"),
    path("<int:job_id>/retry/", views.job_retry, name="retry"),
]
urlpatterns = [path("admin/jobs/", include((staff_urls, "staff")))]

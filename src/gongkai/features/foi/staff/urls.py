"""Staff addresses of disclosure on application."""

from __future__ import annotations

from django.urls import path

from gongkai.features.foi.staff import (
    amendment_views,
    board_views,
    case_views,
    entry_views,
    letter_views,
    linked_views,
    redact_views,
    remedy_views,
    report_views,
    service_views,
)
from gongkai.features.foi.staff.after_urls import urlpatterns as after_patterns
from gongkai.features.foi.staff.campaign_urls import urlpatterns as campaign_urls
from gongkai.features.foi.staff.fee_urls import urlpatterns as fee_urls
from gongkai.features.foi.staff.office_urls import urlpatterns as office_patterns
from gongkai.features.foi.staff.performance_urls import urlpatterns as performance_urls
from gongkai.features.foi.staff.retrieval_urls import urlpatterns as retrieval_urls

urlpatterns = [
    path("", board_views.board, name="board"),
    *office_patterns,
    *after_patterns,
    *performance_urls,
    *retrieval_urls,
    *fee_urls,
    *campaign_urls,
    path("report/", report_views.report, name="report"),
    path("report/check/", report_views.report_check, name="report_check"),
    path("report/<slug:table>/<slug:row>/<slug:column>/", report_views.report_list, name="report_list"),
    path("new/", entry_views.application_new, name="application_new"),
    path("<int:application_id>/", case_views.case_page, name="case"),
    path("<int:application_id>/do/<slug:verb>/", case_views.case_step, name="case_step"),
    path("amendments/", amendment_views.amendments, name="amendments"),
    path("amendments/new/", amendment_views.amendment_new, name="amendment_new"),
    path("amendments/<int:amendment_id>/", amendment_views.amendment, name="amendment"),
    path("amendments/<int:amendment_id>/do/<slug:verb>/", amendment_views.amendment_step, name="amendment_step"),
    path("amendments/<int:amendment_id>/open/", amendment_views.amendment_open, name="amendment_open"),
    path("amendments/<int:amendment_id>/letter/", amendment_views.amendment_letter, name="amendment_letter"),
    path("amendments/papers/<int:paper_id>/", amendment_views.amendment_paper, name="amendment_paper"),
    path("remedies/", remedy_views.remedies, name="remedies"),
    path("remedies/<int:remedy_id>/", remedy_views.remedy, name="remedy"),
    path("remedies/<int:remedy_id>/do/<slug:verb>/", remedy_views.remedy_step, name="remedy_step"),
    path("remedies/<int:remedy_id>/evidence/", remedy_views.evidence_list, name="remedy_evidence"),
    path("<int:application_id>/split/", linked_views.split, name="split"),
    path("<int:application_id>/move/", linked_views.move, name="move"),
    path("<int:application_id>/merge/", linked_views.merge, name="merge"),
    path("<int:application_id>/like/<int:other_id>/", linked_views.compare, name="compare"),
    path("<int:application_id>/like/<int:other_id>/repeat/", linked_views.repeat, name="repeat"),
    path("<int:application_id>/file/", case_views.case_file, name="case_file"),
    path("<int:application_id>/service/", service_views.service_day, name="service_day"),
    path("<int:application_id>/course/", case_views.course_sheet, name="course"),
    path("<int:application_id>/applicant/", case_views.applicant_open, name="applicant_open"),
    path("<int:application_id>/papers/", case_views.paper_add, name="paper_add"),
    path("<int:application_id>/letters/", letter_views.letter_list, name="letter_list"),
    path("<int:application_id>/letters/<slug:code>/", letter_views.letter_new, name="letter_new"),
    path("papers/<int:paper_id>/redact/", redact_views.redact, name="redact"),
    path("papers/<int:paper_id>/remove/", case_views.paper_remove, name="paper_remove"),
    path("papers/<int:paper_id>/identity/", case_views.identity_open, name="identity_open"),
]

"""Addresses of what an office sets up for its letters, of the delivery of letters, and of drawing what is redacted."""

from __future__ import annotations

from django.urls import path

from gongkai.features.foi.staff import (
    answer_views,
    delivery_views,
    letter_views,
    office_views,
    redact_views,
    template_views,
)

urlpatterns = [
    path("settings/", office_views.office_list, name="office_list"),
    path("settings/<int:unit_id>/", office_views.office, name="office"),
    path("settings/<int:unit_id>/templates/", template_views.template_list, name="template_list"),
    path("settings/<int:unit_id>/templates/<slug:code>/", template_views.template, name="template"),
    path("settings/<int:unit_id>/templates/<slug:code>/use/", template_views.template_use, name="template_use"),
    path("settings/<int:unit_id>/templates/<slug:code>/file/", template_views.template_file, name="template_file"),
    path("settings/<int:unit_id>/templates/<slug:code>/look/", template_views.template_look, name="template_look"),
    path("settings/<int:unit_id>/answers/", answer_views.answer_list, name="answer_list"),
    path("settings/<int:unit_id>/answers/new/", answer_views.answer_new, name="answer_new"),
    path("settings/<int:unit_id>/answers/<int:answer_id>/", answer_views.answer_edit, name="answer_edit"),
    path("settings/<int:unit_id>/answers/<int:answer_id>/retire/", answer_views.answer_retire, name="answer_retire"),
    path("<int:application_id>/letters/<slug:code>/blank/", letter_views.letter_blank, name="letter_blank"),
    path("<int:application_id>/deliveries/", delivery_views.delivery_list, name="delivery_list"),
    path("papers/<int:paper_id>/delivery/", delivery_views.delivery, name="delivery"),
    path("papers/<int:paper_id>/delivery/sheet/", delivery_views.delivery_sheet, name="delivery_sheet"),
    path("papers/<int:paper_id>/redact/find/", redact_views.redact_find, name="redact_find"),
    path("papers/<int:paper_id>/redact/list/", redact_views.redaction_sheet, name="redaction_list"),
    path("papers/<int:paper_id>/redact/pages/<int:page>/", redact_views.redact_page, name="redact_page"),
]

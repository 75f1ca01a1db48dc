"""Staff addresses of what follows publication."""

from __future__ import annotations

from django.urls import path

from gongkai.features.disclosure.staff import aftercare_views, banner_views

urlpatterns = [
    path("validity/", aftercare_views.review_list, name="validity_list"),
    path("validity/<int:item_id>/", aftercare_views.review_item, name="validity_item"),
    path("reassessments/", aftercare_views.reassessment_list, name="reassessment_list"),
    path("reassessments/<int:item_id>/", aftercare_views.reassess_item, name="reassess_item"),
    path("risks/", aftercare_views.risk_list, name="risk_list"),
    path("risks/judge/", aftercare_views.risk_judge, name="risk_judge"),
    path("banners/", banner_views.banner_list, name="banner_list"),
    path("banners/<int:banner_id>/end/", banner_views.banner_take_down, name="banner_take_down"),
]

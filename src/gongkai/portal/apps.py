"""Registers the app with Django, and what pages of sites need of Wagtail and the kernel."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    """The public site."""

    name = "gongkai.portal"
    label = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        """Say which forms edit pages, what follows when Wagtail publishes one, who sees pictures, what applicants are shown."""
        from wagtail.signals import page_published, page_unpublished

        from gongkai.features.foi.suggesting import register_suggester
        from gongkai.kernel.files.readers import register_reader
        from gongkai.portal.models import ColumnPage, HomePage, TextPage, TopicPage
        from gongkai.portal.pages import following, pictures, web
        from gongkai.portal.pages.staff.page_forms import ColumnPageForm, SitePageForm, TopicPageForm
        from gongkai.portal.search.for_applicants import published_for

        for page, form in (
            (HomePage, SitePageForm),
            (ColumnPage, ColumnPageForm),
            (TopicPage, TopicPageForm),
            (TextPage, SitePageForm),
        ):
            page.base_form_class = form
        register_reader(pictures.TARGET, pictures.may_read_picture)
        register_suggester(published_for)
        page_published.connect(following.on_page_published, dispatch_uid="portal.page_published")
        page_unpublished.connect(following.on_page_unpublished, dispatch_uid="portal.page_unpublished")
        post_migrate.connect(web.put_primary, sender=self, dispatch_uid="portal.primary")

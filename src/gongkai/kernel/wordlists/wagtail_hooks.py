"""The lists of words in the sidebar."""

from __future__ import annotations

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_menu_item")
def words_menu_item() -> MenuItem:
    """Lead to the lexicon; everybody in the back office may look at it."""
    return MenuItem("词库", reverse("wordlists:staff:word_list"), name="wordlists", icon_name="gk-check", order=210)

"""Connected systems among the settings of system administrators."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from gongkai.kernel.tokens.permissions import can_manage_tokens


class TokensMenuItem(MenuItem):
    """Shown to system administrators."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the person of this request may open the page."""
        return can_manage_tokens(request.actor)


@hooks.register("register_settings_menu_item")
def tokens_menu_item() -> MenuItem:
    """Lead to the connected systems."""
    return TokensMenuItem("接入系统", reverse("tokens:staff:token_list"), name="tokens", icon_name="gk-link")

"""How the Wagtail admin becomes the staff workbench: our styles, icons, menu and home panels."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks

from gongkai.design.icons import templates as icon_templates

STYLES = ("tokens", "base", "layout", "forms", "tables", "components", "lists", "charts", "staff")


@hooks.register("insert_global_admin_css")
def admin_styles() -> SafeString:
    """Load the components on every page of the admin."""
    screen = format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((static(f"design/css/{name}.css"),) for name in STYLES)
    )
    paper = format_html_join("", '<link rel="stylesheet" media="print" href="{}">', [(static("design/css/print.css"),)])
    return screen + paper


@hooks.register("insert_global_admin_js")
def admin_scripts() -> SafeString:
    """Load the small conveniences on every page of the admin."""
    return format_html_join("", '<script src="{}" defer></script>', [(static("design/js/gk.js"),)])


@hooks.register("register_icons")
def admin_icons(icons: list[str]) -> list[str]:
    """Add our icons to the sprite of the admin."""
    return icons + icon_templates()

"""What a person chooses for the own workbench."""

from __future__ import annotations

from wagtail.users.models import UserProfile

from gongkai.kernel.accounts.actor import Actor


def appearance_set(*, actor: Actor, theme: str, contrast: str) -> UserProfile:
    """Remember how the person wants to see the back office: ``theme`` and ``contrast`` as Wagtail names them.

    Raises ValueError for a choice that does not exist.
    """
    if theme not in UserProfile.AdminColorThemes.values or contrast not in UserProfile.AdminContrastThemes.values:
        raise ValueError(f"unknown appearance {theme!r}, {contrast!r}")
    profile, _ = UserProfile.objects.update_or_create(
        user_id=actor.user_id, defaults={"theme": theme, "contrast": contrast}
    )
    return profile

"""Changing people, posts and passwords, and recording who signed in."""

from gongkai.kernel.accounts.services.people import (
    UPDATABLE,
    password_change,
    password_reset,
    user_activate,
    user_create,
    user_deactivate,
    user_update,
)
from gongkai.kernel.accounts.services.posts import post_end, post_grant, user_create_with_post
from gongkai.kernel.accounts.services.signin import lock_out_record, sign_in_failed_record, sign_in_record

__all__ = [
    "UPDATABLE",
    "lock_out_record",
    "password_change",
    "password_reset",
    "post_end",
    "post_grant",
    "sign_in_failed_record",
    "sign_in_record",
    "user_activate",
    "user_create",
    "user_create_with_post",
    "user_deactivate",
    "user_update",
]

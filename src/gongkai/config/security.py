"""Response headers that keep a browser from running what we did not write."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PUBLIC_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
# Wagtail's admin draws its sidebar and editors with inline styles and scripts of its own.
ADMIN_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline'; font-src 'self' data:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
FILE_POLICY = "sandbox; default-src 'none'"
PERMISSIONS = "camera=(), microphone=(), geolocation=()"


class ContentSecurityMiddleware:
    """Adds Content-Security-Policy and Permissions-Policy; the strict one everywhere but in the staff admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and add the headers that are not set yet."""
        response = self.get_response(request)
        policy = ADMIN_POLICY if request.path.startswith("/admin/") else PUBLIC_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


def page_headers(*, https: bool) -> dict[str, str]:
    """Return the headers of a public page that does not come through Django's own middleware."""
    headers = {
        "Content-Security-Policy": PUBLIC_POLICY,
        "Permissions-Policy": PERMISSIONS,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def file_headers() -> dict[str, str]:
    """Return what is different for attachments and pictures of items: nothing in them may run."""
    return {"Content-Security-Policy": FILE_POLICY}

"""The WSGI application that granian serves: the static release first, Django for everything else."""

from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from gongkai.config.manage import use_settings
from gongkai.config.parenting import die_with_parent_if_supervised
from gongkai.config.settling import settle

die_with_parent_if_supervised()
use_settings()
django_application = get_wsgi_application()

from gongkai.config.security import file_headers, page_headers  # noqa: E402 - settings first
from gongkai.portal.release.serving import ReleaseServer  # noqa: E402

settle()
application = ReleaseServer(
    django_application,
    Path(settings.RELEASE_DIR) / "site",
    headers=page_headers(https=settings.SECURE_SSL_REDIRECT),
    file_headers=file_headers(),
    secure=settings.SECURE_SSL_REDIRECT,
)

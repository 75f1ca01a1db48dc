"""The WSGI application that granian serves."""

from django.core.wsgi import get_wsgi_application

from gongkai.config.manage import use_settings

use_settings()
application = get_wsgi_application()

"""The WSGI application that granian serves."""

from django.core.wsgi import get_wsgi_application

from gongkai.config.manage import use_settings
from gongkai.config.parenting import die_with_parent_if_supervised

die_with_parent_if_supervised()
use_settings()
application = get_wsgi_application()

"""Jobs of the public site; importing a module here declares its jobs."""

from gongkai.portal.alerts import tasks as alerts
from gongkai.portal.api import tasks as api
from gongkai.portal.search import tasks as search

__all__ = ["alerts", "api", "search"]

"""What holds in every way of running. Values that an operator may choose come from ``config.env``."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from gongkai.config.env import read_environment

env = read_environment()

PACKAGE = Path(__file__).resolve().parents[2]
HOME: Path = env["GONGKAI_HOME"]
FILES_DIR = HOME / "files"
RELEASE_DIR = HOME / "release"
SEALED_KEYS: str = env["GONGKAI_SEALED_KEYS"]
SEALED_KEYS_FILE = HOME / "sealed_keys"
SEARCH_DIR = HOME / "search"
DUMP_DIR = HOME / "dump"
PLACE: str = env["GONGKAI_PLACE"]
LAYER: str = env["GONGKAI_LAYER"]
RULES_DIR: str = env["GONGKAI_RULES_DIR"]
BASE_URL: str = env["GONGKAI_BASE_URL"].rstrip("/")
# What the site is registered as; what is empty is left out of the pages (gongkai doctor says so).
SITE: dict[str, str] = {
    key: env[f"GONGKAI_SITE_{key.upper()}"]
    for key in ("name", "domain", "code", "icp", "police", "host", "keeper", "contact", "errors_url")
}

KIOSK_IDLE_SECONDS: int = max(30, env["GONGKAI_KIOSK_IDLE_SECONDS"])

INSTALLED_APPS = [
    "gongkai.kernel.accounts",
    "gongkai.kernel.orgs",
    "gongkai.kernel.audit",
    "gongkai.kernel.jobs",
    "gongkai.kernel.throttle",
    "gongkai.kernel.proof_of_work",
    "gongkai.kernel.notices",
    "gongkai.kernel.clocks",
    "gongkai.kernel.registers",
    "gongkai.kernel.files",
    "gongkai.kernel.links",
    "gongkai.kernel.wordlists",
    "gongkai.kernel.approvals",
    "gongkai.kernel.tokens",
    "gongkai.features.disclosure",
    "gongkai.features.foi",
    "gongkai.features.workplans",
    "gongkai.workbench",
    "gongkai.portal",
    "gongkai.design",
    "gongkai.config",
    "procrastinate.contrib.django",
    "axes",
    "wagtail.users",
    "wagtail.admin",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "gongkai.config.security.ContentSecurityMiddleware",
    "gongkai.portal.api.anonymous.AnonymousMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "gongkai.kernel.files.web.UploadLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gongkai.kernel.accounts.web.ActorMiddleware",
    "gongkai.portal.pages.rights.PageRightsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gongkai.config.urls"
WSGI_APPLICATION = "gongkai.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongkai.design.context.site",
                "gongkai.workbench.context.sample_city",
                "gongkai.portal.context.banners",
            ],
            "builtins": ["gongkai.design.templatetags.gk"],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "gongkai.kernel.accounts.passwords.LongEnoughValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "gongkai.kernel.accounts.passwords.ThreeKindsValidator"},
]
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"

SESSION_COOKIE_AGE = env["GONGKAI_SESSION_MINUTES"] * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
if env["GONGKAI_HTTPS"]:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the lock ends when the page says it does
AXES_LOCKOUT_TEMPLATE = "design/lockout.html"
AXES_IPWARE_PROXY_COUNT = env["GONGKAI_PROXIES"] or None

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = HOME / "media"
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = None
ALERT_CONFIRM_DAYS: int = env["GONGKAI_ALERT_CONFIRM_DAYS"]
SEARCH_PER_MINUTE: int = env["GONGKAI_SEARCH_PER_MINUTE"]
FOI_LEGALITY_REVIEW = [one.strip() for one in str(env["GONGKAI_FOI_LEGALITY"]).split(",") if one.strip()]
FOI_FIGURES_SECONDS = 300  # how old the public figures of applications may be; technical
API_PER_MINUTE: int = env["GONGKAI_API_PER_MINUTE"]
TOKEN_PER_MINUTE: int = env["GONGKAI_TOKEN_PER_MINUTE"]
PROOF_WORK: int = env["GONGKAI_PROOF_WORK"]
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}
UPLOAD_LIMIT_BYTES = env["GONGKAI_UPLOAD_MB"] * 1024 * 1024
IMPORT_LIMIT_BYTES = env["GONGKAI_IMPORT_MB"] * 1024 * 1024
IMPORT_READERS: int = env["GONGKAI_IMPORT_READERS"] or os.cpu_count() or 1
# Links of items are asked by a job; of the inside only what is named here (gongkai.kernel.outgoing).
LINK_CHECK: bool = env["GONGKAI_LINK_CHECK"]
LINK_CHECK_INSIDE: list[str] = env["GONGKAI_LINK_CHECK_INSIDE"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # the correction screen of an imported plan sends a few fields a task

WAGTAIL_SITE_NAME = "公开 · 政务公开工作平台"
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAIL_MODERATION_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILADMIN_USER_LOGIN_FORM = "gongkai.workbench.forms.StaffLoginForm"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False  # our own page checks the old password, records the change
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {"WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea"},
}

EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = env["GONGKAI_EMAIL_FROM"]
EMAIL_URL: str = env["GONGKAI_EMAIL_URL"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
NOTICE_EMAIL_DAYS: int = env["GONGKAI_NOTICE_EMAIL_DAYS"]

# Finished jobs are deleted at once: what a job did stands in tables and in the audit trail, not in the queue.
PROCRASTINATE_WORKER_DEFAULTS = {
    "delete_jobs": "successful",
    "concurrency": env["GONGKAI_JOB_CONCURRENCY"],
    "shutdown_graceful_timeout": 20,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "gongkai.config.logs.LineFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env["GONGKAI_LOG_LEVEL"]},
    "loggers": {
        **{name: {"level": "WARNING"} for name in ("axes", "procrastinate", "django_tasks", "wagtail")},
        # At DEBUG the one writes down statements with their values, the other all that a page is made from.
        **{name: {"level": "INFO"} for name in ("django.db.backends", "django.template")},
    },
}

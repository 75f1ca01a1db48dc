"""A site of stock Wagtail with pages of the same fields and text, made in a folder of its own: none of our code serves it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import _hugo

PAGES = 40
SETTINGS = """
import os
BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DEBUG = False
SECRET_KEY = "a site that only measures"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "notices",
    "wagtail.contrib.forms", "wagtail.contrib.redirects", "wagtail.embeds", "wagtail.sites", "wagtail.users",
    "wagtail.snippets", "wagtail.documents", "wagtail.images", "wagtail.search", "wagtail.admin", "wagtail",
    "modelcluster", "taggit",
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
ROOT_URLCONF = "stock.urls"
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [os.path.join(BASE_DIR, "templates")],
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]},
}]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 600, **%(database)r}}
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = os.path.join(BASE_DIR, "static")
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
WAGTAIL_SITE_NAME = "stock"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
"""
MODELS = """
from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page


class NoticePage(Page):
    index_no = models.CharField(max_length=60, blank=True)
    doc_no = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    column = models.CharField(max_length=60, blank=True)
    written_on = models.DateField()
    issued_on = models.DateField()
    published_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)
    body = RichTextField()
"""
PAGE = """{%% extends "base.html" %%}
{%% load wagtailcore_tags %%}
{%% block content %%}
<nav><ol>{%% for one in page.get_ancestors %%}{%% if not one.is_root %%}<li><a href="{%% pageurl one %%}">{{ one.title }}</a></li>{%% endif %%}{%% endfor %%}</ol></nav>
<article class="dc-item">
  <dl class="dc-facts">
    <div><dt>索引号</dt><dd>{{ page.index_no }}</dd></div><div><dt>文号</dt><dd>{{ page.doc_no }}</dd></div>
    <div><dt>发布机构</dt><dd>{{ page.issuer }}</dd></div><div><dt>信息种类</dt><dd>{{ page.kind }}</dd></div>
    <div><dt>成文日期</dt><dd>{{ page.written_on }}</dd></div><div><dt>印发日期</dt><dd>{{ page.issued_on }}</dd></div>
    <div><dt>所属栏目</dt><dd>{{ page.column }}</dd></div><div><dt>发布日期</dt><dd>{{ page.published_at|date:"Y年n月j日" }}</dd></div>
  </dl>
  <header class="dc-item__head"><h1>{{ page.title }}</h1>
    <p><span>{{ page.issuer }}</span> <time datetime="{{ page.published_at|date:"c" }}">{{ page.published_at|date:"Y-m-d H:i" }}</time></p></header>
  <div class="dc-item__body">{{ page.body|richtext }}</div>
  <footer>{%% verbatim %%}%(rest)s{%% endverbatim %%} <code>{{ page.digest }}</code></footer>
</article>
{%% endblock %%}
"""
FILL = """
import datetime
import django
django.setup()
from django.utils import timezone
from wagtail.models import Page, Site
from notices.models import NoticePage
home = Page.objects.get(depth=2)
body = open("body.html").read()
for n in range(%(pages)d):
    home.add_child(instance=NoticePage(
        title="关于做好第%%d项信息公开工作的通知" %% n, slug="notice-%%d" %% n, index_no="BENCH-%%d" %% n, doc_no="青财办〔2026〕%%d号" %% n,
        issuer="青溪县财政局", kind="通知", column="政府文件", written_on=datetime.date(2026, 1, 1),
        issued_on=datetime.date(2026, 1, 2), published_at=timezone.now(), digest="0" * 64, body=body))
"""


def make(folder: Path, html: str, database: dict[str, Any]) -> str:
    """Write the project, migrate its database and fill it; return the address of a page. ``html`` is our page."""
    before, body, after = _hugo.parted(html)
    head, _, opened = before.partition('<main class="gk-main"')
    foot = after.partition("<footer")[2].partition(">")[2].partition("</footer>")[0]
    base = f'{head}<main class="gk-main"{opened.partition(">")[0]}>', f"</main>{after.partition('</main>')[2]}"
    for name in ("stock", "notices", "templates/notices"):
        (folder / name).mkdir(parents=True)
    for name in ("stock", "notices"):
        (folder / name / "__init__.py").write_text("")
    start, end = (f"{{% verbatim %}}{part}{{% endverbatim %}}" for part in base)
    files = {
        "stock/settings.py": SETTINGS % {"database": database},
        "stock/urls.py": "from django.urls import include, path\nfrom wagtail import urls\n"
        "urlpatterns = [path('', include(urls))]\n",
        "stock/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
        "notices/models.py": MODELS,
        "templates/base.html": f"{start}{{% block content %}}{{% endblock %}}{end}",
        "templates/notices/notice_page.html": PAGE % {"rest": foot},
        "body.html": body,
        "fill.py": FILL % {"pages": PAGES},
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    for command in (
        ["-m", "django", "makemigrations", "notices"],
        ["-m", "django", "migrate", "--verbosity", "0"],
        ["fill.py"],
    ):
        done = subprocess.run(
            [sys.executable, *command], cwd=folder, env=environment(folder), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"stock Wagtail: {' '.join(command)}: {done.stderr[-2000:]}")
    return "/notice-1/"


def environment(folder: Path) -> dict[str, str]:
    """Return what a process of the project runs with."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "stock.settings", "PYTHONPATH": str(folder)}

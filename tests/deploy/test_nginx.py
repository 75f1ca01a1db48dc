"""The production configuration over a built release, with the application and its database stopped."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from wsgiref.simple_server import WSGIRequestHandler, make_server

import brotli
import pytest
from django.conf import LazySettings

from gongkai.features.disclosure.services.attachments import attachment_add
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.portal.pages.pictures import picture_name
from gongkai.portal.pages.services.pictures import picture_store
from gongkai.portal.release.builder import Builder
from gongkai.portal.release.serving import ReleaseServer
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import NOW, World
from tests.portal.pages.conftest import Sites
from tests.portal.pages.test_pictures import picture

ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx") or next((p for p in ("/usr/sbin/nginx",) if os.access(p, os.X_OK)), None)
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (apt-get install nginx)")
OUTER = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log stderr warn;
worker_processes 1;
events {{ worker_connections 64; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/gongkai.conf;
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """nginx over a release: what it answers."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.paths: dict[str, str] = {}
        self.behind = 0
        self.release = Path()

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, quote(path, safe="/?=&"), headers=names)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body


@pytest.fixture
def site(db: None, tmp_path: Path, settings: LazySettings) -> Iterator[Site]:
    settings.FILES_DIR = tmp_path / "files"
    paths = release(tmp_path / "release")
    site = Site(free_port())
    site.paths, site.behind, site.release = paths, free_port(), tmp_path / "release/site"
    folder = tmp_path / "nginx"
    folder.mkdir()
    text = (ROOT / "deploy/nginx.conf").read_text()
    for before, after in (
        ("/srv/gongkai/release/site", str(tmp_path / "release/site")),
        ("listen 80;", f"listen 127.0.0.1:{site.port};"),
        ("127.0.0.1:8000", f"127.0.0.1:{site.behind}"),  # nobody listens there: the application is stopped
        ("# www.county.example.gov.cn sites/county/;", "www.dongwan.example sites/dongwan/;"),
    ):
        assert before in text
        text = text.replace(before, after)
    (folder / "gongkai.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers may not read the folder of the test
    (folder / "nginx.conf").write_text(OUTER.format(folder=folder, user=user))
    command = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stderr=log)
    try:
        wait_for(site.port, process, folder / "log")
        yield site
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(log.read_text())


def release(root: Path) -> dict[str, str]:
    """Build a site with an item and its file, one that was withdrawn and one that went into another."""
    bureau = Bureau(World())
    item = bureau.draft()
    attachment_add(actor=bureau.drafter, item_id=item.pk, upload=b"a,b\n1,2\n", name="附件 一.csv", now=NOW)
    bureau.sign(bureau.circulate(bureau.decide(fresh(item))))
    publication_make(actor=bureau.office, item_id=item.pk, now=NOW)
    gone, moved = bureau.published(), bureau.published()
    for other, kind, more in ((gone, "withdrawn", {}), (moved, "merged", {"redirect_to": item.pk})):
        publication_withdraw(actor=bureau.office, item_id=other.pk, kind=kind, reason="核实", now=NOW, **more)
    sites = Sites(bureau.world)
    sites.town()
    shown = picture_store(actor=sites.writer, upload=picture(), website=sites.primary, now=NOW)
    sites.topic(item, picture=shown, picture_alt="山和河")
    Builder(root, clock=lambda: NOW).full()
    [file] = (root / f"site/info/{item.uid}/files").glob("*/*")
    return {
        "item": f"/info/{item.uid}/",
        "file": f"/{file.relative_to(root / 'site').as_posix()}",
        "gone": f"/info/{gone.uid}/",
        "moved": f"/info/{moved.uid}/",
        "style": "/static/design/css/tokens.css",
        "picture": f"/topics/jiuzhu/{picture_name(shown)}",
    }


def nothing(environ: dict[str, Any], start: Any) -> list[bytes]:
    """An application that has nothing but the release, and says what it was asked for."""
    start("404 Not Found", [("X-Asked", environ["PATH_INFO"])])
    return [b""]


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def running(site: Site) -> Iterator[None]:
    """Let the application behind nginx run."""
    application = ReleaseServer(nothing, site.release, headers={}, file_headers={})
    server = make_server("127.0.0.1", site.behind, application, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


class TestNginx:
    def test_answers_all_that_is_published_with_the_application_stopped(self, site: Site) -> None:
        item, gone, moved = site.paths["item"], site.paths["gone"], site.paths["moved"]
        for path in (
            "/",
            "/info/",
            "/info/p/1/",
            "/units/",
            "/plans/",
            "/audit/anchors/",
            item,
            f"{item}proof/",
            f"{gone}proof/",
        ):
            response, body = site.ask(path)
            assert (path, response.status) == (path, 200)
            assert response.headers["Content-Type"] == "text/html; charset=utf-8"
            assert body.startswith(b"<!doctype html>")
        for path, kind in (
            ("/info/feed.xml", "application/rss+xml"),
            ("/info/atom.xml", "application/atom+xml"),
            ("/info/feed.json", "application/feed+json"),
            ("/sitemap.xml", "application/xml"),
            ("/sitemap/1.xml", "application/xml"),
            ("/robots.txt", "text/plain"),
            ("/audit/anchors/anchors.json", "application/json"),
            ("/release/head.json", "application/json"),
            (site.paths["style"], "text/css"),
        ):
            response, _ = site.ask(path)
            assert (path, response.status) == (path, 200)
            assert response.headers["Content-Type"].startswith(kind)
        response, body = site.ask(gone)
        assert response.status == 410
        assert "这条信息已经撤下" in body.decode()
        response, body = site.ask(moved)
        assert (response.status, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        assert f"url={item}?merged=" in body.decode()

    def test_leads_on_from_what_went_into_another_item_while_the_application_runs(self, site: Site) -> None:
        with running(site):
            response, _ = site.ask(site.paths["moved"])
        assert response.status == 301
        assert response.headers["Location"].startswith(f"{site.paths['item']}?merged=")

    def test_hands_long_questions_to_the_application(self, site: Site) -> None:
        with running(site):
            response, _ = site.ask(f"/search/?q={'公' * 7_000}")
        assert response.headers["X-Asked"] == "/search/"

    def test_shows_the_first_page_of_the_site_whose_name_was_asked_for(self, site: Site) -> None:
        body = site.ask("/", Host="www.dongwan.example")[1]
        assert body == site.ask("/sites/dongwan/")[1] != site.ask("/")[1]
        assert "东湾镇政务公开" in body.decode()
        packed, _ = site.ask("/", Host="www.dongwan.example", Accept_Encoding="br")
        assert packed.headers["Content-Encoding"] == "br"
        item = site.paths["item"]
        assert site.ask(item, Host="www.dongwan.example")[1] == site.ask(item)[1]

    def test_sends_the_picture_of_a_topic(self, site: Site) -> None:
        response, body = site.ask(site.paths["picture"])
        assert (response.status, response.headers["Content-Type"], body[:2]) == (200, "image/jpeg", b"\xff\xd8")

    def test_packs_as_the_reader_accepts_and_sends_nothing_twice(self, site: Site) -> None:
        plain = site.ask("/info/")[1]
        response, body = site.ask("/info/", Accept_Encoding="gzip, br")
        assert response.headers["Content-Encoding"] == "br"
        assert brotli.decompress(body) == plain
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        response, body = site.ask("/info/", Accept_Encoding="gzip")
        assert response.headers["Content-Encoding"] == "gzip"
        assert len(body) < len(plain) / 2
        response, _ = site.ask("/info/")
        assert "Content-Encoding" not in response.headers
        again, body = site.ask("/info/", If_None_Match=response.headers["ETag"])
        assert (again.status, body) == (304, b"")
        head, body = site.ask("/info/", "HEAD")
        assert (head.status, body) == (200, b"")

    def test_sends_the_headers_that_keep_strangers_out(self, site: Site) -> None:
        for path in ("/", site.paths["item"], site.paths["gone"]):
            headers = site.ask(path)[0].headers
            assert "script-src 'self'" in headers["Content-Security-Policy"]
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["X-Frame-Options"] == "SAMEORIGIN"
            assert headers["Referrer-Policy"] == "same-origin"
            assert headers["Cache-Control"] == "no-cache"
        response, body = site.ask(site.paths["file"])
        assert (response.status, body) == (200, b"a,b\n1,2\n")
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response.headers["Content-Disposition"] == "attachment"

    def test_gives_everybody_the_theme_of_their_choice(self, site: Site) -> None:
        assert b"125%" not in site.ask("/display/theme.css")[1]
        response, body = site.ask("/display/theme.css", Cookie="a=b; gk_size=large; gk_theme=contrast")
        assert b"125%" in body and b"#000000" in body
        assert b".gp-topic__picture" in site.ask("/display/theme.css", Cookie="gk_size=plain")[1]
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert "Cookie" in response.headers["Vary"]

    def test_a_question_gets_the_page_without_its_answer_and_the_back_office_503(self, site: Site) -> None:
        assert site.ask("/info/?q=x")[0].status in (200, 503)
        assert site.ask("/info/?from=wechat")[0].status == 200
        assert site.ask("/admin/")[0].status == 503
        assert site.ask("/nothing/here/")[0].status == 503
        assert site.ask("/../../etc/passwd")[0].status in (400, 503)

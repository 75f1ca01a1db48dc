from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import brotli
import pytest

from gongkai.config.security import file_headers, page_headers
from gongkai.portal.release.disk import Disk
from gongkai.portal.release.serving import ReleaseServer

UID = "0b8f6c9e-2c4d-4a53-9a6e-0d8f3c1b2a77"
HOME = "<!doctype html><title>首页</title>" + "定了什么，谁来办。" * 200
MOVED = f'<meta http-equiv="refresh" content="0; url=/info/{UID}/?merged=a&amp;x=1">'


class Answer:
    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    disk = Disk(tmp_path)
    with disk.alone():
        disk.put(
            {
                "index.html": HOME.encode(),
                "info/gone/gone.html": b"<title>gone</title>",
                "info/moved/moved.html": MOVED.encode(),
                f"info/{UID}/files/3/表 1.pdf": b"%PDF-1.7",
                f"info/{UID}/files/4/4.png": b"png",
                "static/a.0123456789ab.css": b"a{}",
                "sitemap.xml": b"<x/>",
                "display/theme/normal-auto.css": b"/* auto */",
                "display/theme/large-dark.css": b"/* large dark */",
            },
        )
    return disk.site


def django(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    start("299 Django", [])
    return [b"django"]


def ask(site: Path, path: str, method: str = "GET", *, secure: bool = False, **more: str) -> Answer:
    server = ReleaseServer(django, site, headers=page_headers(https=secure), file_headers=file_headers(), secure=secure)
    answer = Answer()

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        answer.status, answer.headers = int(status.split()[0]), dict(headers)

    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "wsgi.url_scheme": "http",
        **more,
    }
    answer.body = b"".join(server(environ, start))
    return answer


class TestPage:
    def test_comes_from_the_file_with_the_headers_of_every_page(self, site: Path) -> None:
        answer = ask(site, "/")
        assert (answer.status, answer.body.decode()) == (200, HOME)
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_is_not_sent_again_to_whoever_has_it(self, site: Path) -> None:
        etag = ask(site, "/").headers["ETag"]
        answer = ask(site, "/", HTTP_IF_NONE_MATCH=etag)
        assert (answer.status, answer.body, answer.headers["ETag"]) == (304, b"", etag)

    def test_is_sent_anew_when_its_file_changed(self, site: Path) -> None:
        etag = ask(site, "/").headers["ETag"]
        (site / "index.html").write_bytes(b"<title>new</title>")
        assert ask(site, "/", HTTP_IF_NONE_MATCH=etag).body == b"<title>new</title>"

    @pytest.mark.parametrize(
        ("accepted", "encoding"),
        [("br, gzip", "br"), ("gzip, deflate", "gzip"), ("br;q=0, gzip", "gzip"), ("", ""), ("identity", "")],
    )
    def test_is_packed_as_the_reader_accepts(self, site: Path, accepted: str, encoding: str) -> None:
        answer = ask(site, "/", HTTP_ACCEPT_ENCODING=accepted)
        assert answer.headers.get("Content-Encoding", "") == encoding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert int(answer.headers["Content-Length"]) == len(answer.body)
        if encoding == "br":
            assert brotli.decompress(answer.body).decode() == HOME

    def test_head_tells_the_same_without_the_page(self, site: Path) -> None:
        answer = ask(site, "/", "HEAD")
        assert (answer.status, answer.body) == (200, b"")
        assert answer.headers == ask(site, "/").headers


class TestWhatIsGone:
    def test_answers_410(self, site: Path) -> None:
        assert ask(site, "/info/gone/").status == 410

    def test_leads_on_for_good(self, site: Path) -> None:
        answer = ask(site, "/info/moved/")
        assert (answer.status, answer.headers["Location"]) == (301, f"/info/{UID}/?merged=a&x=1")


class TestFiles:
    def test_attachment_is_saved_under_its_name_and_runs_nothing(self, site: Path) -> None:
        answer = ask(site, f"/info/{UID}/files/3/表 1.pdf")
        assert (answer.status, answer.body) == (200, b"%PDF-1.7")
        assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''%E8%A1%A8%201.pdf"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"

    def test_picture_is_shown(self, site: Path) -> None:
        answer = ask(site, f"/info/{UID}/files/4/4.png")
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Content-Disposition"].startswith("inline")

    def test_what_is_named_by_its_digest_is_kept_for_long(self, site: Path) -> None:
        assert "immutable" in ask(site, "/static/a.0123456789ab.css").headers["Cache-Control"]
        assert ask(site, "/sitemap.xml").headers["Cache-Control"] == "no-cache"

    def test_large_ones_are_streamed(self, site: Path) -> None:
        place = site / f"info/{UID}/files/5/5.bin"
        place.parent.mkdir(parents=True)
        place.write_bytes(b"x" * 700_000)
        assert ask(site, f"/info/{UID}/files/5/5.bin").body == b"x" * 700_000


class TestTheme:
    def test_is_the_one_the_reader_chose(self, site: Path) -> None:
        assert ask(site, "/display/theme.css").body == b"/* auto */"
        answer = ask(site, "/display/theme.css", HTTP_COOKIE="gk_size=large; a=b; gk_theme=dark")
        assert answer.body == b"/* large dark */"
        assert answer.headers["Vary"] == "Accept-Encoding, Cookie"
        assert answer.headers["Cache-Control"] == "private, no-cache"

    def test_takes_no_path_from_a_cookie(self, site: Path) -> None:
        assert ask(site, "/display/theme.css", HTTP_COOKIE="gk_size=../../x").body == b"/* auto */"


class TestDjango:
    @pytest.mark.parametrize(
        "path",
        [
            "/admin/", "/?page=2", "/nothing/", "/../secret", "/%2e%2e/", "/.hidden/", "//", "/index.html", "/info/gone",
            "/index.html.br", "/info/gone/gone.html", "/a\0b", "/display/", f"/info/{UID}/files/9/x.pdf",
        ],
    )  # fmt: skip
    def test_answers_what_is_not_released(self, site: Path, path: str) -> None:
        assert ask(site, path).status == 299

    def test_gets_what_is_sent(self, site: Path) -> None:
        assert ask(site, "/", "POST").status == 299

    def test_leads_to_https_where_that_is_asked_for(self, site: Path) -> None:
        assert ask(site, "/", secure=True).status == 299
        answer = ask(site, "/", secure=True, HTTP_X_FORWARDED_PROTO="https")
        assert answer.status == 200
        assert "Strict-Transport-Security" in answer.headers

    def test_answers_everything_before_the_first_release(self, tmp_path: Path) -> None:
        assert ask(tmp_path / "nowhere", "/").status == 299


class TestHosts:
    """``gongkai run`` shows each site under its own name, as a web server does."""

    @pytest.fixture
    def two(self, tmp_path: Path) -> Path:
        disk = Disk(tmp_path)
        hosts = b'{"www.dongwan.example": "sites/dongwan/"}'
        with disk.alone():
            disk.put(
                {
                    "index.html": b"primary",
                    "sites/dongwan/index.html": b"town",
                    "sites/hosts.json": hosts,
                    "info/index.html": b"info",
                }
            )
        return disk.site

    @pytest.mark.parametrize("host", ["www.dongwan.example", "WWW.Dongwan.example", "www.dongwan.example:8000"])
    def test_shows_the_first_page_of_the_site_whose_name_was_asked_for(self, two: Path, host: str) -> None:
        assert ask(two, "/", HTTP_HOST=host).body == b"town"
        assert ask(two, "/info/", HTTP_HOST=host).body == b"info"

    @pytest.mark.parametrize("host", ["www.example.gov.cn", "[::1]:8000", "", "localhost", "dongwan.example"])
    def test_any_other_name_is_that_of_the_primary_site(self, two: Path, host: str) -> None:
        assert ask(two, "/", HTTP_HOST=host).body == b"primary"

    def test_a_name_is_forgotten_with_the_release_that_had_it(self, two: Path) -> None:
        server = ReleaseServer(django, two, headers={}, file_headers={})
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/",
            "wsgi.url_scheme": "http",
            "HTTP_HOST": "www.dongwan.example",
        }
        shown = []
        for hosts in (None, "{}", "no json"):
            if hosts is not None:
                (two / "sites/hosts.json").write_text(hosts)
            shown.append(b"".join(server(environ, lambda status, headers: None)))
        assert shown == [b"town", b"primary", b"primary"]

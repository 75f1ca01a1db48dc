"""Asking addresses: what a site answers, where it leads, and that it never leads inside."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from gongkai.kernel.outgoing import Answer, Limits, Problem, link_ask, links_ask, networks
from tests.kernel.outgoing.server import LOOPBACK, Site, running

SHORT = Limits(wait=0.3, whole=0.5)


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as found:
        yield found


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class TestLinkAsk:
    @pytest.mark.parametrize(
        ("path", "reachable", "status"),
        [
            ("/200", True, 200),
            ("/", True, 200),
            ("/204", True, 204),
            ("/get", True, 200),
            ("/404", False, 404),
            ("/410", False, 410),
            ("/500", False, 500),
            ("/503", False, 503),
            ("/403", None, 403),
            ("/429", None, 429),
            ("/公开?年份=2026", True, 200),
        ],
    )
    def test_tells_what_the_site_answers(self, site: Site, path: str, reachable: bool | None, status: int) -> None:
        url = site.url(path)
        assert link_ask(url, allowed=LOOPBACK) == Answer(url, reachable, status)

    def test_asks_by_head_first_and_by_get_where_that_fails(self, site: Site) -> None:
        link_ask(site.url("/200"), allowed=LOOPBACK)
        link_ask(site.url("/get"), allowed=LOOPBACK)
        assert site.asked == [("HEAD", "/200"), ("HEAD", "/get"), ("GET", "/get")]

    def test_follows_redirects_and_judges_where_they_end(self, site: Site) -> None:
        assert link_ask(site.url("/to//to//404"), allowed=LOOPBACK).status == 404
        assert link_ask(site.url(f"/to/{site.url('/200')}"), allowed=LOOPBACK).reachable

    def test_a_circle_of_redirects_ends(self, site: Site) -> None:
        assert link_ask(site.url("/round"), allowed=LOOPBACK).problem is Problem.REDIRECTS
        assert len(site.asked) == 6

    def test_nothing_of_the_inside_is_asked(self, site: Site) -> None:
        for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]"):
            answer = link_ask(site.url("/200", host))
            assert (answer.reachable, answer.problem) == (False, Problem.INSIDE), host
        assert site.asked == []

    @pytest.mark.parametrize("inner", ["http://127.0.0.2:{port}/200", "//127.0.0.2:{port}/", "http://[::1]:{port}/"])
    def test_no_redirect_leads_inside(self, site: Site, inner: str) -> None:
        url = site.url(f"/to/{inner.format(port=site.server_port)}")
        assert link_ask(url, allowed=networks(["127.0.0.1"])).problem is Problem.INSIDE
        assert len(site.asked) == 1

    @pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://user@127.0.0.1/"])
    def test_no_redirect_leads_out_of_the_web(self, site: Site, target: str) -> None:
        assert link_ask(site.url(f"/to/{target}"), allowed=LOOPBACK).problem is Problem.NO_HTTP

    def test_connects_to_the_address_that_was_judged(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        """A name that leads elsewhere at the second look (DNS rebinding) is not looked up a second time."""
        looked: list[str] = []
        real = socket.getaddrinfo

        def look_up(host: str, *args: object, **more: object) -> object:
            if host == "www.example.com":
                looked.append(host)
                return real("127.0.0.1", *args, **more)
            return real(host, *args, **more)

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        assert link_ask(site.url("/200", "www.example.com"), allowed=LOOPBACK).reachable
        assert looked == ["www.example.com"]

    def test_says_why_there_was_no_answer(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        assert link_ask(f"http://127.0.0.1:{free_port()}/", allowed=LOOPBACK).problem is Problem.REFUSED
        assert link_ask(site.url("/hang"), allowed=LOOPBACK, limits=SHORT).problem is Problem.TIMEOUT
        assert link_ask(site.url("/noise"), allowed=LOOPBACK).problem is Problem.NO_HTTP
        assert link_ask(site.url("/200").replace("http:", "https:"), allowed=LOOPBACK).problem is Problem.CERTIFICATE

        def nowhere(*args: object, **more: object) -> object:
            raise socket.gaierror(-2, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", nowhere)
        assert link_ask("http://nothing.example.com/", allowed=LOOPBACK).problem is Problem.NO_NAME

    @pytest.mark.parametrize("url", ["http://[::1/", "http://a:b/", "javascript:alert(1)", "", "http://a\r\nX: y/"])
    def test_what_is_no_address_raises_nothing(self, url: str) -> None:
        assert link_ask(url, allowed=LOOPBACK).reachable is False


class TestLinksAsk:
    def test_asks_a_host_one_after_the_other_with_a_pause_and_not_without_end(self, site: Site) -> None:
        paused: list[float] = []
        urls = [site.url(f"/200?{n}") for n in range(5)]
        found = list(links_ask([*urls, urls[0]], allowed=LOOPBACK, most_of_a_host=3, pause=2.5, sleep=paused.append))
        assert [[one.url for one in host] for host in found] == [urls[:3]]
        assert paused == [2.5, 2.5]
        assert len(site.asked) == 3

    def test_a_host_that_hangs_does_not_keep_the_others(self, site: Site) -> None:
        urls = [site.url("/hang"), site.url("/200", "localhost")]
        found = {one.url: one for host in links_ask(urls, allowed=LOOPBACK, limits=SHORT) for one in host}
        assert found[urls[0]].problem is Problem.TIMEOUT
        assert found[urls[1]].reachable

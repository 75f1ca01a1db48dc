"""What the public can open: no page, list, feed, file, dump or search knows anything of an applicant or an application."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.utils import timezone

from gongkai.portal.api.services.dump import dump_make
from gongkai.portal.release.builder import Builder
from gongkai.portal.release.disk import files_below
from gongkai.portal.search import store
from gongkai.portal.search.for_applicants import published_for
from gongkai.portal.search.services.feed import index_rebuild
from gongkai.portal.search.words import forget_words
from tests.config.test_every_address import ADDRESSES, PUBLIC, _address
from tests.factories.foi import Desk
from tests.factories.world import World
from tests.features.foi.planted import ASKED, NAME, PHONE, SUBJECT, Planted, client_of, plant, traces

pytestmark = pytest.mark.django_db
WORDS = ("除险加固", "验收结论", "诸葛", SUBJECT, NAME, PHONE)


@pytest.fixture
def planted(world: World, settings: LazySettings, tmp_path: Path) -> Planted:
    settings.PROOF_WORK = 0
    for name in ("SEARCH_DIR", "RELEASE_DIR", "DUMP_DIR"):
        setattr(settings, name, tmp_path / name.lower())
    store.forget()
    forget_words()
    cache.clear()
    return plant(Desk(world, timezone.localdate()))


class TestPages:
    def test_no_public_address_tells_anything(self, planted: Planted) -> None:
        visitor = client_of(None)
        found = {}
        for name in sorted(PUBLIC):
            page = visitor.get(_address(name))
            body = b"".join(page.streaming_content) if page.streaming else page.content
            found[name] = traces(body + str(page.headers).encode(), planted.everything)
        assert {name: told for name, told in found.items() if told} == {}
        assert len(found) > 60

    def test_the_code_is_asked_by_form_and_stands_in_no_address(self, planted: Planted) -> None:
        visitor = client_of(None)
        shown = visitor.post("/apply/follow/", {"code": planted.code})
        page = shown.content.decode()
        assert planted.application.register_no in page
        links = [part.split('"')[0] for part in page.split('href="')[1:] + page.split('action="')[1:]]
        assert links and traces(" ".join(links), planted.everything) == []
        assert shown["Referrer-Policy"] == "same-origin"
        assert "foi:public" not in str(shown.headers) and traces(str(shown.headers), planted.everything) == []
        by_address = visitor.get(f"/apply/follow/?code={planted.code}").content.decode()
        assert planted.application.register_no not in by_address
        assert all("<" not in ADDRESSES[name] for name in PUBLIC if name.startswith("foi:public:follow"))

    def test_the_applicant_s_page_shows_neither_who_nor_what(self, planted: Planted) -> None:
        page = client_of(None).post("/apply/follow/", {"code": planted.code})
        assert traces(page.content, planted.person[:5]) == []
        assert traces(page.content, ("青溪水利建设公司", "局长")) == []

    @pytest.mark.parametrize("way", ["new/", "follow/", "look/", "draft/"])
    def test_pages_with_personal_data_stay_in_no_browser(self, planted: Planted, way: str) -> None:
        for answer in (
            client_of(None).get(f"/apply/{way}"),
            client_of(None).post(f"/apply/{way}", {"code": planted.code}),
        ):
            assert "no-store" in answer["Cache-Control"], way

    def test_every_answer_of_the_applicant_s_way_stays_in_no_browser(self, planted: Planted) -> None:
        for answer in planted.answers:
            assert "no-store" in answer["Cache-Control"], answer.request["PATH_INFO"]


class TestSearch:
    def test_neither_results_nor_suggestions_know_it(self, planted: Planted) -> None:
        index_rebuild(at=timezone.now())
        visitor = client_of(None)
        for word in WORDS:
            page = visitor.get("/search/", {"q": word})
            assert page.status_code == 200
            assert planted.application.register_no not in page.content.decode()
            if not traces(word, planted.everything):  # the page says again what was looked for
                assert traces(page.content, planted.everything) == []
            assert not published_for(word, timezone.now())
        assert traces(visitor.get("/search/suggest/", {"q": "除险"}).content, ASKED) == []

    def test_the_files_of_the_index_do_not_either(self, planted: Planted, settings: LazySettings) -> None:
        index_rebuild(at=timezone.now())
        files = [path for path in Path(settings.SEARCH_DIR).rglob("*") if path.is_file()]
        assert files and [path for path in files if traces(path.read_bytes(), planted.everything)] == []


class TestCopies:
    def test_the_dump_does_not_know_it(self, planted: Planted, settings: LazySettings) -> None:
        now = timezone.now()
        dump_make(settings.DUMP_DIR, at=now, on=timezone.localdate(now))
        files = [path for path in Path(settings.DUMP_DIR).rglob("*") if path.is_file()]
        assert files and [path for path in files if traces(path.read_bytes(), planted.everything)] == []

    def test_no_file_of_the_release_knows_it(self, planted: Planted, tmp_path: Path) -> None:
        builder = Builder(tmp_path / "release", clock=timezone.now)
        builder.full()
        site = builder.disk.site
        files = list(files_below(site))
        assert len(files) > 20
        assert [path for path in files if traces((site / path).read_bytes(), planted.everything)] == []


class TestFiles:
    def test_papers_are_at_no_address_of_the_public(self, planted: Planted) -> None:
        visitor = client_of(None)
        for paper in planted.papers.values():
            assert paper.file is not None
            assert visitor.get(f"/admin/files/{paper.file_id}/download/").status_code == 302
            for guess in (f"/media/{paper.file.name}", f"/files/{paper.file_id}/", f"/documents/{paper.file_id}/"):
                assert visitor.get(guess).status_code == 404

"""Files at the other end of a link."""

from __future__ import annotations

from gongkai.kernel.files.services import file_store
from gongkai.kernel.files.targets import show_files
from gongkai.kernel.links.references import resolver_of


class TestShowFiles:
    def test_shows_only_what_the_actor_may_read(self, home, make_actor, now):
        owner = make_actor("张三")
        file = file_store(actor=owner, upload=b"x", name="甲.txt", now=now)
        ids = [str(file.pk), "999999", "x"]
        shown = show_files(owner, ids)
        assert {i: (s.title, s.url) for i, s in shown.items()} == {
            str(file.pk): ("甲.txt", f"/admin/files/{file.pk}/download/")
        }
        assert show_files(make_actor("李四"), ids) == {}

    def test_is_registered(self):
        assert resolver_of("files.file") is show_files

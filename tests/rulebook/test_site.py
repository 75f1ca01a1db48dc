from __future__ import annotations

from importlib import resources

import pytest

from gongkai.rulebook.disclosure import disclosure_rules
from gongkai.rulebook.schema import Status
from gongkai.rulebook.site import meta_rules, read_meta_rules

TEXT = (resources.files("gongkai.rulebook") / "data" / "site" / "meta_tags.yaml").read_text(encoding="utf-8")


class TestMetaRules:
    def test_name_fifteen_tags_all_of_which_an_article_carries(self) -> None:
        rules = meta_rules()
        assert len(rules.tags) == 15
        assert set(rules.pages["article"]) == set(rules.tags)
        assert [len(rules.pages[kind]) for kind in ("home", "column")] == [3, 7]

    def test_say_which_was_seen(self) -> None:
        assert meta_rules().tags["PubDate"].status is Status.VERIFIED
        assert meta_rules().tags["Image"].status is Status.UNVERIFIED

    @pytest.mark.parametrize(
        ("tag", "content", "fits"),
        [
            ("SiteIDCode", "3607000001", True),
            ("SiteIDCode", "bm17000009", True),
            ("SiteIDCode", "360700001", False),
            ("SiteIDCode", "政府网站标识码", False),
            ("SiteIDCode", "３６０７０００００１", False),
            ("PubDate", "2026-07-19 07:16", True),
            ("PubDate", "2026-07-19 07:16:05", True),
            ("PubDate", "2026-7-19 7:16", False),
            ("PubDate", "2026-07-19 07:16 PM", False),
            ("SiteName", "青麓市人民政府", True),
            ("SiteName", "", False),
        ],
    )
    def test_know_the_form_of_a_value(self, tag: str, content: str, fits: bool) -> None:
        assert meta_rules().tags[tag].fits(content) is fits

    def test_give_classes_to_items_of_article_20_only(self) -> None:
        items = {column.statutory for column in disclosure_rules().columns.values()}
        assert set(meta_rules().types_of_items) <= items

    @pytest.mark.parametrize(
        ("old", "new", "named"),
        [
            ("[SiteName, SiteDomain, SiteIDCode]}", "[SiteNmae]}", "pages.home: SiteNmae"),
            ("required: optional", "required: perhaps", "tags.Image.required: perhaps"),
            ("'20.2': 机构职能", "'20.2': 机构", "types_of_items: 机构"),
        ],
    )
    def test_are_refused_with_what_is_wrong_named(self, old: str, new: str, named: str) -> None:
        with pytest.raises(ValueError, match=named):
            read_meta_rules(TEXT.replace(old, new))

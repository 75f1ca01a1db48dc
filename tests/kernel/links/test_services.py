"""Making, removing and showing links."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.selectors import entry_list
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.links import references
from gongkai.kernel.links.models import Link
from gongkai.kernel.links.references import Shown, register_editor, register_relation, register_target
from gongkai.kernel.links.selectors import link_counts, link_list, link_shown
from gongkai.kernel.links.services import link_create, link_remove

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SYSTEM = Actor.system("试验")
ITEM, FILE, OTHER = "workplans.item:12", "files.file:7", "files.file:8"


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    for name in ("_resolvers", "_editors", "_relations"):
        monkeypatch.setattr(references, name, {})
    register_relation("evidence", "佐证材料", "佐证")


@pytest.fixture
def make_actor(db, django_user_model):
    def make(name: str, *grants, authority_ids=frozenset()) -> Actor:
        user = django_user_model.objects.create(username=name)
        return Actor(user_id=user.pk, name=name, grants=frozenset(grants), authority_ids=frozenset(authority_ids))

    return make


def evidence(actor: Actor = SYSTEM, source: str = ITEM, target: str = FILE) -> Link:
    return link_create(actor=actor, source=source, relation="evidence", target=target, now=NOW)


class TestLinkCreate:
    def test_links_once_and_says_so_in_the_audit_trail(self, make_actor):
        actor = make_actor("张三")
        link = evidence(actor)
        assert (link.source, link.target, link.created_by_id, link.at) == (ITEM, FILE, actor.user_id, NOW)
        assert evidence(actor).pk == link.pk
        entries = entry_list(target_type="workplans.item", target_id="12")
        assert [(e.action, e.details) for e in entries] == [
            ("links.link.create", {"relation": "evidence", "target": FILE})
        ]

    def test_refuses_a_link_to_itself(self, db):
        with pytest.raises(Refused, match="它自己"):
            evidence(target=ITEM)

    def test_refuses_a_target_that_the_actor_cannot_see(self, db):
        register_target("files.file", lambda actor, ids: {i: Shown("甲") for i in ids if i == "7"})
        assert evidence().pk
        with pytest.raises(Refused, match="不存在"):
            evidence(target=OTHER)

    def test_asks_the_feature_of_the_source(self, make_actor):
        register_editor("workplans.item", lambda actor, id_: id_ == "12")
        assert evidence(make_actor("张三")).pk
        with pytest.raises(NotPermitted):
            evidence(make_actor("李四"), source="workplans.item:13")

    def test_is_not_for_visitors(self, db):
        with pytest.raises(NotPermitted):
            evidence(Actor.anonymous())

    @pytest.mark.parametrize(
        ("field", "value", "error"), [("source", "12", ValueError), ("relation", "x", LookupError)]
    )
    def test_malformed_calls_are_mistakes(self, db, field, value, error):
        call = {"source": ITEM, "relation": "evidence", "target": FILE, field: value}
        with pytest.raises(error):
            link_create(actor=SYSTEM, now=NOW, **call)


class TestLinkRemove:
    def test_removes_and_remembers(self, make_actor):
        actor = make_actor("张三")
        link_id = evidence(actor).pk
        link_remove(actor=actor, link_id=link_id, now=NOW)
        link_remove(actor=actor, link_id=link_id, now=NOW)
        assert not Link.objects.exists()
        assert [e.action for e in entry_list(target_type="workplans.item", target_id="12")] == [
            "links.link.remove",
            "links.link.create",
        ]

    def test_is_for_its_maker_and_the_authority(self, make_actor):
        maker, stranger = make_actor("张三"), make_actor("李四")
        authority = make_actor("王五", (Role.DISCLOSURE_OFFICE, 1), authority_ids={1})
        link = evidence(maker)
        with pytest.raises(NotPermitted):
            link_remove(actor=stranger, link_id=link.pk, now=NOW)
        link_remove(actor=authority, link_id=link.pk, now=NOW)
        assert not Link.objects.exists()

    def test_is_for_the_editors_where_the_feature_names_them(self, make_actor):
        maker, editor = make_actor("张三"), make_actor("李四")
        link = evidence(maker)
        register_editor("workplans.item", lambda actor, id_: actor.user_id == editor.user_id)
        with pytest.raises(NotPermitted):
            link_remove(actor=maker, link_id=link.pk, now=NOW)
        link_remove(actor=editor, link_id=link.pk, now=NOW)
        assert not Link.objects.exists()


class TestLinkSelectors:
    def test_finds_links_from_both_ends(self, db):
        register_relation("basis", "依据", "被引用")
        link = evidence()
        other = link_create(actor=SYSTEM, source=FILE, relation="basis", target=OTHER, now=NOW)
        assert list(link_list(ref=ITEM)) == [link]
        assert list(link_list(ref=FILE)) == [link, other]
        assert list(link_list(ref=FILE, relation="basis")) == [other]

    def test_shows_titles_asking_each_kind_of_object_once(self, db):
        asked: list[list[str]] = []

        def files(actor: Actor, ids):
            asked.append(list(ids))
            return {"7": Shown("台账.xlsx", "/admin/files/7/download/")}

        evidence(), evidence(target=OTHER)
        register_target("files.file", files)
        shown = link_shown(actor=SYSTEM, ref=ITEM)
        assert [(s.label, s.title, s.url, s.visible) for s in shown] == [
            ("佐证材料", "台账.xlsx", "/admin/files/7/download/", True),
            ("佐证材料", "（无权查看或已不存在）", "", False),
        ]
        assert asked == [["7", "8"]]

    def test_reads_the_relation_from_the_other_end(self, db):
        evidence()
        assert [s.label for s in link_shown(actor=SYSTEM, ref=FILE)] == ["佐证"]

    def test_counts_many_sources_in_one_query(self, db, django_assert_num_queries):
        evidence(), evidence(target=OTHER), evidence(source="workplans.item:13")
        with django_assert_num_queries(1):
            counts = link_counts(type_="workplans.item", ids=[12, 13, 14], relation="evidence")
        assert counts == {"12": 2, "13": 1, "14": 0}

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.content import HyperscanMatcher
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.wordlists import services
from gongkai.kernel.wordlists.selectors import content_rules, forget_rules, rules
from tests.factories.world import NOW, TODAY, World

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")


@pytest.fixture(autouse=True)
def world(db: None) -> World:
    forget_rules()
    return World()


class TestContentRules:
    def test_are_compiled_once_a_version(self, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any) -> None:
        made: list[int] = []

        def counting(words: Any, **more: Any) -> HyperscanMatcher:
            made.append(len(words))
            return HyperscanMatcher(words, **more)

        monkeypatch.setattr(rules, "HyperscanMatcher", counting)
        first = content_rules(on=TODAY)
        with django_assert_num_queries(1):
            assert content_rules(on=TODAY) is first
        services.word_add(actor=SYSTEM, wrong="错词语", now=NOW)
        second = content_rules(on=TODAY)
        assert second is not first
        assert second.version != first.version
        assert len(made) == 2
        # Another day, or a change that leaves the words as they are, compiles nothing.
        content_rules(on=TODAY + timedelta(days=1))
        services.leader_add(actor=SYSTEM, name="周石桥", title="副县长", now=NOW)
        assert content_rules(on=TODAY).leaders is not None
        assert len(made) == 2

    def test_version_is_the_same_in_another_process(self) -> None:
        services.word_add(actor=SYSTEM, wrong="错词语", now=NOW)
        before = content_rules(on=TODAY).version
        forget_rules()
        assert content_rules(on=TODAY).version == before

    def test_units_share_one_compiled_lexicon(self, world: World) -> None:
        services.word_add(actor=SYSTEM, wrong="甲局错词", unit_id=world.finance.pk, now=NOW)
        services.word_add(actor=SYSTEM, wrong="乙局错词", unit_id=world.east.pk, now=NOW)
        one, other = (content_rules(on=TODAY, unit_id=unit.pk) for unit in (world.finance, world.east))
        common = content_rules(on=TODAY, unit_id=world.justice.pk)
        assert common is content_rules(on=TODAY)
        assert len({one.version, other.version, common.version}) == 3
        matchers = {getattr(found.matcher, "_matcher") for found in (one, other, common)}  # noqa: B009
        assert len(matchers) == 1

    def test_change_lets_a_job_compile(self, settings: Any, tmp_path: Any) -> None:
        settings.HOME = tmp_path
        lines = "\n".join(f"错{chr(0x4E00 + n // 100)}{chr(0x5000 + n % 100)}词" for n in range(2_500))
        services.words_import(actor=SYSTEM, data=lines.encode(), name="a.txt", now=NOW)
        run_jobs()
        assert len(list((tmp_path / "cache" / "content").glob("*.hsdb"))) == 1

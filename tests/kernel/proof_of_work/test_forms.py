"""Forms with the proof: by script, by sum, once, and asked last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.template import Context, Template

from gongkai.kernel.proof_of_work.challenges import LIFE, _sum, solve
from gongkai.kernel.proof_of_work.forms import ProofMixin, proof_key

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


class Wish(ProofMixin, forms.Form):
    """A form that asks for one thing."""

    proof_purpose = "test.wish"
    wish = forms.CharField(label="愿望")


@pytest.fixture(autouse=True)
def little_work(settings: Any, db: None) -> None:
    settings.PROOF_WORK = 200


def by_script(form: Wish) -> dict[str, str]:
    return {"proof_work": solve(form.fields["proof_work"].widget.challenge)}  # type: ignore[attr-defined]


def by_sum(form: Wish) -> dict[str, str]:
    token = form.fields["proof_question"].widget.fresh  # type: ignore[attr-defined]
    return {"proof_question": token, "proof_answer": str(_sum(proof_key(), "test.wish", token.rpartition(".")[0])[1])}


def sent(data: dict[str, str], now: datetime = NOW) -> Wish:
    return Wish({"wish": "看文件", **data}, now=now)


class TestProof:
    @pytest.mark.parametrize("way", [by_script, by_sum])
    def test_counts_once(self, way: Any) -> None:
        data = way(Wish(now=NOW))
        assert sent(data).is_valid()
        again = sent(data)
        assert not again.is_valid() and "proof_answer" in again.errors

    def test_without_any_the_form_is_not_taken(self) -> None:
        form = sent({})
        assert not form.is_valid()
        assert form.errors["proof_answer"] == [
            "请回答这道小题再提交。如果已经答过，是答案不对或页面打开得太久，请答新的一题。"
        ]

    def test_wrong_answer_cannot_be_tried_again(self) -> None:
        data = by_sum(Wish(now=NOW))
        assert not sent({**data, "proof_answer": "99"}).is_valid()
        assert not sent(data).is_valid()

    def test_is_not_used_up_while_something_else_is_wrong(self) -> None:
        data = by_script(Wish(now=NOW))
        assert not Wish({"wish": "", **data}, now=NOW).is_valid()
        assert sent(data).is_valid()

    def test_ends_after_a_while(self) -> None:
        data = by_script(Wish(now=NOW))
        assert not sent(data, NOW + LIFE + timedelta(seconds=1)).is_valid()

    def test_is_left_out_where_it_is_switched_off(self, settings: Any) -> None:
        settings.PROOF_WORK = 0
        form = sent({})
        assert form.is_valid() and list(form.fields) == ["wish"]

    @pytest.mark.parametrize(
        "data",
        [{"proof_work": "x" * 9999}, {"proof_question": "汉" * 300}, {"proof_question": "\x01", "proof_answer": "1"}],
        ids=["long", "wide", "odd"],
    )
    def test_nonsense_is_no_proof(self, data: dict[str, str]) -> None:
        assert not sent(data).is_valid()


class TestPage:
    def test_asks_in_words_and_gives_the_script_what_it_needs(self) -> None:
        page = Template("{% gk_form form %}{{ form.media }}").render(Context({"form": Wish(now=NOW)}))
        assert "请回答：" in page and "等于多少" in page
        assert "data-gk-proof=" in page and "proof_of_work/worker.js" in page and "proof_of_work/proof.js" in page
        assert "style=" not in page and "onclick" not in page

    def test_shows_a_new_challenge_and_no_old_answer_after_a_mistake(self) -> None:
        first = Wish(now=NOW)
        data = {**by_sum(first), "proof_work": "abc"}
        again = Wish({"wish": "", **data}, now=NOW)
        page = Template("{% gk_form form %}").render(Context({"form": again}))
        assert data["proof_question"] not in page and 'value="abc"' not in page
        assert f'value="{again.fields["proof_question"].widget.fresh}"' in page  # type: ignore[attr-defined]

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.similarity import BANDS, band_keys, from_bytes, normalized, overlap, shingles, signature, similarity

SIGNS = "关于做好全县政务公开工作的通知各乡镇人民政府县直单位请认真贯彻落实抓紧办理结果及时报送办公室"
texts = st.text(SIGNS + "，。2024", min_size=0, max_size=200)


def long_text(length: int, seed: int) -> str:
    chance = random.Random(seed)
    return "".join(chance.choice(SIGNS) for _ in range(length))


def changed(text: str, share: float, seed: int) -> str:
    """The text with a share of its characters replaced, in runs of ten."""
    chance = random.Random(seed)
    signs = list(text)
    for start in range(0, len(signs), 10):
        if chance.random() < share:
            signs[start : start + 10] = [chr(0x4E00 + chance.randrange(5000)) for _ in signs[start : start + 10]]
    return "".join(signs)


class TestShingles:
    def test_layout_width_and_punctuation_tell_nothing(self) -> None:
        assert normalized("关于 ＡＢＣ，１２３。\n（通知）") == "关于abc123通知"
        assert shingles("请各单位，落实。") == shingles("请各单位 落实")

    @pytest.mark.parametrize(
        ("text", "expected"), [("", 0), ("，。", 0), ("好", 1), ("一二三四", 1), ("一二三四五", 2)]
    )
    def test_short_texts(self, text: str, expected: int) -> None:
        assert len(shingles(text)) == expected


class TestSimilarity:
    @given(texts)
    def test_text_is_like_itself(self, text: str) -> None:
        assert similarity(signature(text), signature(text)) == 1.0
        assert overlap(text, text) == 1.0

    @given(texts, texts)
    def test_order_does_not_matter(self, left: str, right: str) -> None:
        a, b = signature(left), signature(right)
        assert similarity(a, b) == similarity(b, a)
        assert overlap(left, right) == overlap(right, left)
        assert 0.0 <= similarity(a, b) <= 1.0

    @given(texts, texts)
    def test_same_shingles_same_signature(self, left: str, right: str) -> None:
        if shingles(left) == shingles(right):
            assert signature(left) == signature(right)

    @pytest.mark.parametrize("share", [0.0, 0.05, 0.1, 0.2, 0.4, 0.8])
    def test_estimate_is_near_the_truth(self, share: float) -> None:
        off = []
        for seed in range(12):
            left = long_text(3000, seed)
            right = changed(left, share, seed + 100)
            off.append(similarity(signature(left), signature(right)) - overlap(left, right))
        assert max(map(abs, off)) < 0.16
        assert abs(sum(off) / len(off)) < 0.05

    def test_short_texts_are_estimated_too(self) -> None:
        left, right = "关于做好防汛工作的通知", "关于做好防汛工作的紧急通知"
        assert abs(similarity(signature(left), signature(right)) - overlap(left, right)) < 0.25

    def test_empty_text_is_like_nothing_else(self) -> None:
        assert similarity(signature(""), signature("通知全文")) == 0.0
        assert similarity(signature(""), signature("，。")) == 1.0


class TestBandKeys:
    def test_near_duplicate_shares_a_key(self) -> None:
        missed = 0
        for seed in range(40):
            left = long_text(1500, seed)
            missed += not set(band_keys(signature(left))) & set(band_keys(signature(changed(left, 0.1, seed))))
        assert missed == 0

    def test_other_texts_share_none(self) -> None:
        keys = [set(band_keys(signature(long_text(1500, seed)))) for seed in range(40)]
        shared = sum(bool(a & b) for n, a in enumerate(keys) for b in keys[:n])
        assert shared <= 2

    @given(texts)
    def test_keys_fit_a_column_of_bigint(self, text: str) -> None:
        keys = band_keys(signature(text))
        assert len(set(keys)) == len(keys) == (BANDS if shingles(text) else 0)
        assert all(0 <= key < 2**63 for key in keys)


class TestStored:
    @given(texts)
    def test_comes_back_as_it_was(self, text: str) -> None:
        assert from_bytes(signature(text).as_bytes()) == signature(text)

    def test_same_on_every_machine(self) -> None:
        assert signature("关于做好防汛工作的通知").as_bytes()[:8].hex() == "6b181bebcce0a239"

    def test_other_bytes_are_refused(self) -> None:
        with pytest.raises(ValueError, match="512"):
            from_bytes(b"abc")

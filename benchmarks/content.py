"""How fast content is checked: searching a large lexicon, and a whole check of a text in an editor.

Run with ``python -m benchmarks.content``. The lexicon (50 000 words of two to six characters) and the text (sentences of
official language, a word of the lexicon now and then) are generated the same way each time. All engines are given the
same words and the same text in memory and must find the same words at the same places; pyahocorasick reports all
matches, flashtext only words between signs that are no letters, so its count is shown and not compared. MB are of UTF-8.
The last line is a full check (lexicon, patterns, personal data) of a text of 10 000 characters: aim 150 ms.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import ahocorasick
from flashtext import KeywordProcessor

from gongkai.domain.wording import Grade, Lexicon, Term
from gongkai.kernel.content import HyperscanMatcher, check_text, shipped_rules

SENTENCES = (
    "各县（市、区）人民政府要围绕企业和群众关切，及时公布办事指南和结果，做到内容准确、更新及时、查找方便。",
    "加强政策解读，谁起草、谁解读，解读材料与文件同步起草、同步审批、同步发布。",
    "严格落实公开属性源头认定，主动公开的文件应当自形成或者变更之日起二十个工作日内公开。",
    "联系人：市政府办公室，电话：0797-8123456；意见反馈截止日期为2024年9月30日。",
    "推进基层政务公开标准化规范化，健全完善标准目录，实现公开事项全要素、可查询、可监督。",
)


def words_of(count: int, *, seed: int = 1) -> list[str]:
    """Return ``count`` different words, made of characters that official language uses."""
    chance = random.Random(seed)
    signs = sorted({sign for sentence in SENTENCES for sign in sentence if "\u4e00" <= sign <= "\u9fff"})
    signs += [chr(code) for code in range(0x4E00, 0x4E00 + 3000, 3)]
    words: set[str] = set()
    while len(words) < count:
        words.add("".join(chance.choice(signs) for _ in range(chance.choice((2, 3, 3, 4, 4, 5, 6)))))
    return sorted(words)


def text_of(characters: int, words: list[str], *, every: int = 40, seed: int = 2) -> str:
    """Return a text of about ``characters``; one sentence in ``every`` carries a word of the lexicon."""
    chance = random.Random(seed)
    parts: list[str] = []
    length = 0
    while length < characters:
        sentence = chance.choice(SENTENCES)
        if chance.randrange(every) == 0:
            at = chance.randrange(len(sentence))
            sentence = sentence[:at] + chance.choice(words) + sentence[at:]
        parts.append(sentence + ("\n" if chance.randrange(4) == 0 else ""))
        length += len(parts[-1])
    return "".join(parts)[:characters]


def best(run: Callable[[], object], *, seconds: float) -> float:
    """Return the shortest of the runs that fit into ``seconds`` (at least one), in seconds."""
    shortest, until = float("inf"), time.perf_counter() + seconds
    while True:
        started = time.perf_counter()
        run()
        shortest = min(shortest, time.perf_counter() - started)
        if time.perf_counter() > until:
            return shortest


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=50_000)
    parser.add_argument("--characters", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=3.0, help="time for each engine")
    options = parser.parse_args()
    words = words_of(options.words)
    text = text_of(options.characters, words)
    size = len(text.encode()) / 1e6

    started = time.perf_counter()
    matcher = HyperscanMatcher(words)
    built = {"gongkai (hyperscan)": time.perf_counter() - started}
    started = time.perf_counter()
    automaton = ahocorasick.Automaton()
    for number, word in enumerate(words):
        automaton.add_word(word, (number, len(word)))
    automaton.make_automaton()
    built["pyahocorasick"] = time.perf_counter() - started
    started = time.perf_counter()
    processor = KeywordProcessor(case_sensitive=True)
    for word in words:
        processor.add_keyword(word)
    built["flashtext"] = time.perf_counter() - started

    def with_automaton() -> list[tuple[int, int, int]]:
        return [(number, end - length + 1, end + 1) for end, (number, length) in automaton.iter(text)]

    if sorted(matcher.scan(text)) != sorted(with_automaton()):
        raise SystemExit("the engines do not find the same words: nothing is compared")
    hits = {
        "gongkai (hyperscan)": len(matcher.scan(text)),
        "pyahocorasick": len(with_automaton()),
        "flashtext": len(processor.extract_keywords(text, span_info=True)),
    }
    runs: dict[str, Callable[[], object]] = {
        "gongkai (hyperscan)": lambda: matcher.scan(text),
        "pyahocorasick": with_automaton,
        "flashtext": lambda: processor.extract_keywords(text, span_info=True),
    }
    speeds = {name: size / best(run, seconds=options.seconds) for name, run in runs.items()}
    print(f"{len(words)} words, {len(text)} characters ({size:.1f} MB), positions in characters")
    for name, speed in speeds.items():
        ratio = speeds["gongkai (hyperscan)"] / speed
        print(
            f"  {name:<20} {speed:8.1f} MB/s  {hits[name]:6d} hits  built in {built[name]:5.2f} s  ours is {ratio:.1f}x"
        )

    shipped = shipped_rules()
    own = [Term(f"word:{n}", Grade.L3, "", words=(word,)) for n, word in enumerate(words)]
    lexicon = Lexicon([*shipped.lexicon.terms, *own])
    rules = replace(shipped, lexicon=lexicon, matcher=HyperscanMatcher(lexicon.words))
    page = text_of(10_000, words)
    times = []
    for _ in range(30):
        started = time.perf_counter()
        report = check_text(page, rules=rules)
        times.append((time.perf_counter() - started) * 1000)
    print(
        f"full check of {len(page)} characters, {len(lexicon.words)} words: median {statistics.median(times):.1f} ms, "
        f"slowest of 30 {max(times):.1f} ms, {len(report.findings)} findings"
    )


if __name__ == "__main__":
    main()

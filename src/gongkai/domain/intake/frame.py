"""The fixed parts of an official document (GB/T 9704-2012): masthead, number, title, addressee, signature, imprint."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from gongkai.domain.identifiers import parse_doc_no
from gongkai.domain.intake.dates import read_date
from gongkai.domain.intake.lines import Line, joined
from gongkai.domain.intake.words import MASTHEAD, REMARK, TITLE_END, is_unit

TOP = 30
"""How many lines from the top the masthead and the number are looked for."""
LONGEST_TITLE = 8
"""Lines a title may have; web pages and typewriters break it often."""
_SIGNER = re.compile(r"[\s\u3000]*签发人\s*[:：].*$")
_ORDER = re.compile(r"^(?P<unit>.{2,30}?)令?(?:\s|\u3000)*(?:第\s*(?P<number>[0-9]{1,4})\s*号)$")
_SERIAL = re.compile(r"^[（(]?(?:(?:19|20)[0-9]{2}年)?第\s*[0-9]{1,4}\s*[号期][）)]?$")
NAVIGATION = re.compile(
    r"^(?:(?:您?当前|您的|您现在的|现在)(?:的)?位置|首\s*页|网站首页|返回|打印|关闭|分享|无障碍|收藏|字号|【?字体)|[\u4e00-\u9fff]\s*(?:>|»|›|＞)+\s*[\u4e00-\u9fff]"
)
"""What a web page puts around its text."""
_NEWSLETTER = re.compile(r"(?:简报|专报|快报|工作动态|信息摘报)$")
_URGENCY = re.compile(r"^(?:特急|加急|特提|平急|[0-9]{6}|(?:绝密|机密|秘密|内部)(?:★.*)?)$")
_SENTENCE = re.compile(r"[。；;！？]$|。.+")
_ITEM = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、．.]|[（(][一二三四五六七八九十]{1,3}[)）]|[0-9]{1,2}[、．.]|第[一二三四五六七八九十]{1,3}[章条])"
)
_PASSED = re.compile(r"^[（(].{0,30}(?:[0-9]{4}年|二〇).{2,60}(?:通过|公布|修订|修正|发布|印发).{0,20}[）)]$")
IMPRINT = re.compile(
    r"^(?P<unit>.{0,60}?)[\s\u3000]*(?P<date>[0-9０-９〇○零一二三四五六七八九十]{2,4}年.{1,3}月.{1,4}日)[\s\u3000]*印[\s\u3000]*[发制]?[。]?$"
)
COPIED = re.compile(r"^(?:抄\s*送|主\s*送|分\s*送|抄\s*报|报\s*送|印\s*发\s*范\s*围)(?:单位|机关)?\s*[:：]")
_COPIES = re.compile(r"^[（(]?共\s*印?\s*[0-9]+\s*份[）)]?$|^(?:校对|拟稿|承办|责任编辑)\s*[:：]?.{0,30}$")
ANNEX = re.compile(r"^附\s*(?:件|表|录|图)?\s*[0-9０-９一二三四五六七八九十]{0,3}\s*[:：]?$")


@dataclass(slots=True)
class Frame:
    """Positions in the list of lines; ``parts`` tells for each line that holds only a field which part it belongs to."""

    masthead: list[int] = field(default_factory=list)
    number: int | None = None
    dated: int | None = None
    title: list[int] = field(default_factory=list)
    addressee: list[int] = field(default_factory=list)
    signers: list[int] = field(default_factory=list)
    signed: int | None = None
    remark: int | None = None
    copied: list[int] = field(default_factory=list)
    imprint: int | None = None
    parts: dict[int, str] = field(default_factory=dict)

    def start(self) -> int:
        """Return the position at which the text begins."""
        return max([*self.masthead, *self.title, self.number if self.number is not None else -1], default=-1) + 1


def find_frame(lines: Sequence[Line], known: frozenset[int] = frozenset()) -> Frame:
    """Find the fixed parts; ``known`` are positions that hold labels and belong to no part."""
    frame = Frame()
    _number(lines, known, frame)
    _masthead(lines, known, frame)
    _title(lines, known, frame)
    _addressee(lines, frame)
    _tail(lines, frame)
    _signature(lines, frame)
    _parts(lines, frame)
    return frame


def bare_number(line: Line) -> str:
    """Return a line without the name of the signer that stands beside the number in reports upward."""
    return _SIGNER.sub("", line.text).strip()


def _number(lines: Sequence[Line], known: frozenset[int], frame: Frame) -> None:
    for position, line in enumerate(lines[:TOP]):
        if position in known or line.cells:
            continue
        text = bare_number(line)
        if parse_doc_no(text) is not None or _SERIAL.match(text.replace(" ", "")):
            frame.number = position
            return
        if len(line.text) > 80 and _SENTENCE.search(line.text):
            return  # the text has begun


def _masthead(lines: Sequence[Line], known: frozenset[int], frame: Frame) -> None:
    """Take 某某文件 with the names of joint units above it; or the units right above the number of a letter (信函格式)."""
    limit = frame.number if frame.number is not None else min(len(lines), 12)
    for position in range(limit):
        if position in known or lines[position].cells:
            continue
        flat = lines[position].flat
        head = MASTHEAD.match(flat)
        if flat == "文件" or (head is not None and is_unit(head["unit"])):
            frame.masthead = _names_around(lines, known, position, limit)
            return
        ordered = frame.number is not None and flat.endswith("令") and is_unit(flat[:-1])
        if ordered or _ORDER.match(lines[position].text):
            frame.masthead = [position]
            return
        if _NEWSLETTER.search(flat) and len(flat) <= 40:
            _newsletter(lines, position, frame)
            return
    if frame.number is not None:
        above = [p for p in range(limit) if p not in known and not lines[p].cells]
        while above and _URGENCY.match(lines[above[-1]].flat):
            above.pop()
        names = []
        while above and is_unit(lines[above[-1]].flat) and not TITLE_END.search(lines[above[-1]].flat):
            names.append(above.pop())
        frame.masthead = sorted(names)


def _newsletter(lines: Sequence[Line], position: int, frame: Frame) -> None:
    """Take the head of a newsletter: name, number of the issue, the unit that makes it, its day."""
    frame.masthead = [position]
    begin = position if frame.number is None or frame.number < position else frame.number
    for at in range(begin + 1, min(len(lines), begin + 4)):
        parts = re.split(r"[\s\u3000]{2,}", lines[at].text.strip())
        if read_date(parts[-1]) is not None:
            frame.masthead.append(at)
            frame.dated = at
        elif is_unit(lines[at].flat):
            frame.masthead.append(at)
        else:
            return


def _names_around(lines: Sequence[Line], known: frozenset[int], position: int, limit: int) -> list[int]:
    """Return the lines of a masthead: 文件 stands beside or below the names of the units that issue together."""
    taken = [position]
    for step, end in ((-1, -1), (1, limit)):
        at = position + step
        while at != end and at not in known and is_unit(lines[at].flat) and not lines[at].cells:
            taken.append(at)
            at += step
    return sorted(taken)


def _title(lines: Sequence[Line], known: frozenset[int], frame: Frame) -> None:
    begin = frame.start()
    candidates = [p for p in range(begin, min(len(lines), begin + TOP)) if p not in known]
    if frame.number is not None and not any(_ends(lines, run) for run in _runs(lines, candidates)):
        # On web sites the title may stand above the number.
        above = [p for p in range(frame.number) if p not in known and p not in frame.masthead]
        run = next((run for run in _runs(lines, above) if _ends(lines, run)), None)
        if run is not None:
            frame.title = run
            return
    runs = list(_runs(lines, candidates))
    best = next((run for run in runs if _ends(lines, run)), None)
    heading = next((run for run in runs if all(lines[p].heading in {1, 2} for p in run)), None)
    if best is not None and runs.index(best) <= 12:
        frame.title = best
    elif heading is not None:
        frame.title = heading
    elif runs and _plain_title(lines, runs[0], candidates):
        frame.title = runs[0]


def _plain_title(lines: Sequence[Line], run: Sequence[int], candidates: Sequence[int]) -> bool:
    """Tell whether lines without any sign of a title may be one: short, right at the top, and followed by text."""
    text = joined([lines[p].text for p in run])
    first = next((p for p in candidates if not NAVIGATION.search(lines[p].text)), run[0])
    label = lines[run[0]].text[0] in "•·●"
    return run[0] == first and 4 <= len(text) <= 80 and run[-1] + 1 < len(lines) and not label and "\t" not in text


def _runs(lines: Sequence[Line], positions: Sequence[int]) -> list[list[int]]:
    """Return the groups of following lines that could be a title, each ended where a title ends."""
    runs: list[list[int]] = []
    run: list[int] = []
    for position in positions:
        line = lines[position]
        if run and position != run[-1] + 1:
            runs.append(run)
            run = []
        if not _could_be_title(line):
            if run:
                runs.append(run)
            run = []
            if _SENTENCE.search(line.text) and len(line.text) > 60:
                break
            continue
        if run and line.heading is not None and line.heading != lines[run[0]].heading:
            runs.append(run)
            run = []
        run.append(position)
        if _complete(lines, run) or len(run) == LONGEST_TITLE:
            runs.append(run)
            run = []
    if run:
        runs.append(run)
    return runs


def _could_be_title(line: Line) -> bool:
    flat = line.flat
    if (
        line.cells
        or len(flat) > 120
        or len(flat) < 2
        or NAVIGATION.search(line.text)
        or _SENTENCE.search(flat)
        or flat[-1] in "：:，,、"
    ):
        return False
    if read_date(line.text) is not None or _URGENCY.match(flat) or parse_doc_no(line.text) is not None:
        return False
    return not (REMARK.match(line.text) or _ITEM.match(flat) or COPIED.match(line.text) or IMPRINT.match(line.text))


def _complete(lines: Sequence[Line], run: Sequence[int]) -> bool:
    """Tell whether a title is whole: it ends with a kind of document and all its brackets are closed.

    A line that only names the issuing unit is a beginning, and so is one that the next line continues with 》 or 的.
    """
    text = joined([lines[p].text for p in run])
    if text.count("《") != text.count("》") or text.count("“") != text.count("”"):
        return False
    if not TITLE_END.search(text):
        return False
    following = lines[run[-1] + 1].flat if run[-1] + 1 < len(lines) else ""
    if "关于" in text or "印发" in text:
        begun = re.search(r"关于(?:印发|转发|发布|公布|下达|修订|废止|调整)", text) is not None
        whole = re.search(
            r"的(?:通知|决定|意见|通报|公告|通告|函|批复|报告|请示|复函|命令|令|公示|答复)(?:[（(].*)?$", text
        )
        short = len(following) <= 30 and re.search(
            r"^(?:》|的(?:通知|决定|公告|通报|函))|(?:的通知|的决定|的公告)$", following
        )
        return whole is not None or not (begun and short)
    return not re.match(r"^(?:》|的(?:通知|决定|公告|函))", following)


def _ends(lines: Sequence[Line], run: Sequence[int]) -> bool:
    return bool(TITLE_END.search(joined([lines[p].text for p in run])))


def _addressee(lines: Sequence[Line], frame: Frame) -> None:
    begin = frame.start()
    taken: list[int] = []
    for position in range(begin, min(len(lines), begin + 5)):
        line = lines[position]
        if not taken and (_PASSED.match(line.flat) or _SERIAL.match(line.flat)):
            continue
        if line.cells or _SENTENCE.search(line.flat) or _ITEM.match(line.flat) or len(line.flat) > 250:
            return
        taken.append(position)
        if line.flat[-1] in "：:":
            if not re.match(r"^附\s*件?", line.text):
                frame.addressee = taken
            return
        if line.flat[-1] not in "，,、；;" and len(line.flat) < 18:
            return


def _tail(lines: Sequence[Line], frame: Frame) -> None:
    """Find the remark below the date, who got copies, and the imprint; the first of each counts."""
    for position in range(frame.start(), len(lines)):
        line = lines[position]
        if line.cells:
            continue
        if frame.remark is None and REMARK.match(line.text) and "公开" in line.flat:
            frame.remark = position
        if COPIED.match(line.text):
            frame.copied.append(position)
            following = position + 1
            while (
                following < len(lines)
                and lines[following - 1].flat[-1] in "，,、；;"
                and IMPRINT.match(lines[following].text) is None
            ):
                frame.copied.append(following)
                following += 1
        if frame.imprint is None and IMPRINT.match(line.text):
            frame.imprint = position


def _signature(lines: Sequence[Line], frame: Frame) -> None:
    """Find the date below the text, with the units above it; annexes that follow may have dates of their own."""
    begin = max([frame.start(), *[p + 1 for p in frame.addressee]])
    best: int | None = None
    for position in range(begin, len(lines)):
        if lines[position].cells or read_date(lines[position].text) is None:
            continue
        signers = _signers(lines, position, begin)
        after = frame.remark is not None and position < frame.remark <= position + 3
        if signers or after:
            frame.signed, frame.signers = position, signers
            return
        if best is None and position > begin:
            best = position
    frame.signed = best


def _signers(lines: Sequence[Line], position: int, begin: int) -> list[int]:
    names: list[int] = []
    at = position - 1
    while at >= begin and is_unit(lines[at].flat) and not _ITEM.match(lines[at].flat) and not lines[at].cells:
        names.append(at)
        at -= 1
    if not names and at >= begin and _several(lines[at].text):
        names.append(at)
    return sorted(names)


def _several(text: str) -> bool:
    parts = [part for part in re.split(r"[\s\u3000]{1,}", text.strip()) if part]
    return len(parts) > 1 and all(is_unit(part) for part in parts)


def _parts(lines: Sequence[Line], frame: Frame) -> None:
    groups = {"masthead": frame.masthead, "title": frame.title, "imprint": list(frame.copied)}
    groups["number"] = [] if frame.number is None else [frame.number]
    groups["remark"] = [] if frame.remark is None else [frame.remark]
    if frame.imprint is not None:
        groups["imprint"].append(frame.imprint)
        groups["imprint"] += [
            p for p in range(frame.imprint + 1, min(len(lines), frame.imprint + 3)) if _COPIES.match(lines[p].text)
        ]
    for part, positions in groups.items():
        frame.parts.update(dict.fromkeys(positions, part))
    for position in range(frame.start()):
        if position not in frame.parts and _URGENCY.match(lines[position].flat):
            frame.parts[position] = "masthead"
        elif position not in frame.parts and NAVIGATION.search(lines[position].text):
            frame.parts[position] = "navigation"

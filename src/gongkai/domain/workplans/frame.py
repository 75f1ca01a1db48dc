"""What surrounds the tasks: red header, number, title, addressees, letter, dates, annex lists, imprint."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from gongkai.domain.workplans.characters import chinese_number, fold, squeeze, tidy
from gongkai.domain.workplans.flow import Para
from gongkai.domain.workplans.model import FramePart

_DOC_NO = re.compile(
    r"(?P<words>[\u4e00-\u9fff（）]{1,16}?)[〔（](?P<year>(?:19|20)\d{2})年?[〕）]第?(?P<number>\d{1,4})号"
)
_DATE = re.compile(
    r"(?P<year>(?:19|20)\d{2}|[二〇○零一三四五六七八九]{4})年(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])月(?P<day>\d{1,2}|三?二?十?[一二三四五六七八九十])日"
)
_ISO_DATE = re.compile(r"((?:19|20)\d{2})[-./](\d{1,2})[-./](\d{1,2})")
_META = re.compile(
    r"(?:索引号?|发布机构|发布单位|发文机关|发文机构|制发机构|制作单位|发文单位|日期|时间|文章来源|信息分类|服务对象|公开责任部门|内容概述|关键词|失效时间|实施日期|成文时间|发文文号|时效性|编号|浏览量|成文日期|发布日期|发布时间|发文日期|印发日期|生成日期|生效日期|废止日期|文号|发文字号|文件编号|文件字号|公文种类"
    r"|信息来源|来源|主题分类|主题词|体裁分类|公开方式|公开属性|公开形式|浏览次数|阅读|点击|字体|字号|作者|责任编辑|有效性|效力状态|信息名称|名称|标题|公开范围|公开时限|分类|组配分类)\s*："
)
_DATE_META = re.compile(r"(?:成文日期|成文时间|印发日期|发文日期|发文时间)：")
# The day a website put a document up says less than the document itself.
_PUBLISHED_META = re.compile(
    r"(?:发布日期|发布时间|生成日期|公开日期|(?<![\u4e00-\u9fff])日期|(?<![\u4e00-\u9fff])时间)："
)
_OPENNESS = re.compile(
    r"[（〔]?此件.{0,6}公开.{0,20}[）〕]?|[（〔](?:主动公开|依申请公开|不予公开|此页无正文.*)[）〕]|公开方式：?.*"
)
_IMPRINT = re.compile(
    r"(?:抄送|抄报|主送|分送|报送|发送|主题词|印数|共印|承办(?:单位|科室)?人|校对|打印)\s*：.*|.{2,30}(?:办公室|局|委|厅|政府|部).{0,12}\d{4}年\d{1,2}月\d{1,2}日印发|.*\d{4}年\d{1,2}月\d{1,2}日印发"
)
# What a website puts around a document.
_SITE = re.compile(
    r"首页\s*(?:[-/]|>|＞|»|›).*|(?:您|你)?(?:现在|当前)?(?:所在)?的?位置\s*：.*|〔?字[号体]\s*：.*|分享(?:到|至).*|扫一扫.*|.*网站标识码.*|.*ICP备.*|.*公网安备.*"
    r"|版权所有.*|Copyright.*|[上下]一[篇条]\s*：?.*|返回(?:顶部|首页|列表)|网站地图|联系我们|附件下载：?|相关(?:文件|解读|阅读|链接|稿件)：?"
    r"|(?=.*(?:纠错|收藏|打印|关闭|字号|大\s*中))(?:纠错|收藏|打印(?:本页)?|关闭(?:窗口|本页)?|大|中|小|字号|分享|微信|微博|\||｜|\s|〔|〕|：)+|(?:无障碍|关怀版|长者模式|适老版|繁体版?|简体版?|返回首页|登录|注册|English|手机版|阅读|浏览|模式|[\s|｜/])+|[^，。；]{0,40}(?:>>|＞＞|»|›).*|(?:联系)?地址：.*邮编：.*|.*(?:监督)?举报(?:热线|电话|邮箱)：.*|不能读取.{0,12}|主办(?:单位)?：.*版权所有.*|返回(?:上页|目录)|(?:视力保护|背景|保护)色\s*：?.*|欢迎(?:访问|光临).{0,30}|今天是：?.{0,30}|浏览次数.*|主办(?:单位)?：.*承办(?:单位)?：.*|技术支持：.*|.*建议使用.*浏览器.*|.*(?:适老|无障碍)(?:版|浏览).*",
    re.I,
)
_SITE_OWNER = re.compile(r"(?:主办|承办|协办|技术支持|运行维护|运维)(?:单位)?\s*：.*")
_CONTACT = re.compile(
    r"[（〔]?\s*(?:联系人|联系电话|联系方式|电子邮箱|邮箱|填报人|填表人|审核人)(?:及(?:联系)?电话)?\s*：.*"
)
_ANNEX_LIST = re.compile(r"附\s*件\s*(?:[\d一二三四五六七八九十]{1,2})?\s*：\s*\S.*", re.S)
_ANNEX_START = re.compile(r"附\s*件\s*(?:[\d一二三四五六七八九十]{1,2})?\s*：?")
_ANNEX_TITLED = re.compile(
    r"(?P<label>附\s*件\s*(?:[\d一二三四五六七八九十]{1,2})?)\s*(?:：|\s)\s*(?P<title>\S.{2,60})", re.S
)
_ADDRESSEES = re.compile(
    r".*(?:局|委|办|部|单位|政府|部门|机构|科室|股室|街道|乡镇|中心|公司|各镇|站所|所|院|会|处)(?:（[^）]*）)?："
)
_LETTER = re.compile(
    r"(?:现将|现就|经.{1,20}(?:同意|研究|审定)|为.{4,60}现(?:将|印发)|根据.{4,60}现将).*|.*(?:印发给你们|现予印发|请.{0,12}(?:认真|遵照|结合)|请按照执行|贯彻(?:落实|执行)).*"
)
_PLAN_END = (
    "要点|方案|计划|清单|分解表|任务表|安排|安排表|意见|规划|台账|一览表|分工表?|分工方案|任务|表|举措|措施|行动|工程|通知|简报|报告|总结|办法|规定|细则|条例"
    "|制度|目录|指南|公告|纪要|信息|函|通报|公示|说明|工作|实事|项目|责任书|路线图|时间表|任务书|事项"
)
_TITLE_END = re.compile(rf".*(?:{_PLAN_END})(?:（[^（）]*）)*")
_ABOUT = re.compile(r"关于(?:印发|下发|转发|发布|公布|报送|下达)(?:《(?P<named>.+)》|(?P<plain>.+?))的通知")
_ISSUER = re.compile(
    "(?!.*(?:关于|召开|推进|加强)).{2,}(?:政府|办公室|局|委员会|办|部|厅|委|处|中心|党委|院|公司|小组|联席会议|指挥部|街道|乡|镇)"
)
_NOTE = re.compile(r"(?:备\s*注|注\d*|附\s*注|说\s*明|填表说明|★|※|\*)\s*[：.．、].*|[（〔]?注\s*：.*")


@dataclass(slots=True)
class Head:
    """What the paragraphs before the first number say."""

    doc_no: str = ""
    issued_on: date | None = None
    published_on: date | None = None
    notice_title: str = ""
    plan_title: str = ""
    named_title: str = ""
    listed_title: str = ""
    parts: list[FramePart] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Return the plan's own title: its heading, the one named by the notice, or the notice's."""
        return self.plan_title or self.named_title or self.notice_title or self.listed_title


def read_doc_no(text: str) -> str:
    """Return a document number in its standard form (〔〕), or an empty string."""
    found = _DOC_NO.search(squeeze(text)[0])
    return f"{found['words']}〔{found['year']}〕{found['number']}号" if found else ""


def is_doc_no(text: str) -> bool:
    """Tell whether a line is nothing but a document number (a signer may follow)."""
    squeezed = squeeze(text)[0]
    if squeezed.startswith("（") and squeezed.endswith("）"):
        squeezed = squeezed[1:-1]
    found = _DOC_NO.match(squeezed)
    return bool(found) and len(squeezed) - (found.end() if found else 0) <= 10


def read_date(text: str) -> date | None:
    """Return the first full date in a text."""
    squeezed = squeeze(text)[0]
    found = _DATE.search(squeezed)
    try:
        if found:
            year = chinese_number(found["year"])
            return date(year or 0, chinese_number(found["month"]) or 0, chinese_number(found["day"]) or 0)
        iso = _ISO_DATE.search(squeezed)
        return date(int(iso[1]), int(iso[2]), int(iso[3])) if iso else None
    except ValueError:
        return None


def is_date(text: str) -> bool:
    """Tell whether a line is nothing but a date."""
    squeezed = squeeze(text)[0].strip("（）")
    return bool(_DATE.fullmatch(squeezed) or _ISO_DATE.fullmatch(squeezed))


def is_title_like(text: str) -> bool:
    """Tell whether a text ends as titles do."""
    squeezed = squeeze(text)[0].rstrip("》”")
    return 4 <= len(squeezed) <= 90 and bool(_TITLE_END.fullmatch(squeezed)) and not re.search("[。；！]", squeezed)


def annex_start(text: str) -> str:
    """Return the label of an annex (附件1) when a line is nothing else, or an empty string."""
    squeezed = squeeze(text)[0]
    return squeezed.rstrip("：") if _ANNEX_START.fullmatch(squeezed) else ""


def annex_titled(text: str) -> tuple[str, str] | None:
    """Return label and title of a line such as 附件1 任务清单, or None."""
    found = _ANNEX_TITLED.fullmatch(fold(text).strip())
    if not found:
        return None
    title = text.strip()[found.start("title") :]
    return squeeze(found["label"])[0], tidy(title)


def classify(text: str) -> str:
    """Return the kind of frame part a line is wherever it stands, or an empty string."""
    folded = fold(text).strip()
    if not folded:
        return ""
    if is_date(text):
        return "date"
    if _OPENNESS.fullmatch(folded):
        return "note"
    if _SITE.fullmatch(folded):
        return "site"
    if _META.match(folded) or _META.match(squeeze(folded[:20])[0]):
        return "meta"
    if _IMPRINT.fullmatch(folded):
        return "imprint"
    if _CONTACT.fullmatch(folded):
        return "contact"
    if _NOTE.fullmatch(folded):
        return "note"
    if _ANNEX_LIST.fullmatch(folded):
        return "annex_list"
    return ""


def is_meta_row(text: str) -> bool:
    """Tell whether a table row is part of the facts that a website shows above a document (索引号 …)."""
    return bool(_META.match(fold(text).strip()) or _META.match(fold(text).replace(" ", "").strip()))


def is_site_owner(text: str) -> bool:
    """Tell whether a line may be a site's 主办单位 at its foot (only beside other lines of that foot)."""
    return bool(_SITE_OWNER.fullmatch(fold(text).strip()))


def read_head(paras: list[Para]) -> Head:
    """Read the paragraphs that stand before the body."""
    head = Head()
    run: list[Para] = []
    for para in paras:
        kind = _head_kind(para.text)
        if kind == "title":
            run.append(para)
            continue
        _close_run(head, run)
        head.parts.append(FramePart(kind, tidy(para.text), para.where))
        if kind == "doc_no":
            head.doc_no = head.doc_no or read_doc_no(para.text)
        elif kind == "date":
            head.issued_on = head.issued_on or read_date(para.text)
        elif kind == "meta":
            _read_meta(head, para.text)
        elif kind == "letter":
            head.named_title = head.named_title or _named_in_letter(para.text)
    _close_run(head, run)
    return head


def _named_in_letter(text: str) -> str:
    """Return the document that a letter hands on: the one after 将, or the one that has been agreed to."""
    named = [(m, m[1]) for m in re.finditer("《([^《》]*(?:《[^《》]*》)?[^《》]*)》", text) if is_title_like(m[1])]
    handed = [
        name
        for m, name in named
        if text[: m.start()].endswith("将") or re.match("(?:已|印发|经|下发)", text[m.end() :])
    ]
    return tidy(handed[-1]) if handed else ""


def _read_meta(head: Head, text: str) -> None:
    head.doc_no = head.doc_no or read_doc_no(text)
    squeezed = squeeze(text)[0]
    found = _DATE_META.search(squeezed)
    if found and head.issued_on is None:
        head.issued_on = read_date(squeezed[found.end() : found.end() + 14])
    found = _PUBLISHED_META.search(squeezed)
    if found and head.published_on is None:
        head.published_on = read_date(squeezed[found.end() : found.end() + 14])
    named = re.fullmatch("(?:标题|(?:信息|文件)?名称)：(.{6,})", squeezed)
    if named and not head.notice_title and is_title_like(named[1]):
        about = _ABOUT.search(named[1])
        head.listed_title = tidy((about["named"] or about["plain"]).strip("《》")) if about else named[1]


def _head_kind(text: str) -> str:
    kind = classify(text)
    if kind:
        return kind
    folded = squeeze(text)[0]
    if is_doc_no(text):
        return "doc_no"
    if re.fullmatch("[\\d年月日.-]{4,12}", folded):
        return "date"
    if folded.endswith("文件") and len(folded) <= 30:
        return "issuer"
    if folded.endswith("：") and len(folded) <= 200 and _ADDRESSEES.fullmatch(folded):
        return "addressees"
    if len(folded) <= 25 and _ISSUER.fullmatch(folded) and not is_title_like(text):
        return "issuer"
    if _LETTER.fullmatch(folded) and re.search("[。，！]", folded):
        return "letter"
    if len(folded) <= 90 and not folded.endswith(("。", "；", "：", "！")) and "。" not in folded:
        return "title"
    return "preamble"


def _close_run(head: Head, run: list[Para]) -> None:
    """Read a run of short lines as one title or as several: a title ends where its last word says so."""
    pending: list[Para] = []
    for para in run:
        pending.append(para)
        title = tidy("".join(p.text.strip() for p in pending))
        if not is_title_like(title) or (title.count("《") > title.count("》")):
            continue
        following = run[run.index(para) + 1 :]
        if (
            following
            and _TITLE_END.fullmatch(squeeze(following[0].text)[0])
            and len(squeeze(following[0].text)[0]) <= 8
        ):
            continue
        _take_title(head, title, pending)
        pending = []
    if pending:
        title = tidy("".join(p.text.strip() for p in pending))
        if not head.title and head.notice_title == "" and len(title) >= 4:
            _take_title(head, title, pending, sure=False)
        else:
            for para in pending:
                head.parts.append(FramePart("preamble", tidy(para.text), para.where))
    run.clear()


def _take_title(head: Head, title: str, paras: list[Para], *, sure: bool = True) -> None:
    for para in paras:
        head.parts.append(FramePart("title", tidy(para.text), para.where))
    title = title.replace("〈", "《").replace("〉", "》")
    if re.fullmatch("《.*》", title) and title.count("《") - title.count("》") == 0:
        title = title[1:-1]
    about = _ABOUT.search(title)
    if about or title.endswith("通知"):
        head.notice_title = head.notice_title or title
        if about and not head.named_title:
            head.named_title = tidy(
                (about["named"] or about["plain"]).replace("<", "《").replace(">", "》").strip("《》")
            )
    elif sure and not head.plan_title:
        head.plan_title = title
    elif not sure and not head.title:
        head.notice_title = title


def year_of(head: Head, *more: str) -> int | None:
    """Return the plan's year: from its title, else its number, else its date (a span of years: the first)."""
    for title in (head.plan_title, head.named_title, head.notice_title, *more):
        found = re.search(r"(20\d{2}|二[〇○零][一二三四五六七八九〇○零]{2})(?:年|-|至|度)", squeeze(title)[0])
        if found:
            return chinese_number(found[1])
    number = re.search(r"〔(\d{4})〕", head.doc_no)
    if number:
        return int(number[1])
    return head.issued_on.year if head.issued_on else None

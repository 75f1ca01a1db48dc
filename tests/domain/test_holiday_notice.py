"""Reading the yearly notice: official items, phrases of other years, a notice for 2027, and notices that do not agree."""

from __future__ import annotations

from datetime import date

import chinese_calendar
import pytest

from gongkai.domain.calendars import Calendar
from gongkai.domain.holiday_notice import NoticeKind, NoticeReading, StatutoryDays, amend_year, read_item, read_notice
from gongkai.domain.issues import Severity
from gongkai.rulebook.holidays import statutory_days
from gongkai.rulebook.loader import calendar_shipped
from gongkai.rulebook.messages import describe
from tests.domain.notice_samples import ITEMS, PRETEND_2027, notice


def read(text: str) -> NoticeReading:
    return read_notice(text, statutory_days=statutory_days)


def errors(reading: NoticeReading) -> list[str]:
    return [issue.code for issue in reading.issues if issue.severity is Severity.ERROR]


def dates(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


class TestOfficialItems:
    @pytest.mark.parametrize("year", sorted(ITEMS))
    def test_give_the_year_on_file(self, year: int) -> None:
        reading = read(notice(year))
        assert errors(reading) == []
        assert reading.calendar is not None
        shipped = calendar_shipped().year(year)
        assert reading.calendar.off_days == shipped.off_days
        assert reading.calendar.make_up_days == shipped.make_up_days

    def test_keep_number_and_date(self) -> None:
        reading = read(notice(2026))
        assert reading.notice_no == "国办发明电〔2025〕7号"
        assert reading.notice_date == date(2025, 11, 4)
        assert reading.kind is NoticeKind.ANNUAL

    def test_encouragement_to_rest_is_no_holiday(self) -> None:
        reading = read(notice(2024))
        assert reading.calendar is not None
        assert date(2024, 2, 9) not in reading.calendar.off_days
        assert any(line.kind == "ignored" and "除夕" in line.text for line in reading.understood)

    def test_two_festivals_may_share_an_item(self) -> None:
        reading = read(notice(2025))
        assert reading.calendar is not None
        assert [h.name for h in reading.calendar.holidays][-1] == "国庆节、中秋节"


class TestWholeNoticesOfOtherYears:
    """Arrangements of years before the shipped ones, told in the words of their time."""

    arrangements = {
        2012: """一、元旦：2012年1月1日至3日放假调休，共3天。2011年12月31日（星期六）上班。
二、春节：1月22日至28日放假调休，共7天。1月21日（星期六）、1月29日（星期日）上班。
三、清明节：4月2日至4日放假调休，共3天。3月31日（星期六）、4月1日（星期日）上班。
四、劳动节：4月29日至5月1日放假调休，共3天。4月28日（星期六）上班。
五、端午节：6月22日至24日放假公休，共3天。
六、中秋节、国庆节：9月30日至10月7日放假调休，共8天。9月29日（星期六）上班。""",
        2014: """一、元旦：1月1日放假1天。
二、春节：1月31日至2月6日放假调休，共7天。1月26日（星期日）、2月8日（星期六）上班。
三、清明节：4月5日放假，4月7日（星期一）补休。
四、劳动节：5月1日至3日放假调休，共3天。5月4日（星期日）上班。
五、端午节：6月2日放假，与周末连休。
六、中秋节：9月8日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月28日（星期日）、10月11日（星期六）上班。""",
        2023: """一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。""",
    }

    @pytest.mark.parametrize("year", sorted(arrangements))
    def test_give_the_days_that_were_kept(self, year: int) -> None:
        reading = read(notice(year, self.arrangements[year]))
        assert errors(reading) == []
        assert reading.calendar is not None
        days = Calendar((reading.calendar,)).days(date(year, 1, 1), date(year, 12, 31))
        assert [d.day for d in days if chinese_calendar.is_workday(d.day) != d.working] == []


class TestPhrasesOfOtherYears:
    @pytest.mark.parametrize(
        ("year", "name", "text", "off", "make_up"),
        [
            (
                2010,
                "春节",
                "2月13日至19日放假调休，共7天。2月20日（星期六）、21日（星期日）上班。",
                ("2010-02-13", "2010-02-19"),
                ("2010-02-20", "2010-02-21"),
            ),
            (
                2011,
                "春节",
                "2月2日（农历除夕）至8日放假调休，共7天。1月30日（星期日）、2月12日（星期六）上班。",
                ("2011-02-02", "2011-02-08"),
                ("2011-01-30", "2011-02-12"),
            ),
            (
                2014,
                "清明节",
                "4月5日放假，4月7日（星期一）补休。",
                ("2014-04-05", "2014-04-07"),
                (),
            ),
            (
                2019,
                "元旦",
                "2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。",
                ("2018-12-30", "2019-01-01"),
                ("2018-12-29",),
            ),
            (2019, "元旦", "12月30日至1月1日放假调休，共3天。", ("2018-12-30", "2019-01-01"), ()),
            (2023, "元旦", "2022年12月31日至2023年1月2日放假调休，共3天。", ("2022-12-31", "2023-01-02"), ()),
            (2018, "端午节", "6月18日放假，与周末连休。", ("2018-06-18", "2018-06-18"), ()),
            (2018, "端午节", "6月18日（星期一）放假，与周末连休，共3天。", ("2018-06-18", "2018-06-18"), ()),
            (
                2016,
                "中秋节",
                "9月15日（星期四）-17日放假公休，共3天。9月18日（星期天）上班。",
                ("2016-09-15", "2016-09-17"),
                ("2016-09-18",),
            ),
            (2026, "清明节", "４ 月４日（ 周六 ）至\n6日（周一）放假，共３天", ("2026-04-04", "2026-04-06"), ()),
        ],
    )
    def test_are_read(self, year: int, name: str, text: str, off: tuple[str, str], make_up: tuple[str, ...]) -> None:
        item = read_item(text, name=name, year=year)
        assert item.issues == []
        assert [min(item.off_days), max(item.off_days)] == dates(*off)
        assert item.make_up_days == dates(*make_up)

    def test_days_in_lieu_are_not_a_range(self) -> None:
        assert read_item("4月5日放假，4月7日（星期一）补休。", name="清明节", year=2014).off_days == dates(
            "2014-04-05", "2014-04-07"
        )


class TestNoticeOf2027:
    def test_is_read_with_the_paragraph_of_standing_rules(self) -> None:
        reading = read(PRETEND_2027)
        assert errors(reading) == []
        assert reading.calendar is not None
        assert reading.year == 2027
        assert reading.notice_no == "国办发明电〔2026〕9号"
        assert reading.notice_date == date(2026, 11, 5)
        assert len(reading.calendar.off_days) == 28
        assert sorted(reading.calendar.make_up_days) == dates(
            "2027-01-30", "2027-02-20", "2027-05-08", "2027-09-26", "2027-10-09"
        )

    def test_says_line_by_line_what_it_understood(self) -> None:
        understood = read(PRETEND_2027).understood
        by_kind = {line.kind: line for line in understood if line.kind in ("title", "doc_no")}
        assert (by_kind["title"].line_from, by_kind["title"].line_to) == (1, 2)
        assert by_kind["doc_no"].line_from == 3
        spring = next(line for line in understood if line.name == "春节")
        assert spring.line_from == 10
        assert spring.off_days == tuple(dates(*(f"2027-02-{n:02}" for n in range(5, 13))))

    def test_publishes_the_year(self) -> None:
        reading = read(PRETEND_2027)
        assert reading.calendar is not None
        calendar = calendar_shipped().with_year(reading.calendar)
        assert calendar.add_working_days(date(2026, 12, 10), 20) == date(2027, 1, 8)

    @pytest.mark.parametrize(
        "change",
        [
            lambda text: text.replace("\n", "\r\n"),
            lambda text: text.replace("\n", ""),
            lambda text: text.replace("（", "(").replace("）", ")").replace("：", ":").replace("，", ","),
            lambda text: text.replace("月", " 月 ").replace("日", " 日 "),
            lambda text: text.replace("放假", "放\n假"),
            lambda text: text.replace("至", "—"),
            lambda text: (
                "<html><head><style>p { width: 1px; }</style></head><body><p>首页</p>"
                + "".join(f'<p style="text-indent: 2em;">&nbsp;{line}</p>\n' for line in text.split("\n"))
                + "</body></html>"
            ),
            lambda text: text.replace("周", "星期"),
            lambda text: "\ufeff" + text.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
            lambda text: text.replace("〔", "[").replace("〕", "]"),
            lambda text: "\n".join(
                line.removeprefix(line[:2]) if line[1:2] == "、" else line for line in text.split("\n")
            ),
        ],
    )
    def test_survives_the_accidents_of_copying(self, change: object) -> None:
        assert callable(change)
        reading = read(change(PRETEND_2027))
        assert errors(reading) == []
        assert reading.calendar is not None
        assert reading.calendar.off_days == read(PRETEND_2027).calendar.off_days  # type: ignore[union-attr]
        assert reading.notice_no == "国办发明电〔2026〕9号"


class TestRefusals:
    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("10月1日（周五）至7日（周四）", "10月1日（周四）至7日（周四）", "calendar.notice.weekday"),
            ("放假调休，共7天", "放假调休，共8天", "calendar.notice.total"),
            ("10月9日（周六）上班", "10月11日（周一）上班", "calendar.notice.make_up_weekday"),
            ("、10月9日（周六）上班", "上班", "calendar.notice.balance"),
            ("5月8日（周六）上班。", "", "calendar.notice.balance"),
            ("六、中秋节：9月15日（周三）放假1天，不调休。\n", "", "calendar.notice.festival_missing"),
            ("9月26日（周日）、10月9日", "10月3日（周日）、10月9日", "calendar.notice.off_and_make_up"),
            ("五、端午节", "五、重阳节", "calendar.notice.festival_unknown"),
            ("五、端午节", "五、中秋节", "calendar.notice.festival_twice"),
            ("6月9日（周三）放假1天", "6月31日放假1天", "calendar.notice.no_such_day"),
            ("5月1日（周六）至5日", "5月5日（周三）至1日", "calendar.notice.range"),
            ("9月15日（周三）放假1天，不调休。", "安排另行通知。", "calendar.notice.item_empty"),
            ("9月15日（周三）放假1天，不调休。", "9月15日（周三）过节。", "calendar.notice.not_understood"),
            ("4月3日（周六）至5日（周一）", "2月6日（周六）至8日（周一）", "calendar.notice.day_in_two_items"),
            ("9月15日（周三）放假", "2029年9月15日放假", "calendar.notice.other_year"),
            ("节假日安排的通知", "工作安排的通知", "calendar.notice.no_title"),
            ("6月9日（周三）", "6月9日（周9三）", "calendar.notice.weekday_unread"),
            ("4月3日（周六）至5日（周一）放假", "4月3日（周六）5日（周一）放假", "calendar.notice.not_understood"),
            (
                "1月1日（周五）至3日（周日）放假，共3天",
                "1月8日（周五）至10日（周日）放假，共3天",
                "calendar.notice.fixed_day_missing",
            ),
        ],
    )
    def test_a_notice_that_does_not_agree(self, old: str, new: str, code: str) -> None:
        assert old in PRETEND_2027
        reading = read(PRETEND_2027.replace(old, new))
        assert code in errors(reading)
        assert reading.calendar is None
        assert all(describe(issue) for issue in reading.issues)

    def test_names_the_line_and_what_was_expected(self) -> None:
        reading = read(PRETEND_2027.replace("5月8日（周六）上班", "5月8日（周日）上班"))
        issue = next(issue for issue in reading.issues if issue.code == "calendar.notice.weekday")
        assert issue.where is not None
        assert issue.where.line_from == 12
        assert describe(issue) == "“劳动节”一项写明2027-05-08是周日，实际是周六。"

    def test_a_make_up_day_months_away_gives_a_warning(self) -> None:
        reading = read(PRETEND_2027.replace("5月8日（周六）上班", "8月7日（周六）上班"))
        assert [(issue.code, issue.severity) for issue in reading.issues] == [
            ("calendar.notice.make_up_far", Severity.WARNING)
        ]

    def test_a_balance_that_fails_names_the_item(self) -> None:
        reading = read(PRETEND_2027.replace("5月8日（周六）上班。", ""))
        told = [describe(issue) for issue in reading.issues]
        assert told == [
            "收支不平：放假占用工作日18天，调休上班4天，相抵后放假14天；全体公民放假应为13天。",
            "其中“劳动节”一项：放假占用工作日3天，调休上班0天，相抵后3天，法定为2天，请先核对这一项。",
        ]
        assert reading.issues[0].basis[0].citation == "《全国年节及纪念日放假办法》（2024年修订）第二条"

    def test_all_reasons_come_at_once(self) -> None:
        text = (
            PRETEND_2027.replace("共8天", "共9天")
            .replace("（周四）放假", "（周二）放假")
            .replace("五、端午节", "五、重阳节")
        )
        codes = errors(read(text))
        assert {"calendar.notice.total", "calendar.notice.weekday", "calendar.notice.festival_missing"} <= set(codes)

    @pytest.mark.parametrize("text", ["", "   \n", "关于召开会议的通知", "%PDF-1.7", "一、元旦：1月1日放假"])
    def test_a_text_that_is_no_notice(self, text: str) -> None:
        reading = read(text)
        assert reading.kind is NoticeKind.UNKNOWN
        assert errors(reading) == ["calendar.notice.no_title"]

    def test_a_year_without_statutory_days(self) -> None:
        reading = read_notice(PRETEND_2027, statutory_days=lambda year: None)
        assert errors(reading) == ["calendar.notice.no_statutory_days"]

    def test_missing_number_and_date_are_warnings(self) -> None:
        reading = read(notice(2026, number="", signed=""))
        assert [issue.code for issue in reading.issues] == ["calendar.notice.no_number", "calendar.notice.no_date"]
        assert reading.calendar is not None


class TestAmendingNotices:
    base = calendar_shipped().year(2026)
    extension = (
        "国务院办公厅关于延长2026年春节假期的通知\n国办发明电〔2026〕1号\n各省、自治区、直辖市人民政府：\n"
        "经国务院批准，现将延长2026年春节假期的具体安排通知如下。\n"
        "一、延长2026年春节假期至3月1日（农历正月十三，星期日），3月2日（星期一）起正常上班。\n"
        "国务院办公厅\n2026年2月20日\n"
    )
    replacement = (
        "国务院办公厅关于调整2026年劳动节假期安排的通知\n国办发明电〔2026〕3号\n各省、自治区、直辖市人民政府：\n"
        "经国务院批准，现将2026年劳动节假期安排调整如下：5月1日至6日放假调休，共6天。4月26日（星期日）、5月9日（星期六）上班。\n"
        "国务院办公厅\n2026年3月22日\n"
    )

    def test_official_phrase_of_2020_is_an_extension(self) -> None:
        reading = read(
            "国务院办公厅关于延长2020年春节假期的通知\n国办发明电〔2020〕1号\n"
            "一、延长2020年春节假期至2月2日（农历正月初九，星期日），2月3日（星期一）起正常上班。"
        )
        assert reading.kind is NoticeKind.AMENDING
        assert reading.amendment is not None
        (change,) = reading.amendment.changes
        assert (change.name, change.mode) == ("春节", "extend")
        assert change.off_days == (date(2020, 2, 2),)
        assert change.resumed_on == date(2020, 2, 3)

    def test_extension_takes_days_off_and_cancels_make_up_days_inside(self) -> None:
        reading = read(self.extension)
        assert reading.amendment is not None
        changed, issues = amend_year(self.base, reading.amendment, statutory=statutory_days(2026))
        assert changed is not None
        assert date(2026, 2, 28) in changed.off_days
        assert date(2026, 2, 28) not in changed.make_up_days
        assert max(d for h in changed.holidays if h.name == "春节" for d in h.off_days) == date(2026, 3, 1)
        assert changed.amended_by == ("国办发明电〔2026〕1号",)
        assert [(issue.code, issue.severity) for issue in issues] == [
            ("calendar.notice.balance_amended", Severity.WARNING)
        ]

    def test_replacement_puts_new_days_in_place(self) -> None:
        reading = read(self.replacement)
        assert reading.amendment is not None
        changed, issues = amend_year(self.base, reading.amendment, statutory=statutory_days(2026))
        assert changed is not None
        labor = next(holiday for holiday in changed.holidays if holiday.name == "劳动节")
        assert labor.off_days == tuple(dates(*(f"2026-05-0{n}" for n in range(1, 7))))
        assert labor.make_up_days == tuple(dates("2026-04-26", "2026-05-09"))
        assert issues == ()

    def test_remembrance_day_is_added(self) -> None:
        reading = read(
            "国务院关于中国人民抗日战争胜利80周年纪念日调休放假的通知\n"
            "各省、自治区、直辖市人民政府：\n"
            "2026年9月3日至5日调休放假，共3天。9月6日（星期日）上班。"
        )
        assert reading.kind is NoticeKind.AMENDING
        assert reading.amendment is not None
        changed, _ = amend_year(self.base, reading.amendment)
        assert changed is not None
        assert len(changed.holidays) == len(self.base.holidays) + 1
        assert date(2026, 9, 4) in changed.off_days

    def test_other_year_is_refused(self) -> None:
        reading = read(self.replacement)
        assert reading.amendment is not None
        changed, issues = amend_year(calendar_shipped().year(2025), reading.amendment)
        assert changed is None
        assert [issue.code for issue in issues] == ["calendar.notice.amends_other_year"]

    def test_wrong_weekday_is_refused(self) -> None:
        reading = read(self.replacement.replace("4月26日（星期日）", "4月26日（星期六）"))
        assert reading.amendment is None
        assert errors(reading) == ["calendar.notice.weekday"]


class TestStatutoryDays:
    @pytest.mark.parametrize(("year", "total"), [(2023, 11), (2024, 11), (2025, 13), (2027, 13)])
    def test_come_from_the_rulebook(self, year: int, total: int) -> None:
        known = statutory_days(year)
        assert isinstance(known, StatutoryDays)
        assert known.total == total

    def test_are_unknown_long_ago(self) -> None:
        assert statutory_days(1999) is None

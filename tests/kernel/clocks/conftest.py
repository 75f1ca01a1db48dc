"""What the tests of the calendar on file share: a notice for 2027 in the form of the real ones, written by us."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gongkai.kernel.accounts.actor import Actor

NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)

NOTICE_2027 = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕9号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至12日（农历正月初七、周五）放假调休，共8天。2月14日（周日）、2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
国务院办公厅
2026年11月10日
"""

AMENDMENT_2027 = """国务院办公厅关于调整2027年劳动节假期安排的通知
国办发明电〔2027〕2号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2027年劳动节放假安排调整如下：
一、劳动节：5月1日（周六）至4日（周二）放假，共4天。
国务院办公厅
2027年3月22日
"""


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def actor() -> Actor:
    return Actor.system("试验程序")


@pytest.fixture
def notice() -> str:
    return NOTICE_2027


@pytest.fixture(autouse=True)
def fresh_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins without a remembered calendar: rolled-back imports leave no trace."""
    from gongkai.kernel.clocks import selectors

    monkeypatch.setattr(selectors, "_cached", None)

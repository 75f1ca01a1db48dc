"""Every letter and form of the rulebook can be written in a case that it fits, once the office is set up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.fees import FeeMethod
from gongkai.domain.foi.letters import OUTGOING
from gongkai.domain.foi.model import Delivery, RemedyKind, RemedyOutcome
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.services import fees
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.letters import letter_text
from tests.factories.foi import NAME, Desk
from tests.factories.foi_office import set_up
from tests.factories.world import TODAY, moment
from tests.kernel.letters.samples import GROUNDS, RULES, result_of, values_of

pytestmark = pytest.mark.django_db
LATER = TODAY + timedelta(days=40)


def handled(desk: Desk) -> Application:
    return desk.do(desk.taken().application, c.Accept(on=TODAY))


def not_supplemented(desk: Desk) -> Application:
    application = desk.taken().application
    desk.do(application, c.NotifySupplement(on=TODAY, items=("请写明年份",)))
    desk.do(application, c.DeliverSupplementNotice(on=TODAY))
    return desk.do(application, c.LapseSupplement(on=LATER))


def not_paid(desk: Desk) -> Application:
    application = handled(desk)
    who: dict[str, Any] = {"actor": desk.clerk, "application_id": application.pk, "now": moment(TODAY, 10)}
    fees.fee_decide(
        **who, method=FeeMethod.PER_PAGE, units=40, units_reason="纸质材料40页，10页收费", decided_by="局长"
    )
    fees.fee_notify(**who, on=TODAY)
    desk.do(application, c.DeliverFeeNotice(on=TODAY))
    return desk.do(application, c.LapseFee(on=LATER))


def drafted(desk: Desk, code: str) -> Application:
    application = handled(desk)
    result = result_of(RULES.letters[code])
    return desk.do(application, c.Draft(on=TODAY, disposition=result, grounds=GROUNDS.get(result, ())))


def reopened(desk: Desk) -> Application:
    application = desk.granted(TODAY)
    desk.do(application, c.FileRemedy(on=TODAY, kind=RemedyKind.RECONSIDERATION, ref="复1"))
    outcome = RemedyOutcome.CORRECTED
    decided = c.DecideRemedy(on=TODAY, kind=RemedyKind.RECONSIDERATION, ref="复1", outcome=outcome)
    desk.do(application, decided)
    desk.do(application, c.Reopen(on=TODAY, reason="复议决定"))
    return desk.do(application, c.Draft(on=TODAY, disposition="granted_provide"))


FITTING: dict[str, Callable[[Desk], Application]] = {
    "L24_closed_no_supplement": not_supplemented,
    "L25_closed_no_payment": not_paid,
    "L34_reissue": reopened,
}


def written(desk: Desk, code: str, day: date = TODAY, **more: Any) -> CasePaper:
    form = RULES.letters[code]
    fitting = FITTING.get(code)
    if fitting is not None:
        application, day = fitting(desk), LATER if code != "L34_reissue" else TODAY
    else:
        application = drafted(desk, code) if result_of(form) else handled(desk)
    values = {**values_of(form), "date": day}
    if "date" not in form.known:
        del values["date"]
    return services.letter_write(
        actor=desk.clerk,
        application_id=application.pk,
        code=code,
        values=values,
        delivery=Delivery.ONLINE,
        sealed=True,
        on=day,
        now=moment(day, 11),
        **more,
    )


class TestEveryLetter:
    @pytest.mark.parametrize("code", list(RULES.letters))
    def test_is_written_in_a_case_it_fits(self, desk: Desk, code: str) -> None:
        set_up(desk)
        form = RULES.letters[code]
        paper = written(desk, code)
        assert paper.file is not None and paper.letter == code
        words = letter_text(file_path(file=paper.file).read_bytes())
        assert form.title in words
        assert "行政复议" in words or not form.tells_remedies
        assert bool(paper.letter_no) == (form.direction in OUTGOING)
        assert "签发后编号" not in words
        if form.direction.value in ("to_third_party", "to_organ"):
            assert NAME not in words

    def test_there_are_forty_one(self) -> None:
        assert len(RULES.letters) == 41

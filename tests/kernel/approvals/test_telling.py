"""Who is told what, and that nobody is told twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals import services
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.notices.models import Notice
from tests.factories.world import NOW, World
from tests.kernel.approvals.rounds import OTHER, Team
from tests.kernel.approvals.test_rounds import TestEmergency


def titles(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("title", flat=True))


class TestStepWaiting:
    def test_tells_those_who_may_sign_once(self, team: Team) -> None:
        approval = team.open()
        for _ in range(2):
            services.tell_step_waiting(approval_id=approval.pk, step="first_review", now=NOW)
        assert titles(team.by_step["first_review"]) == [f"请办理初审：{approval.title}"]
        assert titles(team.by_step["second_review"]) == []

    def test_tells_authors_and_office_that_nobody_can(self, team: Team) -> None:
        team.by_step["first_review"].posts.update(until_on=NOW.date() - timedelta(days=1))
        approval = team.open()
        services.tell_step_waiting(approval_id=approval.pk, step="first_review", now=NOW)
        for user in (team.author, team.office):
            assert titles(user) == [f"“{approval.title}”的初审没有人可以办理"]

    def test_says_that_it_is_urgent(self, team: Team) -> None:
        approval = team.open(emergency=True, reason="险情")
        services.tell_step_waiting(approval_id=approval.pk, step="confidentiality_review", now=NOW)
        notice = Notice.objects.get(recipient=team.by_step["confidentiality_review"])
        assert (notice.level, notice.title[:4]) == ("urgent", "【应急】")

    @pytest.mark.parametrize(("after", "mailed"), [(timedelta(hours=1), True), (timedelta(days=4), False)])
    def test_is_not_mailed_where_a_worker_tells_it_days_later(
        self, team: Team, monkeypatch: pytest.MonkeyPatch, after: timedelta, mailed: bool
    ) -> None:
        User.objects.update(email="someone@example.cn")
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + after)
        team.open()
        run_jobs()
        signer = team.by_step["first_review"]
        assert list(Notice.objects.filter(recipient=signer).values_list("email_wanted", flat=True)) == [mailed]

    def test_is_silent_when_the_round_has_ended_meanwhile(self, team: Team) -> None:
        approval = team.open()
        team.sign(approval, "first_review", verdict="return", remark="错字")
        services.tell_step_waiting(approval_id=approval.pk, step="first_proof", now=NOW)
        assert Notice.objects.count() == 0


class TestEnd:
    def test_a_return_goes_to_the_authors_with_the_remark(self, team: Team) -> None:
        approval = team.open()
        team.sign(approval, "first_review", verdict="return", remark="第二段数字请核对。")
        services.tell_returned(approval_id=approval.pk, step="first_review", remark="第二段数字请核对。", now=NOW)
        notice = Notice.objects.get(recipient=team.author)
        assert "第二段数字请核对" in notice.body
        assert "初审（楚审）" in notice.body

    def test_a_completed_round_goes_to_the_authors(self, team: Team) -> None:
        approval = team.sign_all(team.open())
        services.tell_completed(approval_id=approval.pk, now=NOW)
        assert titles(team.author) == [f"审批完成：{approval.title}"]

    def test_an_edit_goes_to_those_who_signed(self, team: Team) -> None:
        approval = team.open()
        team.sign(approval, "first_review")
        services.tell_voided(approval_id=approval.pk, kind="voided", reason="改了标题", now=NOW)
        assert titles(team.by_step["first_review"]) == [f"内容已修改，原签批失效：{approval.title}"]


class TestSweep:
    def test_reminds_of_what_is_late_once_a_day_and_passes_it_up(self, team: Team) -> None:
        approval = team.open()
        late = NOW + timedelta(days=2)
        services.reminders_sweep(now=late)
        before = Notice.objects.count()
        assert services.reminders_sweep(now=late) == 0
        assert Notice.objects.count() == before
        assert f"初审已逾期1天：{approval.title}" in titles(team.by_step["first_review"])
        assert not any("逾期" in title for title in titles(team.office))
        services.reminders_sweep(now=NOW + timedelta(days=3))
        assert f"初审已逾期2天：{approval.title}" in titles(team.office)

    def test_tells_a_newcomer_of_what_waits(self, team: Team, world: World) -> None:
        approval = team.open()
        services.tell_step_waiting(approval_id=approval.pk, step="first_review", now=NOW)
        new = world.person(Role.FIRST_REVIEWER, team.unit)
        services.reminders_sweep(now=NOW)
        assert titles(new) == [f"请办理初审：{approval.title}"]
        assert len(titles(team.by_step["first_review"])) == 1

    def test_reminds_of_a_review_after_an_emergency_that_is_late(self, team: Team, world: World) -> None:
        head = world.person(Role.DISCLOSURE_OFFICE, world.office)
        approval = TestEmergency().released(team)
        services.approval_open_after_review(actor=team.acting(team.office), approval_id=approval.pk, now=NOW)
        services.reminders_sweep(now=NOW + timedelta(days=4))
        assert f"补审已逾期1天：{approval.title}" in titles(head)


@pytest.mark.django_db(transaction=True)
class TestWiring:
    def test_events_reach_the_listeners_as_jobs(self, transactional_db: None) -> None:
        team = Team(World())
        approval = team.open()
        run_jobs()
        assert titles(team.by_step["first_review"])
        team.sign(approval, "first_review", verdict="return", remark="请核对")
        again = team.open(digest=OTHER)
        services.approval_void(
            actor=team.acting(team.author), target_type="test.text", target_id="1", reason="改", now=NOW
        )
        run_jobs()
        assert f"退回修改：{approval.title}" in titles(team.author)
        assert again.round == 2

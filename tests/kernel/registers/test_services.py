"""Numbers: each once, none left out."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from gongkai.kernel.registers.models import Register
from gongkai.kernel.registers.selectors import number_last
from gongkai.kernel.registers.services import number_take, numbers_take


@pytest.fixture
def unit(db):
    """A department."""
    from gongkai.kernel.orgs.models import Unit

    return Unit.objects.create(kind="department", name="县财政局", sort_key="xiancaizhengju")


class TestNumberTake:
    def test_counts_from_one(self, db):
        assert [number_take(series="supervision", year=2024) for _ in range(3)] == [1, 2, 3]
        assert number_last(series="supervision", year=2024) == 3

    def test_many_at_once_follow_each_other_and_what_was_taken_before(self, db):
        assert number_take(series="a", year=2024) == 1
        assert list(numbers_take(series="a", year=2024, count=3)) == [2, 3, 4]
        assert number_take(series="a", year=2024) == 5

    @pytest.mark.parametrize("count", [0, -1])
    def test_nothing_is_not_taken(self, db, count):
        with pytest.raises(ValueError, match="cannot be taken"):
            numbers_take(series="a", year=2024, count=count)

    def test_counts_apart_by_series_year_and_unit(self, unit):
        assert number_take(series="a", year=2024) == 1
        assert number_take(series="b", year=2024) == 1
        assert number_take(series="a", year=2025) == 1
        assert number_take(series="a", year=2024, unit_id=unit.pk) == 1
        assert number_take(series="a", year=2024) == 2
        assert number_last(series="c", year=2024) == 0

    def test_gives_a_number_back_when_its_transaction_fails(self, db):
        number_take(series="a", year=2024)
        with pytest.raises(RuntimeError), transaction.atomic():
            assert number_take(series="a", year=2024) == 2
            raise RuntimeError("the letter was not written")
        assert number_take(series="a", year=2024) == 2

    def test_takes_two_statements_after_the_first_number(self, db, django_assert_num_queries):
        number_take(series="a", year=2024)
        with django_assert_num_queries(2):
            number_take(series="a", year=2024)


@pytest.mark.django_db(transaction=True)
class TestNumberTakeInEarnest:
    """With real transactions on connections of their own."""

    def test_must_stand_in_a_transaction(self):
        with pytest.raises(RuntimeError, match="transaction"):
            number_take(series="a", year=2024)

    def test_gives_no_number_twice_and_leaves_none_out(self):
        workers, each = 6, 8
        start = threading.Barrier(workers)

        def work(worker: int) -> list[int]:
            taken = []
            try:
                start.wait(timeout=30)
                for turn in range(each):
                    try:
                        with transaction.atomic():
                            number = number_take(series="a", year=2024)
                            if (worker + turn) % 4 == 0:
                                raise ZeroDivisionError  # this letter fails after its number was taken
                        taken.append(number)
                    except ZeroDivisionError:
                        pass
            finally:
                connection.close()
            return taken

        with ThreadPoolExecutor(workers) as pool:
            numbers = [n for taken in pool.map(work, range(workers)) for n in taken]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
        assert number_last(series="a", year=2024) == len(numbers)
        assert Register.objects.count() == 1

    def test_second_taker_waits_for_the_first_and_gets_the_number_it_gave_back(self):
        taken, waiting = threading.Event(), threading.Event()
        results: list[int] = []

        def second() -> None:
            try:
                taken.wait(timeout=30)
                waiting.set()
                with transaction.atomic():
                    results.append(number_take(series="a", year=2024))
            finally:
                connection.close()

        thread = threading.Thread(target=second)
        thread.start()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            assert number_take(series="a", year=2024) == 1
            taken.set()
            waiting.wait(timeout=30)
            thread.join(timeout=0.5)
            assert results == []
            raise ZeroDivisionError
        thread.join(timeout=30)
        assert results == [1]

"""A check of many rows names every row that fails, whatever went wrong with it."""

import pytest

from tests.row_by_row import every


def an_even_number(number: int) -> None:
    assert number % 2 == 0


def test_every_row_that_fails_is_named_and_no_other() -> None:
    with pytest.raises(pytest.fail.Exception) as failed:
        every([1, 2, 3, 4], "number {}".format)(an_even_number)()
    assert [line.split(":")[0] for line in str(failed.value).splitlines() if "Error" in line] == [
        "number 1",
        "number 3",
    ]


def test_a_row_that_breaks_the_check_fails_it_and_the_others_are_still_held() -> None:
    def refused(row: dict[str, int]) -> None:
        with pytest.raises(KeyError):
            row["a"]

    with pytest.raises(pytest.fail.Exception, match="2 of 3 rows"):
        every([{"a": 1}, {}, {"a": 2}])(refused)()


def test_what_holds_for_all_is_silent() -> None:
    every([2, 4])(an_even_number)()


def test_no_rows_at_all_are_a_failure() -> None:
    with pytest.raises(AssertionError, match="no rows"):
        every([])(an_even_number)()

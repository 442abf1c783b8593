"""Long queues: batch by batch, with pauses, in rounds that come to an end."""

import time

from casework.services.pace import AT_ONCE, LONGEST_REST_SECONDS, Pace, in_batches

BATCH_SECONDS = 0.02


def worked_off(batches: int, pace: Pace) -> tuple[int, float]:
    """How many batches there were, and how many seconds it took."""
    left, began = batches, time.monotonic()

    def batch() -> bool:
        nonlocal left
        left -= 1
        time.sleep(BATCH_SECONDS)
        return left > 0

    in_batches(batch, pace)
    return batches - left, time.monotonic() - began


def test_it_goes_on_until_no_more_is_waiting() -> None:
    assert worked_off(5, AT_ONCE)[0] == 5


def test_it_rests_between_two_batches_and_not_after_the_last() -> None:
    done, seconds = worked_off(3, Pace(rest=10.0))
    assert done == 3
    assert 2 * 10 * BATCH_SECONDS <= seconds < 3 * 10 * BATCH_SECONDS


def test_after_a_batch_that_waited_for_somebody_else_it_does_not_rest_for_long() -> None:
    _, seconds = worked_off(2, Pace(rest=1_000.0))
    assert LONGEST_REST_SECONDS <= seconds < 2 * LONGEST_REST_SECONDS


def test_after_its_time_no_further_batch_begins() -> None:
    done, _ = worked_off(100, Pace(seconds=3.5 * BATCH_SECONDS))
    assert 1 <= done <= 4

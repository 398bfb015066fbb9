"""Threads that take batches as they come."""

from __future__ import annotations

from itertools import count
from threading import Barrier
from time import sleep

import pytest

from actcli.networks.inspection.running import shared, workers


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_every_item_is_made_and_used_once(threads: int) -> None:
    used: list[int] = []
    shared(iter(range(1000)), lambda item: 2 * item, used.append, threads)
    assert sorted(used) == [*range(0, 2000, 2)]


def test_things_are_made_side_by_side() -> None:
    """The barrier lets nobody through before both threads are at it."""
    both = Barrier(2, timeout=30)
    used: list[int] = []
    shared(iter(range(20)), lambda _: both.wait(), used.append, 2)
    assert sorted(used) == [0] * 10 + [1] * 10


def test_things_are_used_one_by_one() -> None:
    busy, most = 0, 0

    def use(_: int) -> None:
        nonlocal busy, most
        busy += 1
        sleep(1e-3)
        most = max(most, busy)
        busy -= 1

    shared(iter(range(20)), lambda item: item, use, 4)
    assert most == 1


@pytest.mark.parametrize("fails", ["make", "use"])
def test_a_failure_stops_the_others(fails: str) -> None:
    def fail(item: int) -> int:
        if item == 10:
            raise ZeroDivisionError("the tenth")
        return item

    def keep(item: int) -> int:
        return item

    make, use = (fail, keep) if fails == "make" else (keep, fail)
    with pytest.raises(ZeroDivisionError, match="the tenth"):
        shared(count(), make, use, 2)


def test_one_batch_is_looked_at_by_one_thread() -> None:
    assert [workers(inputs, 32) for inputs in (1, 32, 33, 64, 1000)] == [1, 1, 2, 2, 2]

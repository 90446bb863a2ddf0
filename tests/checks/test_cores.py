from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable

import pytest

from smmflow.checks.cores import on_every_core

_NUMBERS = range(-100, 100)
_ELSEWHERE = sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def test_results_come_in_the_order_of_the_things() -> None:
    assert on_every_core(abs, _NUMBERS, few=1) == [abs(each) for each in _NUMBERS]


@pytest.mark.skipif(not _ELSEWHERE, reason="needs Linux and two cores")
def test_much_work_is_done_by_several_processes_and_little_by_one() -> None:
    def who(_: int) -> int:
        return os.getpid()

    assert len(set(on_every_core(who, _NUMBERS, few=50))) > 1
    assert set(on_every_core(who, _NUMBERS, few=150)) == {os.getpid()}


def test_beside_another_thread_no_process_is_started() -> None:
    def who(_: int) -> int:
        return os.getpid()

    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert set(on_every_core(who, _NUMBERS, few=1)) == {os.getpid()}
    finally:
        done.set()
        thread.join()


def test_the_work_of_a_process_that_dies_is_done_all_the_same() -> None:
    here = os.getpid()

    def double(number: int) -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return number * 2

    expected = [each * 2 for each in _NUMBERS]
    assert on_every_core(double, _NUMBERS, few=1) == expected


def test_an_error_is_the_one_that_a_single_process_would_have_met(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def broken(number: int) -> int:
        if number == 1:
            raise ValueError("one is too many")
        return number

    with pytest.raises(ValueError, match="one is too many"):
        on_every_core(broken, _NUMBERS, few=1)
    assert capfd.readouterr() == ("", "")


def test_results_that_cant_travel_are_made_here() -> None:
    def make(number: int) -> Callable[[], int]:
        return lambda: number

    made = on_every_core(make, _NUMBERS, few=1)
    assert [each() for each in made] == list(_NUMBERS)

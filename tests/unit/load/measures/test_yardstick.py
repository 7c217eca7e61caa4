"""The computation by which a machine's pace is told."""

import itertools
import threading

import pytest

from ivrengine.load.measures.yardstick import fixed_computation_s

pytestmark = pytest.mark.unit


def test_it_takes_processor_time_and_hardly_any() -> None:
    assert 0.0001 < min(fixed_computation_s() for _ in range(5)) < 0.05


def test_what_other_threads_take_is_not_counted() -> None:
    alone_s = min(fixed_computation_s() for _ in range(20))
    over = threading.Event()
    computed = itertools.count()

    def compute() -> None:
        while not over.is_set():
            next(computed)

    others = [threading.Thread(target=compute) for _ in range(8)]
    for other in others:
        other.start()
    before = next(computed)
    beside_s = min(fixed_computation_s() for _ in range(50))
    assert next(computed) > before + 1, "the others had their turns"
    over.set()
    for other in others:
        other.join()
    assert beside_s < 3 * alone_s

"""Medians of wall-clock times; competitors take turns, so that a busy moment hits all alike."""

from __future__ import annotations

import statistics
import time

PATIENCE = 5  # seconds after which a call is not repeated
PAUSE = 0.1  # seconds after a long call


def take_turns(calls, rounds):
    """Median seconds of each call, and what it returned.

    Parameters
    ----------
    calls : dict of str to callable
    rounds : int
        How often each is timed, after a first call that is not. A call that takes longer than
        `PATIENCE` is timed once, the first time.

    Returns
    -------
    seconds : dict of str to float
    answers : dict of str to object
    """
    times = {name: [] for name in calls}
    answers = {}
    for turn in range(rounds + 1):
        for name, call in calls.items():
            if times[name] and times[name][0] > PATIENCE:
                continue
            start = time.perf_counter()
            answers[name] = call()
            seconds = time.perf_counter() - start
            if seconds > 0.02:  # threads that have nothing left to do spin for a while
                time.sleep(PAUSE)
            if turn > 0 or seconds > PATIENCE:
                times[name].append(seconds)
    return {name: statistics.median(values) for name, values in times.items()}, answers

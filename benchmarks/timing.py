"""Medians of wall-clock times, the competitors taking turns so that a busy moment hits all alike."""

from __future__ import annotations

import statistics
import time


def take_turns(calls, rounds):
    """Median seconds of each call.

    Parameters
    ----------
    calls : dict of str to callable
    rounds : int
        How often each is timed, after one call that is not; a call that takes longer than five
        seconds is timed once.

    Returns
    -------
    seconds : dict of str to float
    answers : dict of str to object
        What the last call of each returned.
    """
    times = {name: [] for name in calls}
    answers = {}
    for turn in range(rounds + 1):
        for name, call in calls.items():
            if times[name] and times[name][0] > 5:
                continue
            start = time.perf_counter()
            answers[name] = call()
            seconds = time.perf_counter() - start
            if turn > 0 or seconds > 5:
                times[name].append(seconds)
    return {name: statistics.median(values) for name, values in times.items()}, answers

"""Medians, quartiles and the ratios of two subjects, paired round by round.

What a median or a quartile is, is left to the standard library; this says which values are compared."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Where values lie: the median, the quartiles, the ends, and how many there are."""

    median: float
    low: float
    high: float
    least: float
    most: float
    count: int


def spread(values: Sequence[float]) -> Spread | None:
    """The spread of the values; None where there are none. Quartiles are those of the values themselves
    (method "inclusive"): they never lie outside."""
    if not values:
        return None
    if len(values) == 1:
        low = high = values[0]
    else:
        low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(statistics.median(values), low, high, min(values), max(values), len(values))


def ratios(ours: Mapping[int, float], other: Mapping[int, float]) -> list[float]:
    """Ours divided by the other's, within each round: what disturbs the machine for seconds disturbs both.
    Rounds that one of them lacks, or where the divisor is 0, are left out."""
    return [ours[r] / other[r] for r in sorted(ours.keys() & other.keys()) if other[r] != 0]


def rotated(names: Sequence[str], round_number: int) -> list[str]:
    """The order of a round: each begins one further, so that nobody always follows the same neighbour at the start
    of a round."""
    if not names:
        return []
    first = round_number % len(names)
    return [*names[first:], *names[:first]]

"""Alternating rounds: all subjects of a load one after the other, again and again, the first round dropped."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from loads import Json, Measure
from settings import BenchError, Settings
from statistics_of import rotated

Progress = Callable[[str], None]


@dataclass
class Record:
    """What is kept of a benchmark, as it stands in the results' file."""

    runs: list[Json] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)  # that each load took

    def skip(self, name: str, why: str) -> None:
        """A subject that can not take part: the first reason is the one that is shown."""
        self.skipped.setdefault(name, why)


def alternate(
    load: str, names: Sequence[str], measure: Measure, settings: Settings, record: Record, progress: Progress
) -> None:
    """Measures each name once a round: ABC, BCA, CAB. One that fails is left out from then on, and said."""
    left = [name for name in names if name not in record.skipped]
    began = time.monotonic()
    for number in range(settings.rounds + 1):
        progress(f"{load}: round {number} of {settings.rounds}")
        for name in rotated(left, number):
            try:
                result = measure(name)
            except BenchError as error:
                record.failures.append(f"{load}, {name}: {error}")
                left = [other for other in left if other != name]
                continue
            record.runs.append(
                {"load": load, "subject": name, "round": number, "dropped": number == 0, "result": result}
            )
    record.seconds[load] = round(time.monotonic() - began, 1)

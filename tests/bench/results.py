"""The results' file, read: which value a subject had in each round of a load, and how two compare."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from settings import BenchError
from statistics_of import Spread, ratios, spread

VERSION = 1

# Where a figure stands in the result of a run.
METRICS: dict[str, tuple[str, ...]] = {
    "rate": ("rate",),
    "cpu": ("cpu", "server_us_per_reply"),
    "p50": ("latency_us", "p50"),
    "p90": ("latency_us", "p90"),
    "p99": ("latency_us", "p99"),
    "p99.9": ("latency_us", "p99_9"),
    "goodput": ("goodput",),
    "times": ("times",),
    "peak": ("peak",),
}


def dig(result: Any, path: tuple[str, ...]) -> float | None:
    """The number at the end of a path of names; None where there is none."""
    for name in path:
        if not isinstance(result, dict):
            return None
        result = result.get(name)
    return float(result) if isinstance(result, (int, float)) else None


class Results:
    """All runs of a benchmark that count, and what else was noted."""

    def __init__(self, document: dict[str, Any]) -> None:
        if document.get("version") != VERSION:
            raise BenchError(f"results of version {document.get('version')}, where {VERSION} is known")
        self.document = document
        self.machine: dict[str, Any] = document["machine"]
        self.settings: dict[str, Any] = document["settings"]
        self.subjects: list[dict[str, str]] = document["subjects"]
        self.loads: list[dict[str, str]] = document["loads"]
        self.skipped: dict[str, str] = document["skipped"]
        self.failures: list[str] = document["failures"]
        self.runs = [run for run in document["runs"] if not run["dropped"]]

    @staticmethod
    def read(path: Path) -> "Results":
        """From a file. BenchError where it can not be read or is none of ours."""
        try:
            return Results(json.loads(path.read_text()))
        except OSError as error:
            raise BenchError(f"can not read '{path}': {error.strerror}") from error
        except (json.JSONDecodeError, KeyError, AttributeError) as error:
            raise BenchError(f"'{path}' is no file of results: {error}") from error

    def label(self, name: str) -> str:
        """The name that readers see: of a peer, its language and library."""
        peers = {subject["name"]: subject["what"] for subject in self.subjects if subject["kind"] == "peer"}
        return peers.get(name, name)

    def of(self, load: str, subject: str) -> list[dict[str, Any]]:
        """The results of a subject's runs under a load."""
        return [run["result"] for run in self.runs if (run["load"], run["subject"]) == (load, subject)]

    def values(self, load: str, subject: str, metric: str) -> dict[int, float]:
        """The figure of each round."""
        found = {}
        for run in self.runs:
            if (run["load"], run["subject"]) == (load, subject):
                value = dig(run["result"], METRICS[metric])
                if value is not None:
                    found[run["round"]] = value
        return found

    def spread(self, load: str, subject: str, metric: str) -> Spread | None:
        """The figure over all rounds."""
        return spread(list(self.values(load, subject, metric).values()))

    def ratio(self, load: str, metric: str, ours: str, other: str) -> Spread | None:
        """Ours to the other's, round by round; None where one of them was not measured."""
        return spread(ratios(self.values(load, ours, metric), self.values(load, other, metric)))

    def measured(self, load: str, kind: Callable[[dict[str, str]], bool] = lambda subject: True) -> list[str]:
        """Who was measured under a load, in the order of the subjects."""
        ran = {run["subject"] for run in self.runs if run["load"] == load}
        return [s["name"] for s in self.subjects if s["name"] in ran and kind(s)]

    def limited_by_load(self, load: str, subject: str) -> bool:
        """Most runs say that the generator, not the server, was at its end."""
        runs = self.of(load, subject)
        limited = [run for run in runs if run.get("limit") == "load"]
        return 2 * len(limited) > len(runs)

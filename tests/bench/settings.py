"""What a benchmark is run with: how long, how often, where the programs are, which CPU is whose."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "bench"


class BenchError(Exception):
    """Why a benchmark can not go on, in one line."""


@dataclass(frozen=True)
class Settings:
    """One of FULL and QUICK, and what the command line makes of it."""

    rounds: int  # that count; one more is run before them and dropped
    seconds: float  # of each measured run
    warmup: float  # before each
    lines: int  # of a batch
    programs: Path = ROOT / "bin"
    bench: Path = ROOT / "build" / "whole" / "tests" / "bench"

    @property
    def cpus(self) -> tuple[int, int] | None:
        """The CPU of the server and that of the load; None where there is only one for both."""
        allowed = sorted(os.sched_getaffinity(0))
        return (allowed[0], allowed[1]) if len(allowed) > 1 else None


FULL = Settings(rounds=6, seconds=1.0, warmup=0.3, lines=200_000)
QUICK = Settings(rounds=2, seconds=0.1, warmup=0.05, lines=20_000)

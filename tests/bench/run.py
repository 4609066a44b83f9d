#!/usr/bin/env python3
"""The benchmark: measures all subjects under all loads in alternating rounds, and reports ratios with their spread.

    run.py [options]         measures, keeps every run in a file of results, and prints the tables
    run.py --report FILE     makes the numbers of README.md and the plots anew from such a file"""

import sys

sys.dont_write_bytecode = True  # the tree stays as it is

import argparse
import dataclasses
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NoReturn

import batch
import machine
import nsd
import overload
import plots
import table
from loads import CLOSED, Json, Measure, closed_loop
from results import VERSION, Results
from rounds import Record, alternate
from settings import FULL, HERE, QUICK, ROOT, BenchError, Settings
from subjects import Subject, all_subjects, named

EXTRA = {
    overload.NAME: "open loop, ten times the peak that was just measured",
    batch.NAME: f"{batch.IN_FLIGHT} calculations in flight, from start to end",
    nsd.NAME: nsd.LOAD.what,
}


def say(text: str) -> None:
    """Progress and complaints: one line on standard error."""
    print(text, file=sys.stderr, flush=True)


def progress(text: str) -> None:
    """Where it is, on a terminal: a line that the next one replaces."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


class Parser(argparse.ArgumentParser):
    """Bad usage is said as everything else is, in one line."""

    def error(self, message: str) -> NoReturn:
        raise BenchError(f"{message}; see run.py --help")


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = Parser(prog="run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--quick", action="store_true", help="short runs and few rounds: shows that it works, not how fast"
    )
    parser.add_argument("--rounds", type=int, help="rounds that count; one more is dropped")
    parser.add_argument("--seconds", type=float, help="of each measured run")
    parser.add_argument("--warmup", type=float, help="seconds before each")
    parser.add_argument("--lines", type=int, help="calculations of a batch")
    parser.add_argument("--loads", help="only these, with commas between")
    parser.add_argument("--subjects", help="only these, with commas between")
    parser.add_argument("--bin", type=Path, help="where server, client and load are (bin)")
    parser.add_argument(
        "--bench", type=Path, help="where limits/, fresh and codec are (build/whole/tests/bench)"
    )
    parser.add_argument(
        "--results", type=Path, default=ROOT / "build" / "bench" / "results.json", help="the file to write"
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="measure nothing, report that file of results"
    )
    parser.add_argument(
        "--readme", type=Path, default=HERE / "README.md", help="whose numbers --report writes"
    )
    parser.add_argument("--plots", type=Path, default=HERE, help="the folder for the plots of --report")
    parser.add_argument(
        "--print", action="store_true", help="with --report: print the numbers, touch no file"
    )
    return parser.parse_args(words)


def settings_of(options: argparse.Namespace) -> Settings:
    """FULL or QUICK, changed as the options say."""
    for name in ("rounds", "seconds", "warmup", "lines"):
        value = getattr(options, name)
        if value is not None and (value < 0 or (value == 0 and name != "warmup")):
            raise BenchError(f"--{name} {value}: must be above 0")
    changes = {name: getattr(options, name) for name in ("rounds", "seconds", "warmup", "lines")}
    changes |= {
        "programs": options.bin and options.bin.resolve(),
        "bench": options.bench and options.bench.resolve(),
    }
    return dataclasses.replace(
        QUICK if options.quick else FULL,
        **{name: value for name, value in changes.items() if value is not None},
    )


def chosen(what: str, names: str | None, known: Sequence[str]) -> list[str]:
    """The words of a list with commas, all of them known; all where there is no list."""
    if names is None:
        return list(known)
    for name in names.split(","):
        if name not in known:
            raise BenchError(f"--{what} '{name}': must be of {', '.join(known)}")
    return [name for name in known if name in names.split(",")]


def plan(
    settings: Settings, subjects: Sequence[Subject], record: Record
) -> dict[str, tuple[list[str], AbstractContextManager[Measure]]]:
    """For each load, who is measured under it and what measures them; nothing is started yet."""
    loads: dict[str, tuple[list[str], AbstractContextManager[Measure]]] = {}

    for load in CLOSED:
        who = named(subjects, load.subjects)
        loads[load.name] = ([each.name for each in who], closed_loop(load, who, settings, record.skip))
    who = named(subjects, nsd.LOAD.subjects)
    loads[nsd.NAME] = ([each.name for each in who], nsd.beside_nsd(who, settings, record.skip))
    loads[overload.NAME] = (list(overload.VARIANTS), overload.overload(subjects, settings, record.skip))
    loads[batch.NAME] = (list(batch.NAMES), batch.batch(subjects, settings, record.skip))
    return loads


# How the codec's program says its ratio: "1.62 (1.60 to 1.65) times a memcpy and the adds".
CODEC_RATIO = re.compile(r"([\d.]+) \(([\d.]+) to ([\d.]+)\) times a memcpy and the adds")


def codec(settings: Settings) -> Json:
    """What the codec's own program prints, and the ratio in it."""
    program = settings.bench / "codec"
    if not program.exists():
        return {}
    text = subprocess.run([str(program)], capture_output=True, text=True, check=True).stdout
    ratio = CODEC_RATIO.search(text)
    values = zip(("median", "low", "high"), map(float, ratio.groups())) if ratio else ()
    return {"text": text, "ratio": dict(values) or None}


def measure(options: argparse.Namespace) -> Json:
    """Everything that was asked for, as the document of results."""
    settings = settings_of(options)
    every = all_subjects(settings)
    wanted = chosen("subjects", options.subjects, [subject.name for subject in every])
    subjects = [subject for subject in every if subject.name in wanted]
    record = Record()
    for subject in subjects:
        if subject.skipped:
            record.skip(subject.name, subject.skipped)
    loads = plan(settings, [subject for subject in subjects if not subject.skipped], record)
    names = chosen("loads", options.loads, [*loads, "codec"])
    for load, (who, runner) in loads.items():
        if load not in names:
            continue
        try:
            with runner as measured:
                alternate(load, who, measured, settings, record, progress)
        except BenchError as error:
            record.failures.append(f"{load}: {error}")
        progress("")
        say(f"{load}: {record.seconds.get(load, 0):.0f} s")
    return {
        "version": VERSION,
        "machine": machine.describe(),
        "settings": {
            "rounds": settings.rounds,
            "seconds": settings.seconds,
            "warmup": settings.warmup,
            "lines": settings.lines,
            "pinned": settings.cpus is not None,
        },
        "subjects": [{"name": s.name, "kind": s.kind, "what": s.what} for s in subjects],
        "loads": [{"name": load.name, "what": load.what} for load in CLOSED]
        + [{"name": name, "what": what} for name, what in EXTRA.items()],
        "ephemeral_ports": batch.ephemeral_ports(),
        "skipped": record.skipped,
        "failures": record.failures,
        "seconds": record.seconds,
        "codec": codec(settings) if "codec" in names else {},
        "runs": record.runs,
    }


def report(options: argparse.Namespace) -> None:
    """README.md and the plots from a file of results."""
    results = Results.read(options.report)
    if options.print:
        print(table.numbers(results), end="")
        return
    table.put_between_markers(options.readme, table.numbers(results))
    plots.draw_all(results, options.plots)


def main(words: Sequence[str]) -> int:
    """The exit status: 0 all measured, 1 bad usage or nothing measured, 10 something failed while it was."""
    signal.signal(
        signal.SIGTERM, lambda number, frame: sys.exit(128 + number)
    )  # servers are stopped on the way out
    try:
        options = parse(words)
        if options.report:
            report(options)
            return 0
        began = time.monotonic()
        document = measure(options)
        options.results.parent.mkdir(parents=True, exist_ok=True)
        options.results.write_text(json.dumps(document, indent=1) + "\n")
        print(table.numbers(Results(document)), end="")
    except BenchError as error:
        say(f"run.py: {error}")
        return 1
    except KeyboardInterrupt:
        say("run.py: interrupted; nothing is kept")
        return 130
    for name, why in document["skipped"].items():
        say(f"skipped: {name}: {why}")
    for why in document["failures"]:
        say(f"failed: {why}")
    minutes = (time.monotonic() - began) / 60
    say(f"{len(document['runs'])} runs in {minutes:.1f} minutes, kept in {os.path.relpath(options.results)}")
    return 10 if document["failures"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

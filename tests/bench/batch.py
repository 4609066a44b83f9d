"""`client --batch` next to a program that opens a fresh socket for each request: how long both take for the same
calculations, and which rate each quiet time allows."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from loads import Json, Measure
from processes import Server, run
from settings import BenchError, Settings
from subjects import OURS, Subject

NAME = "batch"
IN_FLIGHT = 256
QUIET_TIMES = ("0", "0.01", "0.1", "1")
FRESH = "fresh"


def variant(quiet: str) -> str:
    """The name of the client with a quiet time."""
    return f"batch, quiet {quiet}"


NAMES = (FRESH, *(variant(quiet) for quiet in QUIET_TIMES))


# client/ports.h: it leaves the others to other programs.
CLIENT_PORTS_MAX = 16384


def ephemeral_ports() -> int:
    """How many ports the kernel gives to those who ask for none."""
    first, last = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    return int(last) - int(first) + 1


def write_lines(path: Path, count: int) -> str:
    """The calculations of fresh.c as lines of a batch; returns the answers that are due."""
    path.write_text("".join(f"sum {i} {i + 1} {i + 2}\n" for i in range(1, count + 1)))
    return "".join(f"{3 * i + 3}\n" for i in range(1, count + 1))


def check(answers: str, due: str) -> None:
    """BenchError where an answer is missing or wrong: then the time means nothing."""
    if answers == due:
        return
    pairs = zip(answers.splitlines(), due.splitlines())
    first = next((n for n, (is_, should) in enumerate(pairs, 1) if is_ != should), None)
    got = (
        f"line {first} is wrong" if first else f"{len(answers.splitlines())} of {len(due.splitlines())} lines"
    )
    raise BenchError(f"client --batch answered otherwise: {got}")


@contextmanager
def batch(
    subjects: Sequence[Subject], settings: Settings, skip: Callable[[str, str], None]
) -> Iterator[Measure]:
    """All lines by one of the programs, from its start to its end."""
    server_cpu, load_cpu = settings.cpus or (None, None)
    ours = next((subject for subject in subjects if subject.name == OURS), None)
    if ours is None:
        raise BenchError("no server of ours for a batch")
    client = settings.programs / "client"
    if "--batch" not in run([str(client), "--help"], None, 0):
        for quiet in QUIET_TIMES:
            skip(variant(quiet), "no client --batch here")
    with tempfile.TemporaryDirectory() as folder, Server(ours.command, ours.address, server_cpu) as server:
        lines = Path(folder) / "lines"
        due = write_lines(lines, settings.lines)
        address = (ours.address, str(server.port))
        commands = {
            FRESH: [str(settings.bench / "fresh"), "-i", str(IN_FLIGHT), "-n", str(settings.lines), *address]
        }
        for quiet in QUIET_TIMES:
            commands[variant(quiet)] = [
                str(client),
                f"--batch={lines}",
                "--in-flight",
                str(IN_FLIGHT),
                "--quiet-time",
                quiet,
                *address,
            ]

        def measure(name: str) -> Json:
            began = time.monotonic()
            output = run(commands[name], load_cpu, 2 * settings.lines / 10_000)
            seconds = time.monotonic() - began
            if name == FRESH:
                if f"{settings.lines} right" not in output:
                    raise BenchError(f"fresh: {output.strip()}")
            else:
                check(output, due)
            return {"seconds": seconds, "rate": settings.lines / seconds}

        yield measure

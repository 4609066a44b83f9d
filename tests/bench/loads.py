"""Which loads the subjects are put under, and one measured run of each kind.

Rounds are counted in rounds.py; overload.py, batch.py and nsd.py have the loads that need more than bin/load."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from processes import Server, resident_kib, run
from settings import BenchError, Settings
from subjects import REPLY_OCTETS, Subject

Json = dict[str, Any]
Measure = Callable[[str], Json]

LOST_SOME = 2  # bin/load's exit status for that

# A request without a reply is lost then. In a closed loop its place is empty so long, and the run waits for the last.
PATIENCE_SECONDS = "0.25"


@dataclass(frozen=True)
class Load:
    """A load by bin/load: its options, and who is put under it."""

    name: str
    what: str
    options: tuple[str, ...]
    subjects: tuple[str, ...]
    pinned: bool = True


# A receive buffer of the default size holds 256 small datagrams, or 166 of the longest requests: hence 64x1 below.
# Who is compared closely stands side by side: a round takes some seconds.
CLOSED = (
    Load(
        "1x1",
        "1 socket, 1 request in flight: latency",
        ("-s", "1", "-w", "1"),
        ("ours", "echo", "naive", "ours-any", "ours-busy", "peers"),
    ),
    Load(
        "1x64",
        "1 socket, 64 in flight",
        ("-s", "1", "-w", "64"),
        ("ours", "echo_batch", "naive", "echo", "peers"),
    ),
    Load(
        "64x4",
        "64 sockets, 4 in flight on each",
        ("-s", "64", "-w", "4"),
        ("ours", "echo_batch", "naive", "echo", "ours-any", "ours-plain", "peers"),
    ),
    Load(
        "256x1",
        "256 sockets, 1 in flight on each",
        ("-s", "256", "-w", "1"),
        ("ours", "echo_batch", "naive", "echo", "peers"),
    ),
    Load(
        "1x64-gso",
        "1 socket, 64 in flight, sent as one with UDP_SEGMENT",
        ("-s", "1", "-w", "64", "-g", "64"),
        ("ours", "echo_gso", "naive", "ours-plain", "echo_batch", "peers"),
    ),
    Load(
        "mixed",
        "64x1, of 1 to 64 integers, both operations, both forms",
        ("-s", "64", "-w", "1", "--request", "mixed"),
        ("ours", "naive", "peers"),
    ),
    Load(
        "cheapest",
        "64x1, the cheapest request",
        ("-s", "64", "-w", "1", "--request", "cheapest"),
        ("ours", "naive"),
    ),
    Load(
        "dearest",
        "64x1, the dearest request",
        ("-s", "64", "-w", "1", "--request", "dearest"),
        ("ours", "naive"),
    ),
    Load(
        "2-cpus",
        "64x4, nobody on a CPU of his own",
        ("-s", "64", "-w", "4"),
        ("ours", "ours-2", "naive"),
        pinned=False,
    ),
)


def ask(
    settings: Settings, options: Sequence[str], port: int, pid: int | None, cpu: int | None, seconds: float
) -> Json:
    """One run of bin/load against [::1]:port; `seconds` is how long it should take. BenchError where a reply is
    wrong: figures of a server that does something else mean nothing."""
    command = [str(settings.programs / "load"), *options, "--json"]
    if pid is not None:
        command += ["--server-pid", str(pid)]
    output = run([*command, "::1", str(port)], cpu, seconds, allowed=(0, LOST_SOME))
    try:
        result: Json = json.loads(output)
    except json.JSONDecodeError as error:
        raise BenchError(f"load printed no JSON: {output[:80]!r}") from error
    return result


@contextmanager
def closed_loop(
    load: Load, subjects: Sequence[Subject], settings: Settings, skip: Callable[[str, str], None]
) -> Iterator[Measure]:
    """All subjects, started once; what it yields puts one of them under the load. Who waits costs the others
    nothing. `skip` is told of a server that does not start."""
    server_cpu, load_cpu = settings.cpus or (None, None)
    if not load.pinned:
        server_cpu = load_cpu = None
    times = (
        "--warmup",
        str(settings.warmup),
        "--duration",
        str(settings.seconds),
        "--timeout",
        PATIENCE_SECONDS,
    )
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        idle: dict[str, Json] = {}
        echoes = {subject.name for subject in subjects if subject.echoes}
        for subject in subjects:
            try:
                servers[subject.name] = stack.enter_context(
                    Server(subject.command, subject.address, server_cpu)
                )
            except BenchError as error:
                skip(subject.name, str(error))
                continue
            idle[subject.name] = resident_kib(servers[subject.name].pid)

        def measure(name: str) -> Json:
            server = servers[name]
            echo = ("--echo", str(REPLY_OCTETS)) if name in echoes else ()
            result = ask(
                settings,
                (*load.options, *times, *echo),
                server.port,
                server.pid,
                load_cpu,
                settings.warmup + settings.seconds,
            )
            result["memory_kib"] = {"idle": idle[name].get("VmRSS"), "loaded": resident_kib(server.pid)}
            return result

        yield measure

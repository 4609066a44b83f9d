"""Overload: ten times what a server can do, and an account in which nothing may be missing.

Each run has a server of its own, so that what it counts is what this run sent."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from loads import Json, Measure, ask
from processes import Server
from settings import BenchError, Settings
from subjects import Subject

NAME = "overload"
TIMES = 10

# Sent with UDP_SEGMENT, or the generator could not offer so much.
BLOCK = 64
FLOOD = ("-s", "16", "-g", str(BLOCK), "--timeout", "0.5")


@dataclass(frozen=True)
class Variant:
    """A server and a request. The peak is measured with the same sends in a closed loop, on so many sockets that what
    is in flight fits into the server's receive buffer."""

    subject: str
    request: tuple[str, ...]
    sockets: int
    merged: bool  # it takes the datagrams of a send as one


VARIANTS = {
    "ours": Variant("ours", (), 16, True),
    "ours-plain": Variant("ours-plain", (), 3, False),
    "ours, dearest": Variant("ours", ("--request", "dearest"), 6, True),
}


def server_counts(output: str) -> dict[str, int]:
    """The server's account: "received N = replied N + dropped N + failed N", and what the kernel dropped, "lost N"."""
    line = re.search(
        r"^received (\d+) = replied (\d+) \+ dropped (\d+) \+ failed (\d+)", output, re.MULTILINE
    )
    if line is None:
        raise BenchError("the server printed no account when it was stopped")
    lost = re.search(r"^\s*lost\D*(\d+)", output, re.MULTILINE)
    names = ("received", "replied", "dropped", "failed")
    counts = {name: int(value) for name, value in zip(names, line.groups())}
    return counts | {"lost": int(lost.group(1)) if lost else 0}


def account(sent: Sequence[Json], counts: dict[str, int], merged: bool) -> Json:
    """Requests: sent = received + lost in the kernel. Replies: replied = taken + lost in the load's kernel buffers.
    The differences are 0 where nothing is missing. The kernel counts what it drops as it would have queued it: the
    datagrams of a send that stay merged are one."""

    def total(name: str) -> int:
        return sum(run[name] for run in sent)

    lost = counts["lost"] * (BLOCK if merged else 1)
    taken = total("received") + total("wrong") + total("unexpected")
    return {
        "sent": total("sent"),
        "server": counts,
        "lost_in_kernel": lost,
        "taken": taken,
        "dropped_here": total("dropped_here"),
        "requests_missing": total("sent") - counts["received"] - lost,
        "replies_missing": counts["replied"] - taken - total("dropped_here"),
    }


@contextmanager
def overload(
    subjects: Sequence[Subject], settings: Settings, skip: Callable[[str, str], None]
) -> Iterator[Measure]:
    """Measures a peak, then what is left of it under ten times as much."""
    server_cpu, load_cpu = settings.cpus or (None, None)
    by_name = {subject.name: subject for subject in subjects}
    for name, variant in VARIANTS.items():
        if variant.subject not in by_name:
            skip(name, f"{variant.subject} is not among the subjects")
    times = ("--warmup", "0", "--duration", str(settings.seconds))

    def measure(name: str) -> Json:
        variant = VARIANTS[name]
        subject = by_name[variant.subject]
        with Server(subject.command, subject.address, server_cpu) as server:

            def ask_it(*options: str) -> Json:
                words = (*FLOOD, *variant.request, *times, *options)
                return ask(settings, words, server.port, server.pid, load_cpu, settings.seconds)

            peak = ask_it("-s", str(variant.sockets), "-w", str(BLOCK))
            flood = ask_it("--rate", str(max(1, round(TIMES * peak["rate"]))))
        return {
            "rate": flood["rate"],
            "peak": peak["rate"],
            "goodput": flood["rate"] / peak["rate"] if peak["rate"] else 0.0,
            "offered": flood["offered"],
            "times": flood["offered"] / peak["rate"] if peak["rate"] else 0.0,
            "cpu": flood["cpu"],
            "limit": flood["limit"],
            "account": account((peak, flood), server_counts(server.output), variant.merged),
            "of": {"peak": peak, "flood": flood},
        }

    yield measure

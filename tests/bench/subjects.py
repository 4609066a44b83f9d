"""Which servers are compared, and how each is started."""

import dataclasses
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from processes import in_short
from settings import HERE, ROOT, Settings

# A request of three integers, and the reply to it: what an echo has to move as well.
REPLY_OCTETS = 5

NO_TOOLCHAIN = 77  # what peers.sh build exits with then

# What the peers of peers/peers.sh are.
PEERS = {
    "libuv": "C, libuv",
    "asyncio": "Python, asyncio",
    "dgram": "Node, dgram",
    "Nio": "Java, NIO",
    "std": "Rust, std",
}

OURS = "ours"
NSD = "nsd"


@dataclass(frozen=True)
class Subject:
    """A server. `command` is its program and options; ADDRESS and PORT come behind them."""

    name: str
    kind: str  # ours, limit, naive, peer or other
    what: str
    command: tuple[str, ...]
    address: str = "::1"
    skipped: str = ""  # why it can not take part

    @property
    def echoes(self) -> bool:
        """It returns octets, where the others calculate."""
        return self.kind == "limit"


def _ours(settings: Settings) -> list[Subject]:
    server = str(settings.programs / "server")

    def subject(name: str, what: str, *options: str, address: str = "::1") -> Subject:
        return Subject(name, "ours", what, (server, *options), address)

    return [
        subject(OURS, "our server, one worker, on ::1", "-w", "1"),
        subject(
            "ours-any",
            "the same on ::, which takes a control message for each datagram",
            "-w",
            "1",
            address="::",
        ),
        subject("ours-plain", "the same with --no-gro --no-gso", "-w", "1", "--no-gro", "--no-gso"),
        subject("ours-busy", "the same with --busy-poll 50", "-w", "1", "--busy-poll", "50"),
        subject("ours-2", "our server, two workers", "-w", "2"),
    ]


def _limits(settings: Settings) -> list[Subject]:
    def subject(name: str, kind: str, what: str, *options: str) -> Subject:
        return Subject(name, kind, what, (str(settings.bench / "limits" / name), *options))

    sizes = ("--reply", str(REPLY_OCTETS))
    return [
        subject("echo", "limit", "a bare echo: recvfrom, sendto", *sizes),
        subject("echo_batch", "limit", "a bare echo: recvmmsg, sendmmsg, 64 at once", *sizes),
        subject("echo_gso", "limit", "a bare echo: UDP_GRO in, UDP_SEGMENT out", *sizes),
        subject("naive", "naive", "recvfrom, our codec, sendto"),
    ]


def _peers() -> list[Subject]:
    """Those that peers.sh knows, built where that takes a compiler."""
    script = HERE / "peers" / "peers.sh"
    if not script.exists():
        return []
    listed = subprocess.run([str(script), "list"], capture_output=True, text=True, check=True).stdout
    return [_peer(script, name) for name in listed.split()]


def _peer(script: Path, name: str) -> Subject:
    built = subprocess.run([str(script), "build", name], capture_output=True, text=True, check=False)
    why = ""
    if built.returncode == NO_TOOLCHAIN:
        why = in_short(built.stderr).removeprefix("peers.sh: ")
    elif built.returncode != 0:
        why = f"does not build: {in_short(built.stderr)}"
    return Subject(name, "peer", PEERS.get(name, name), (str(script), "start", name), skipped=why)


def _nsd() -> Subject:
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"  # where Debian has servers
    found = {name: shutil.which(name, path=path) for name in ("nsd", "dnsperf")}
    missing = [name for name, program in found.items() if program is None]
    skipped = f"it needs {' and '.join(missing)}, which is not there" if missing else ""
    what = "NSD, one server process, asked by dnsperf for one A record"
    return Subject(NSD, "other", what, (found["nsd"] or "nsd",), skipped=skipped)


def all_subjects(settings: Settings) -> list[Subject]:
    """Every subject there is, those included that can not take part here."""
    found = [*_ours(settings), *_limits(settings), *_peers(), _nsd()]
    return [_with_program(subject) for subject in found]


def _with_program(subject: Subject) -> Subject:
    program = subject.command[0]
    if subject.skipped or "/" not in program or Path(program).exists():
        return subject
    return dataclasses.replace(subject, skipped=f"no {os.path.relpath(program, ROOT)}; see make bench")


def named(subjects: Sequence[Subject], names: Sequence[str]) -> list[Subject]:
    """Those of the names that can take part, in the order of the names; `peers` stands for all peers."""
    wanted = [
        s for name in names for s in subjects if s.name == name or (name == "peers" and s.kind == "peer")
    ]
    return [s for s in wanted if not s.skipped]

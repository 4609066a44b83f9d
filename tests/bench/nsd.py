"""A known UDP server for scale: NSD with one zone of one record, asked by dnsperf. What is compared is the server's CPU
time for each query."""

import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from loads import Json, Load, Measure, closed_loop
from processes import PATIENCE, cpu_seconds, in_short, pinned, run, session_of
from settings import BenchError, Settings
from subjects import NSD, Subject

NAME = "nsd"

# Ours next to it: as many sockets, as many in flight.
LOAD = Load(
    NAME, "64 sockets, 256 in flight; NSD is asked by dnsperf", ("-s", "64", "-w", "4"), ("ours", NSD)
)

ZONE = """$ORIGIN bench.
$TTL 3600
@ SOA ns hostmaster 1 3600 900 604800 3600
@ NS ns
ns AAAA ::1
www A 192.0.2.1
"""

# A query for www.bench A: number 1, one question.
QUERY = b"\0\1\0\0\0\1\0\0\0\0\0\0\3www\5bench\0\0\1\0\1"


def configuration(folder: Path, port: int) -> str:
    """One server process, no user to change to, no control socket, no database, and no limit to its rate."""
    return f"""server:
  ip-address: ::1@{port}
  server-count: 1
  username: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/pid"
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  zonelistfile: "{folder}/zone.list"
  logfile: "{folder}/log"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: bench.
  zonefile: zone
"""


def free_port() -> int:
    """A port that nobody has now, for a server that can not let the kernel pick one."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
        probe.bind(("::1", 0))
        return int(probe.getsockname()[1])


def _wait_for_answer(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as client:
        client.connect(("::1", port))
        client.settimeout(0.1)
        while time.monotonic() < deadline and process.poll() is None:
            try:
                client.send(QUERY)
                if client.recv(512)[3] & 0x0F == 0:
                    return
            except (TimeoutError, ConnectionRefusedError):
                time.sleep(0.02)
    raise BenchError(f"nsd does not answer: {in_short(log.read_text() if log.exists() else '')}")


@contextmanager
def serving(program: str, cpu: int | None) -> Iterator[tuple[int, int]]:
    """NSD in the foreground; yields its session and its port."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        port = free_port()
        (folder / "zone").write_text(ZONE)
        (folder / "conf").write_text(configuration(folder, port))
        process = subprocess.Popen(
            pinned([program, "-d", "-c", str(folder / "conf")], cpu),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            _wait_for_answer(process, port, folder / "log")
            yield process.pid, port
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def ask_nsd(session: int, port: int, settings: Settings, cpu: int | None) -> Json:
    """As many queries as dnsperf gets through in a run: 64 sockets, 256 in flight. It counts whole seconds."""
    seconds = max(1, round(settings.seconds))
    with tempfile.NamedTemporaryFile("w", suffix=".queries") as queries:
        queries.write("www.bench A\n")
        queries.flush()
        before = cpu_seconds(session_of(session))
        output = run(
            [
                "dnsperf",
                "-s",
                "::1",
                "-p",
                str(port),
                "-d",
                queries.name,
                "-c",
                "64",
                "-q",
                "256",
                "-l",
                str(seconds),
            ],
            cpu,
            seconds,
        )
        spent = cpu_seconds(session_of(session)) - before
    return parse(output, spent)


def parse(output: str, spent: float) -> Json:
    """dnsperf's statistics, and the CPU time that the server has spent meanwhile."""
    values: dict[str, float] = {}
    for name in ("Queries completed", "Queries lost", "Queries per second"):
        match = re.search(rf"^\s*{name}:\s+([\d.]+)", output, re.MULTILINE)
        if match is None:
            raise BenchError(f"dnsperf printed no '{name}'")
        values[name] = float(match.group(1))
    completed = values["Queries completed"]
    return {
        "rate": values["Queries per second"],
        "lost": int(values["Queries lost"]),
        "cpu": {"server_us_per_reply": spent / completed * 1e6 if completed else None},
    }


@contextmanager
def beside_nsd(
    subjects: Sequence[Subject], settings: Settings, skip: Callable[[str, str], None]
) -> Iterator[Measure]:
    """Ours under bin/load, NSD under dnsperf."""
    server_cpu, load_cpu = settings.cpus or (None, None)
    ours = [subject for subject in subjects if subject.name != NSD]
    program = next((subject.command[0] for subject in subjects if subject.name == NSD), None)
    with closed_loop(LOAD, ours, settings, skip) as ask_ours, ExitStack() as stack:
        address: tuple[int, int] | None = None
        if program is not None:
            try:
                address = stack.enter_context(serving(program, server_cpu))
            except (BenchError, OSError) as error:
                skip(NSD, str(error))

        def measure(name: str) -> Json:
            if name != NSD or address is None:
                return ask_ours(name)
            return ask_nsd(*address, settings, load_cpu)

        yield measure

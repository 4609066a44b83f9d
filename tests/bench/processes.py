"""Programs as processes: started on a CPU of their own, waited for until they listen, looked at in /proc, stopped.

What they are and what they are asked is left to subjects.py and loads.py."""

import os
import re
import select
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

from settings import BenchError

PATIENCE = 30.0  # seconds, for what takes less than one on a machine at rest


def pinned(command: Sequence[str], cpu: int | None) -> list[str]:
    """The command, on one CPU where one is given: taskset(1) becomes the program, so the process id stays."""
    return list(command) if cpu is None else ["taskset", "-c", str(cpu), *command]


def in_short(text: str) -> str:
    """The last line of what a program has said, for a message of one line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"


class Server:
    """A server of the benchmark: `COMMAND ADDRESS PORT` prints "listening on [ADDRESS]:PORT" first, and runs until
    SIGTERM. To be used in a `with`."""

    def __init__(self, command: Sequence[str], address: str, cpu: int | None) -> None:
        self._errors = tempfile.TemporaryFile("w+")
        try:
            self._process = subprocess.Popen(
                pinned([*command, address, "0"], cpu),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                text=True,
            )
        except OSError as error:
            self._errors.close()
            raise BenchError(f"can not start '{command[0]}': {error.strerror}") from error
        self.pid = self._process.pid
        self.output = ""
        try:
            self.port = self._listening(command)
        except BenchError:
            self.stop()
            raise

    def _listening(self, command: Sequence[str]) -> int:
        out = self._process.stdout
        assert out is not None
        line = out.readline() if select.select([out], [], [], PATIENCE)[0] else ""
        match = re.fullmatch(r"listening on .*:(\d+)\n", line)
        if match:
            return int(match.group(1))
        self._errors.seek(0)
        words = " ".join(Path(word).name for word in command)
        raise BenchError(f"'{words}' does not listen: {in_short(line + self._errors.read())}")

    def stop(self) -> None:
        """Ends it; what it printed since it listened is in `output`."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self.output += self._process.communicate(timeout=PATIENCE)[0]
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._errors.close()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def run(command: Sequence[str], cpu: int | None, seconds: float, allowed: Iterable[int] = (0,)) -> str:
    """What a program prints on standard output. BenchError where it takes PATIENCE longer than it should, or ends
    with another exit status than those allowed."""
    name = Path(command[0]).name
    try:
        done = subprocess.run(
            pinned(command, cpu),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds + PATIENCE,
            check=False,
        )
    except OSError as error:
        raise BenchError(f"can not start '{command[0]}': {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise BenchError(f"{name} did not end within {seconds + PATIENCE:.0f} s") from error
    if done.returncode not in allowed:
        said = in_short(done.stderr or done.stdout)
        raise BenchError(f"{name} ended with exit status {done.returncode}: {said}")
    return done.stdout


def cpu_seconds(pids: Iterable[int]) -> float:
    """The time that all threads of the processes have spent on a CPU, from /proc/PID/task/TID/schedstat: in
    nanoseconds there, where getrusage(2) and /proc/PID/stat may count ticks."""
    total = 0
    for pid in pids:
        for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            total += int(thread.read_text().split()[0])
    return total / 1e9


def session_of(leader: int) -> list[int]:
    """The processes of a session: a server and those that it has forked."""
    members = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if os.getsid(int(entry.name)) == leader:
                members.append(int(entry.name))
        except ProcessLookupError:
            continue
    return members


def resident_kib(pid: int) -> dict[str, int]:
    """The resident size now (VmRSS) and at most so far (VmHWM), in KiB: proc(5)."""
    sizes = {}
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in ("VmRSS", "VmHWM"):
            sizes[name] = int(value.split()[0])
    return sizes

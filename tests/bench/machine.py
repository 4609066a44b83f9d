"""What the figures were measured on: figures of another machine are other figures."""

import os
import platform
import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path

# What prints the version of what takes part; the first line that has a digit is taken.
PROGRAMS = (
    ("cc", "--version"),
    ("python3", "--version"),
    ("node", "--version"),
    ("java", "-version"),
    ("rustc", "--version"),
    ("nsd", "-v"),
    ("gnuplot", "--version"),
)


def version_of(*command: str) -> str | None:
    """The first line with a digit of what a program says; None where it is not here."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = (done.stdout + done.stderr).splitlines()
    return next((line.strip() for line in lines if re.search(r"\d", line)), None)


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _setting(name: str) -> str:
    path = Path("/proc/sys/net") / name
    return " ".join(path.read_text().split()) if path.exists() else "unknown"


def describe() -> dict[str, object]:
    """CPU, kernel, versions, the kernel's settings that matter, and when."""
    versions = {command[0]: version_of(*command) for command in PROGRAMS}
    return {
        "cpu": _cpu_model(),
        "cpus": len(os.sched_getaffinity(0)),
        "virtual": " hypervisor" in Path("/proc/cpuinfo").read_text(),
        "kernel": f"{platform.system()} {platform.release()}",
        "rmem_default": _setting("core/rmem_default"),
        "port_range": _setting("ipv4/ip_local_port_range"),
        "versions": {name: version for name, version in versions.items() if version},
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
    }

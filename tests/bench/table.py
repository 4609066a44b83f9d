"""The results as Markdown. All ratios are ours to the other's, so above 1 is more for throughput and dearer for CPU."""

from collections.abc import Callable, Sequence
from pathlib import Path

from batch import CLIENT_PORTS_MAX, FRESH, IN_FLIGHT, QUIET_TIMES, variant
from batch import NAME as BATCH
from nsd import NAME as DNS
from overload import NAME as OVERLOAD
from overload import VARIANTS
from results import Results
from settings import BenchError
from statistics_of import Spread, spread
from targets import PEER_LOADS, findings

BEGIN = "<!-- numbers: written by `run.py --report` -->"
END = "<!-- end of the numbers -->"
NOTHING = "–"


def ratio_text(measured: Spread | None) -> str:
    """1.31 (1.28 to 1.34): the median of the rounds' ratios, and its quartiles."""
    if measured is None:
        return NOTHING
    return f"{measured.median:.2f} ({measured.low:.2f} to {measured.high:.2f})"


def rate_text(rate: float) -> str:
    """Requests a second."""
    return f"{rate / 1e6:.2f} M/s" if rate >= 1e6 else f"{rate / 1e3:.0f} k/s"


def micros_text(micros: float) -> str:
    """Microseconds with three digits that say something."""
    return f"{micros:.2f} µs" if micros < 10 else f"{micros:.1f} µs" if micros < 100 else f"{micros:.0f} µs"


FIGURES: dict[str, Callable[[float], str]] = {
    "rate": rate_text,
    "cpu": micros_text,
    "p50": micros_text,
    "p99": micros_text,
}


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; the first column is text, the others are figures."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows)) + "\n"


def targets_table(results: Results) -> str:
    """Targets next to what was measured."""
    rows = [[f.what, f.load, f.aim, ratio_text(f.measured), f.verdict] for f in findings(results)]
    return markdown(("target", "load", "aim", "median (quartiles)", "so"), rows)


def _cell(results: Results, load: str, metric: str, name: str) -> str:
    if name == "ours":
        mine = results.spread(load, name, metric)
        text = NOTHING if mine is None else FIGURES[metric](mine.median)
    else:
        text = ratio_text(results.ratio(load, metric, "ours", name))
    mark = "†" if metric == "rate" and text != NOTHING and results.limited_by_load(load, name) else ""
    return text + mark


def figure_table(results: Results, metric: str, loads: Sequence[str]) -> str:
    """A row for each subject: ours as it is, the others as ours ÷ theirs."""
    loads = [load for load in loads if results.measured(load)]
    rows = []
    for subject in results.subjects:
        name = subject["name"]
        cells = [_cell(results, load, metric, name) for load in loads]
        if any(cell != NOTHING for cell in cells):
            rows.append([f"**{name}**" if name == "ours" else results.label(name), *cells])
        elif name in results.skipped and subject["kind"] == "peer":
            rows.append([results.label(name), *("skipped" for _ in loads)])
    return markdown(("ours ÷", *loads), rows)


def peers_table(results: Results) -> str:
    """Ours ÷ each peer, at 64x4 and at 1x1."""
    rows = []
    for subject in results.subjects:
        if subject["kind"] != "peer":
            continue
        name = subject["name"]
        if name in results.skipped:
            rows.append([subject["what"], *["skipped"] * 4])
            continue
        cells = [
            ratio_text(results.ratio(load, metric, "ours", name))
            for load, metric in (("64x4", "rate"), ("64x4", "cpu"), ("64x4", "p99"), ("1x1", "p99"))
        ]
        rows.append([subject["what"], *cells])
    return markdown(("ours ÷", "throughput, 64x4", "CPU, 64x4", "p99, 64x4", "p99, 1x1"), rows)


def _others(results: Results) -> str:
    """Ratios that stand alone."""
    rows = []
    for what, load, metric, one, other in (
        ("two workers ÷ one, throughput", "2-cpus", "rate", "ours-2", "ours"),
        ("two workers ÷ one, CPU", "2-cpus", "cpu", "ours-2", "ours"),
        ("ours ÷ naive, throughput, cheapest request", "cheapest", "rate", "ours", "naive"),
        ("ours ÷ naive, CPU, cheapest request", "cheapest", "cpu", "ours", "naive"),
        ("ours ÷ naive, throughput, dearest request", "dearest", "rate", "ours", "naive"),
        ("ours ÷ naive, CPU, dearest request", "dearest", "cpu", "ours", "naive"),
        ("with --busy-poll 50 ÷ without, p50", "1x1", "p50", "ours-busy", "ours"),
        ("on :: ÷ on ::1, CPU", "64x4", "cpu", "ours-any", "ours"),
        ("ours ÷ NSD, CPU per request and query", DNS, "cpu", "ours", "nsd"),
    ):
        rows.append([what, load, ratio_text(results.ratio(load, metric, one, other))])
    return markdown(("ratio", "load", "median (quartiles)"), rows)


def overload_table(results: Results) -> str:
    """The account of all overloaded runs, added up."""
    rows = []
    for name in VARIANTS:
        runs = results.of(OVERLOAD, name)
        if not runs:
            continue
        accounts = [run["account"] for run in runs]
        server = {key: sum(a["server"][key] for a in accounts) for key in accounts[0]["server"]}
        missing = sum(abs(a["requests_missing"]) + abs(a["replies_missing"]) for a in accounts)
        times = spread([run["times"] for run in runs])
        assert times is not None
        share = sum(a["lost_in_kernel"] for a in accounts) / max(1, sum(a["sent"] for a in accounts))
        rows.append(
            [
                name,
                f"{times.median:.1f}",
                ratio_text(results.spread(OVERLOAD, name, "goodput")),
                f"{100 * share:.0f} %",
                str(missing),
            ]
        )
    return markdown(
        ("server, request", "offered ÷ peak", "goodput ÷ peak", "lost in the kernel", "unaccounted"), rows
    )


def batch_table(results: Results) -> str:
    """What each quiet time costs, and what the ports allow."""
    ports = min(results.document["ephemeral_ports"], CLIENT_PORTS_MAX)
    rows = []
    for quiet in QUIET_TIMES:
        allowed = rate_text(ports / float(quiet)) if float(quiet) > 0 else "any rate"
        rows.append(
            [
                f"--quiet-time {quiet}",
                allowed,
                ratio_text(results.ratio(BATCH, "rate", variant(quiet), FRESH)),
            ]
        )
    return markdown(
        (f"client --batch --in-flight {IN_FLIGHT}", f"its {ports} ports allow", "throughput ÷ fresh sockets"),
        rows,
    )


def memory_text(results: Results) -> str:
    """The resident size of ours with one worker, idle and at most under any load."""
    idle, loaded, peak = [], [], []
    for run in results.document["runs"]:
        memory = run["result"].get("memory_kib")
        if run["subject"] == "ours" and memory:
            idle.append(memory["idle"])
            loaded.append(memory["loaded"]["VmRSS"])
            peak.append(memory["loaded"]["VmHWM"])
    if not idle:
        return "Memory was not measured.\n"
    target = "met" if max(peak) < 4096 else "missed"
    return (
        f"Resident size of ours with one worker: {max(idle) / 1024:.2f} MiB idle, {max(loaded) / 1024:.2f} MiB "
        f"after a load, {max(peak) / 1024:.2f} MiB at most (target: under 4 MiB, {target}).\n"
    )


def machine_text(results: Results) -> str:
    """One paragraph: where and how it was measured."""
    m, s = results.machine, results.settings
    kind = "virtual " if m["virtual"] else ""
    cpus = f"{m['cpus']} {kind}CPU{'s' if m['cpus'] != 1 else ''}"
    versions = "; ".join(f"{name}: {version}" for name, version in m["versions"].items())
    pinned = "server on one CPU, load on the other" if s["pinned"] else "server and load on the same CPU"
    return (
        f"{m['date']}: {m['cpu']}, {cpus}, {m['kernel']}, {pinned}; {s['rounds']} rounds of {s['seconds']:g} s "
        f"behind {s['warmup']:g} s of warm-up; receive buffers of {m['rmem_default']} octets. {versions}.\n"
    )


def names_text(results: Results) -> str:
    """Who and what the names in the tables stand for."""
    ours = [subject for subject in results.subjects if subject["kind"] != "peer"]
    who = "; ".join(f"**{subject['name']}** {subject['what']}" for subject in ours)
    loads = "; ".join(f"**{load['name']}** {load['what']}" for load in results.loads)
    return f"Servers: {who}.\n\nLoads: {loads}.\n"


def skipped_text(results: Results) -> str:
    """A line for each that could not take part."""
    lines = [f"- Skipped: {name}: {why}.\n" for name, why in results.skipped.items()]
    lines += [f"- Failed: {why}.\n" for why in results.failures]
    return "".join(lines)


def losses_text(results: Results) -> str:
    """What got lost in closed loops: the worst of each load where anything did."""
    worst: dict[str, tuple[float, str]] = {}
    for run in results.runs:
        result = run["result"]
        if result.get("lost") and result.get("sent"):
            share = result["lost"] / result["sent"]
            worst[run["load"]] = max(worst.get(run["load"], (0.0, "")), (share, run["subject"]))
    if not worst:
        return "No request got lost.\n"
    listed = ", ".join(f"{load} {100 * share:.3f} % ({name})" for load, (share, name) in worst.items())
    return f"Requests lost to a full receive buffer, at most in a run: {listed}.\n"


def codec_text(results: Results) -> str:
    """What the codec's own program says."""
    text = results.document.get("codec", {}).get("text", "").strip()
    return f"```\n{text}\n```\n" if text else "The codec was not run.\n"


def numbers(results: Results) -> str:
    """All that stands between the markers of README.md."""
    parts = [
        machine_text(results),
        names_text(results),
        skipped_text(results),
        "### Targets\n",
        targets_table(results),
        "### Peers\n",
        peers_table(results),
        "### Throughput\n",
        figure_table(results, "rate", PEER_LOADS),
        "† in most rounds the load generator's core was at its end: the server could do more. Compare the CPU.\n",
        losses_text(results),
        "### Server CPU for each request\n",
        figure_table(results, "cpu", PEER_LOADS),
        "### p99 of the latency\n",
        figure_table(results, "p99", PEER_LOADS),
        "### Else\n",
        _others(results),
        overload_table(results),
        batch_table(results),
        memory_text(results),
        "### The codec\n",
        codec_text(results),
    ]
    return "\n".join(part for part in parts if part)


def put_between_markers(path: Path, text: str) -> None:
    """Replaces what stands between the markers of a file."""
    page = path.read_text()
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise BenchError(f"'{path}' has no '{BEGIN}' with '{END}' behind it")
    path.write_text(f"{head}{BEGIN}\n\n{text}\n{END}{tail}")

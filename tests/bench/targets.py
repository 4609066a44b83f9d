"""What is aimed at, as ratios within one run, and what was measured of it."""

from dataclasses import dataclass

from batch import FRESH, variant
from batch import NAME as BATCH
from overload import NAME as OVERLOAD
from overload import VARIANTS
from results import Results
from statistics_of import Spread

AT_LEAST = "at least"
AT_MOST = "at most"
OPEN = "not measured"


@dataclass(frozen=True)
class Target:
    """Ours to the other's in one figure under one load, and its bound."""

    load: str
    metric: str
    other: str
    sense: str
    bound: float

    def met(self, measured: Spread) -> bool:
        """By the median."""
        return measured.median >= self.bound if self.sense == AT_LEAST else measured.median <= self.bound


@dataclass(frozen=True)
class Finding:
    """A row of the table: the aim, what was measured, and whether it was reached."""

    what: str
    load: str
    aim: str
    measured: Spread | None
    verdict: str


WORDS = {"rate": "throughput", "cpu": "server CPU per request", "p50": "p50", "p99": "p99"}

TARGETS = (
    *(Target(load, "rate", "echo_batch", AT_LEAST, 0.97) for load in ("64x4", "256x1")),
    *(Target(load, "cpu", "echo_batch", AT_MOST, 1.03) for load in ("64x4", "256x1")),
    *(Target(load, "rate", "naive", AT_LEAST, 1.3) for load in ("64x4", "256x1")),
    Target("1x64-gso", "rate", "naive", AT_LEAST, 6.0),
    Target("1x64-gso", "rate", "echo_gso", AT_LEAST, 0.95),
    Target("1x64-gso", "cpu", "echo_gso", AT_MOST, 1.05),
    Target("1x1", "p50", "echo", AT_MOST, 1.03),
    Target("1x1", "p99", "echo", AT_MOST, 1.03),
)

# Under which loads ours is to be ahead of the peers.
PEER_LOADS = ("1x1", "1x64", "64x4", "256x1", "1x64-gso", "mixed")


def _verdict(met: bool) -> str:
    return "met" if met else "**missed**"


def _of_target(results: Results, target: Target) -> Finding:
    measured = results.ratio(target.load, target.metric, "ours", target.other)
    limited = target.metric == "rate" and any(
        results.limited_by_load(target.load, name) for name in ("ours", target.other)
    )
    verdict = (
        OPEN
        if measured is None
        else _verdict(target.met(measured)) + (", the load's core at its end" if limited else "")
    )
    return Finding(
        f"{WORDS[target.metric]}, ours ÷ {target.other}",
        target.load,
        f"{target.sense} {target.bound:g}",
        measured,
        verdict,
    )


def _overload(results: Results) -> list[Finding]:
    findings = []
    for name in VARIANTS:
        measured = results.spread(OVERLOAD, name, "goodput")
        times = results.spread(OVERLOAD, name, "times")
        if measured is None or times is None:
            findings.append(Finding(f"goodput ÷ peak, {name}", OVERLOAD, "at least 0.9", None, OPEN))
            continue
        verdict = _verdict(measured.median >= 0.9) + f"; offered {times.median:.1f} times the peak"
        findings.append(Finding(f"goodput ÷ peak, {name}", OVERLOAD, "at least 0.9", measured, verdict))
    missing = [
        abs(run["account"][which])
        for name in VARIANTS
        for run in results.of(OVERLOAD, name)
        for which in ("requests_missing", "replies_missing")
    ]
    verdict = (
        OPEN if not missing else _verdict(sum(missing) == 0) + f": {sum(missing)} in {len(missing) // 2} runs"
    )
    return [*findings, Finding("datagrams unaccounted for", OVERLOAD, "0", None, verdict)]


def _peers(results: Results, metric: str, sense: str) -> Finding:
    """The peer that comes nearest, of all under all loads."""
    ratios: list[tuple[float, str, str, Spread]] = []
    for load in PEER_LOADS:
        for peer in results.measured(load, lambda subject: subject["kind"] == "peer"):
            measured = results.ratio(load, metric, "ours", peer)
            if measured is not None:
                ratios.append((measured.median, peer, load, measured))
    what = f"{WORDS[metric]}, ours ÷ the nearest peer"
    aim = "above 1" if sense == AT_LEAST else "below 1"
    if not ratios:
        return Finding(what, "all", aim, None, OPEN)
    median, peer, load, measured = (min if sense == AT_LEAST else max)(ratios, key=lambda ratio: ratio[0])
    ahead = sum(ratio[0] > 1 if sense == AT_LEAST else ratio[0] < 1 for ratio in ratios)
    met = median > 1 if sense == AT_LEAST else median < 1
    return Finding(
        what,
        load,
        aim,
        measured,
        f"{_verdict(met)}: {results.label(peer)}; ahead in {ahead} of {len(ratios)}",
    )


def _batch(results: Results) -> Finding:
    measured = results.ratio(BATCH, "rate", variant("0"), FRESH)
    verdict = OPEN if measured is None else _verdict(measured.median >= 1)
    return Finding("`client --batch --quiet-time 0` ÷ fresh sockets", BATCH, "at least 1", measured, verdict)


def _codec(results: Results) -> list[Finding]:
    """The codec's program says it itself."""
    what, aim = "codec at 64 integers ÷ memcpy and adds", "at most 2"
    measured = results.document.get("codec", {}).get("ratio")
    if measured is None:
        return [Finding(what, "codec", aim, None, OPEN)]
    value = Spread(
        measured["median"], measured["low"], measured["high"], measured["low"], measured["high"], 0
    )
    return [Finding(what, "codec", aim, value, _verdict(value.median <= 2))]


def findings(results: Results) -> list[Finding]:
    """All targets, in the order of the table."""
    return [
        *(_of_target(results, target) for target in TARGETS),
        *_overload(results),
        _peers(results, "rate", AT_LEAST),
        _peers(results, "cpu", AT_MOST),
        _peers(results, "p99", AT_MOST),
        *_codec(results),
        _batch(results),
    ]

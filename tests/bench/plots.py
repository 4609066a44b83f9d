"""The two plots, by gnuplot as SVG: throughput by load, and percentiles of the latency.

Both are legible on light and dark pages: text and background follow the reader's preference, colours suit both."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from results import Results
from settings import BenchError
from statistics_of import Spread
from targets import PEER_LOADS

COLOURS = {"ours": "#2f81f7", "limit": "#8b949e", "naive": "#bf8700", "peer": "#db6d28", "other": "#8250df"}
PERCENTILES = ("p50", "p90", "p99", "p99.9")
LATENCY_LOADS = ("1x1", "64x4")

STYLE = """<style>
text { fill: #1f2328; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  rect[fill="#ffffff"] { fill: #0d1117; }
}
</style>
"""

WIDTH = 1000
ROW = 17  # pixels for a subject
LABELS = 110  # for the names on the left
FRAME = 100  # for the title and the axis of a panel
FOOT = 40  # for what is said below all panels

SETUP = """set encoding utf8
set terminal svg size {width},{height} font "sans-serif,12" background "#ffffff" dynamic
set output "{output}"
set termoption noenhanced
set border 1 linecolor rgb "#808080"
set xtics nomirror out scale 0.5 offset 0,0.3
set ytics nomirror scale 0 offset 0.6,0
set grid xtics linecolor rgb "#808080" linewidth 0.5 dashtype 3
set label 1 "{foot}" at screen 0.5, screen {foot_at} center
set multiplot
"""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "").replace('"', "'") + '"'


def _kinds(results: Results) -> dict[str, str]:
    return {subject["name"]: subject["kind"] for subject in results.subjects}


def _colour(kind: str) -> int:
    return int(COLOURS[kind][1:], 16)


def _beside_ours(ratio: Spread | None) -> str:
    return "" if ratio is None else f"ours ×{ratio.median:.2f}"


def _place(column: float, columns: int, top: float, rows: int, height: int, labels: int) -> str:
    """The margins of a panel, in fractions of the page: what a label needs on the left is left free."""
    left = column / columns + labels / WIDTH
    right = (column + 1) / columns - 12 / WIDTH
    above = 1 - (top + 30) / height
    below = 1 - (top + 30 + rows * ROW) / height
    return (
        f"set lmargin at screen {left:.4f}\nset rmargin at screen {right:.4f}\n"
        f"set tmargin at screen {above:.4f}\nset bmargin at screen {below:.4f}\n"
    )


def _titles(results: Results, load: str) -> str:
    what = next((entry["what"] for entry in results.loads if entry["name"] == load), load)
    return f"set title {_quoted(f'{load}: {what}')} offset 0,-0.4\n"


def _bars(results: Results, load: str, names: Sequence[str]) -> str:
    """A bar for each subject's median rate, a whisker for its quartiles, and the ratio behind it."""
    kinds = _kinds(results)
    lines, most = [], 0.0
    for row, name in enumerate(names):
        mine = results.spread(load, name, "rate")
        assert mine is not None
        beside = (
            f"{mine.median / 1e3:.0f} k/s"
            if name == "ours"
            else _beside_ours(results.ratio(load, "rate", "ours", name))
        )
        most = max(most, mine.high / 1e3)
        lines.append(
            f"{_quoted(results.label(name))} {row} {mine.median / 1e3} {mine.low / 1e3} {mine.high / 1e3} "
            f"{_colour(kinds[name])} {_quoted(beside)}"
        )
    data = "\n".join(lines)
    return f"""$panel << EOD
{data}
EOD
set xrange [0:{most * 1.3}]
set yrange [{len(names) - 0.5}:-0.5]
plot $panel using 3:2:(0):3:($2-0.36):($2+0.36):6:ytic(1) with boxxyerror fill solid noborder \\
         linecolor rgb variable notitle, \\
     $panel using 3:2:4:5 with xerrorbars pointtype -1 linecolor rgb "#57606a" notitle, \\
     $panel using 5:2:7 with labels left offset 0.8,0 notitle
unset label 1
"""


def throughput_script(results: Results, output: Path) -> str:
    """A panel for each load, two side by side."""
    loads = [load for load in PEER_LOADS if results.measured(load)]
    names = {load: results.measured(load) for load in loads}
    pairs = [loads[i : i + 2] for i in range(0, len(loads), 2)]
    heights = [max(len(names[load]) for load in pair) * ROW + FRAME for pair in pairs]
    height = sum(heights) + FOOT
    foot = "median of the rounds, whisker: quartiles; ours ×N: ours answers N times as many"
    script = SETUP.format(width=WIDTH, height=height, output=output, foot=foot, foot_at=14 / height)
    script += 'set xlabel "requests answered a second, in thousands" offset 0,0.4\n'
    top = 0
    for pair, high in zip(pairs, heights):
        for column, load in enumerate(pair):
            script += _place(column, 2, top, len(names[load]), height, LABELS)
            script += _titles(results, load) + _bars(results, load, names[load])
        top += high
    return script + "unset multiplot\n"


def _percentile_rows(results: Results, load: str, names: Sequence[str]) -> str:
    kinds = _kinds(results)
    lines = []
    for row, name in enumerate(names):
        spreads = [results.spread(load, name, percentile) for percentile in PERCENTILES]
        values = [each.median for each in spreads if each is not None]
        ratio = results.ratio(load, "p99", "ours", name)
        beside = "" if name == "ours" or ratio is None else f"p99: {_beside_ours(ratio)}"
        lines.append(
            f"{_quoted(results.label(name))} {row} {' '.join(map(str, values))} {_colour(kinds[name])} {_quoted(beside)}"
        )
    return "\n".join(lines)


def _has_latency(results: Results, load: str, name: str) -> bool:
    return all(results.spread(load, name, percentile) for percentile in PERCENTILES)


def _ticks() -> list[str]:
    """1, 2, 5, 10, 20, 50 and so on, up to a second."""
    return [str(digit * 10**power) for power in range(6) for digit in (1, 2, 5)]


def latency_script(results: Results, output: Path) -> str:
    """A panel for each load: a line from p50 to p99.9 for each subject, on a logarithmic axis."""
    names = {
        load: [name for name in results.measured(load) if _has_latency(results, load, name)]
        for load in LATENCY_LOADS
    }
    loads = [load for load in LATENCY_LOADS if names[load]]
    height = sum(len(names[load]) * ROW + FRAME for load in loads) + FOOT
    marks = "circle p50, triangle p90, square p99, diamond p99.9: medians of the rounds"
    foot = f"{marks}; at the right, how many times its p99 ours is"
    script = SETUP.format(width=WIDTH, height=height, output=output, foot=foot, foot_at=14 / height)
    script += 'set xlabel "latency in µs, logarithmic" offset 0,0.4\nset logscale x\n'
    script += f"set xtics ({', '.join(_ticks())})\n"
    top = 0
    for load in loads:
        rows = _percentile_rows(results, load, names[load])
        values = [float(v) for line in rows.splitlines() for v in re.split(r'"[^"]*"', line)[1].split()[1:5]]
        points = ", \\\n     ".join(
            f"$panel using {3 + i}:2:7 with points pointtype {kind} pointsize 0.7 linecolor rgb variable notitle"
            for i, kind in enumerate((7, 9, 5, 13))
        )
        script += _place(0, 1, top, len(names[load]), height, LABELS) + _titles(results, load)
        script += f"""$panel << EOD
{rows}
EOD
set xrange [{min(values) * 0.8}:{max(values) * 2.2}]
set yrange [{len(names[load]) - 0.5}:-0.5]
plot $panel using 3:2:($6-$3):(0):7:ytic(1) with vectors nohead linewidth 2 linecolor rgb variable notitle, \\
     {points}, \\
     $panel using 6:2:8 with labels left offset 1,0 notitle
unset label 1
"""
        top += len(names[load]) * ROW + FRAME
    return script + "unset multiplot\n"


def draw(script: str, output: Path) -> None:
    """Runs gnuplot and puts the style into what it has written."""
    if "plot $panel" not in script:
        raise BenchError(f"nothing was measured that {output.name} shows")
    try:
        done = subprocess.run(["gnuplot"], input=script, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise BenchError("no gnuplot here; make bench-deps installs it") from error
    if done.returncode != 0 or not output.exists():
        said = " ".join(done.stderr.split())
        raise BenchError(f"gnuplot did not draw {output.name}: {said[:300]}")
    svg = output.read_text()
    head = re.search(r"<svg[^>]*>\n?", svg)
    if head is None:
        raise BenchError(f"gnuplot wrote no SVG to {output.name}")
    output.write_text(svg[: head.end()] + STYLE + svg[head.end() :])


def draw_all(results: Results, folder: Path) -> None:
    """throughput.svg and latency.svg."""
    for name, script in (("throughput.svg", throughput_script), ("latency.svg", latency_script)):
        draw(script(results, folder / name), folder / name)

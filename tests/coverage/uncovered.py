"""uncovered.py REPORT LIST: holds what gcovr says (its JSON) against the list of what no test reaches. Each line of code
that did not run is to be in the list, under its file and function, and each one of proto/ with a branch that was not taken;
as often as its text is there, and no other."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PURE = "proto/"
CHANCE = "By chance"  # begins the reason for a line that runs in some runs of the tests
Line = tuple[str, int, str]  # where: its file and function; its number; its code


def listed(text: str) -> Iterator[tuple[str, str, str]]:
    """Where, code and reason of each entry: file and function stand at the margin, each line of their code is indented,
    and the reason, which may be several lines, is below it and indented further."""
    where, code = "", ""
    reason: list[str] = []
    for line in text.splitlines() + [""]:
        indent = len(line) - len(line.lstrip())
        if indent < 8 and code:
            yield where, code, " ".join(reason)
            code, reason = "", []
        if line.startswith("#") or not line.strip():
            continue
        if indent == 0:
            where = line.strip()
        elif indent < 8:
            code = line.strip()
        else:
            reason.append(line.strip())


def is_missing(name: str, line: dict) -> bool:
    """Whether a line did not run; of proto/, also whether it has a branch that was not taken."""
    if line["gcovr/noncode"] or line["gcovr/excluded"]:
        return False
    taken = [branch["count"] > 0 for branch in line["branches"]]
    return line["count"] == 0 or (name.startswith(PURE) and not all(taken))


def missing(report: dict) -> Iterator[Line]:
    for file in report["files"]:
        code = Path(file["file"]).read_text(encoding="utf-8").splitlines()
        begins = sorted((function["lineno"], function["name"]) for function in file["functions"])
        for line in file["lines"]:
            number = line["line_number"]
            function = [name for begin, name in begins if begin <= number][-1:]
            if is_missing(file["file"], line):
                yield ": ".join([file["file"], *function]), number, code[number - 1].strip()


def main(report_path: str, list_path: str) -> int:
    report = json.loads(Path(report_path).read_text(encoding="utf-8"))
    entries = list(listed(Path(list_path).read_text(encoding="utf-8")))
    expected = Counter((where, code) for where, code, _ in entries)
    wrong = [f"{where}: no reason is given for: {code}" for where, code, reason in entries if not reason]
    for where, number, code in missing(report):
        if expected[where, code] > 0:
            expected[where, code] -= 1
        else:
            wrong.append(f"{where}: {number}: no test runs all of this, and {list_path} does not say why: {code}")
    chance = {(where, code) for where, code, reason in entries if reason.startswith(CHANCE)}
    left = (entry for entry in expected.elements() if entry not in chance)
    wrong += [f"{where}: {list_path} has what is run now, or is no more: {code}" for where, code in left]
    print("\n".join(wrong) or f"all that no test runs is in {list_path}: {len(entries)} lines")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

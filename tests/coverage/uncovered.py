"""uncovered.py REPORT LIST: holds what gcovr says (its JSON) against the list of what no test reaches. Each line of code
that did not run is to be in the list, so is each one of proto/ with a branch that was not taken, and no other."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PURE = "proto/"


def listed(text: str) -> Iterator[tuple[str, str, str]]:
    """File, code and reason of each entry: the file stands at the margin, each line of its code is indented, and the
    reason, which may be several lines, is below it and indented further."""
    file, code, reason = "", "", []
    for line in text.splitlines() + [""]:
        indent = len(line) - len(line.lstrip())
        if indent < 8 and code:
            yield file, code, " ".join(reason)
            code, reason = "", []
        if line.startswith("#") or not line.strip():
            continue
        if indent == 0:
            file = line.strip()
        elif indent < 8:
            code = line.strip()
        else:
            reason.append(line.strip())


def not_run(report: dict) -> Iterator[tuple[str, int, str]]:
    """File, number and code of each line that did not run."""
    for file in report["files"]:
        code = Path(file["file"]).read_text(encoding="utf-8").splitlines()
        for line in file["lines"]:
            if line["count"] == 0 and not line["gcovr/noncode"]:
                yield file["file"], line["line_number"], code[line["line_number"] - 1].strip()


def half_taken(report: dict) -> Iterator[tuple[str, int, str]]:
    """File, number and code of each line of proto/ that ran, and has a branch that was not taken."""
    for file in report["files"]:
        code = Path(file["file"]).read_text(encoding="utf-8").splitlines()
        for line in file["lines"]:
            taken = [branch["count"] > 0 for branch in line["branches"]]
            if file["file"].startswith(PURE) and line["count"] > 0 and not all(taken):
                yield file["file"], line["line_number"], code[line["line_number"] - 1].strip()


def main(report_path: str, list_path: str) -> int:
    report = json.loads(Path(report_path).read_text(encoding="utf-8"))
    entries = list(listed(Path(list_path).read_text(encoding="utf-8")))
    expected = Counter((file, code) for file, code, _ in entries)
    wrong = [f"{list_path}: {file}: no reason is given for: {code}" for file, code, reason in entries if not reason]
    for file, number, code in [*not_run(report), *half_taken(report)]:
        if expected[file, code] > 0:
            expected[file, code] -= 1
        else:
            wrong.append(f"{file}:{number}: no test runs all of this, and {list_path} does not say why: {code}")
    wrong += [f"{list_path}: {file}: is run now, or is no more: {code}" for file, code in expected.elements()]
    print("\n".join(wrong) or f"all that no test runs is in {list_path}: {len(entries)} lines")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

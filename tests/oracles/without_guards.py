"""Deletes one guard of `core` after another from an emitted project, and asks whether an emitted test notices.

    python without_guards.py FOLDER [WORD]

A guard is a statement that raises, or a method of the admin site by which pages offer less. It is deleted from the source; then the
tests of what it is about run until one of them fails, in a process of their own. One has to, by an assertion.
"""

import ast
import contextlib
import io
import multiprocessing
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest

from compiled import compile_once

# The files that keep rules about rows, and the tests of what each is about. The other files of `core` raise what is wrong with a
# command, a seed or a migration, and those that are abstract raise nothing that a project could meet.
GUARDED = {
    "audit.py": ("audit",),
    "deletions.py": ("deletions",),
    "kept.py": ("kept",),
    "lifecycles.py": ("lifecycles",),
    "lists.py": ("rules",),
    "files.py": ("rules",),
    "models.py": ("rules", "across", "lifecycles"),
    "db/changes.py": ("kept",),
    "db/constraints.py": ("rules",),
    "db/kept.py": ("kept",),
    "db/lifecycles.py": ("lifecycles",),
    "db/serial.py": ("kept",),
    "db/terms.py": ("terms",),
}
OFFERS = ("has_change_permission", "has_delete_permission", "get_readonly_fields")


class Guard(NamedTuple):
    """What is deleted."""

    path: str
    function: str
    place: int
    first: int
    last: int
    indent: int
    is_method: bool

    def __str__(self):
        return f"core/{self.path}: {self.function} {self.place}"


def guards(root):
    """Return every guard of a project."""
    for path in GUARDED:
        file = root / "core" / path
        if not file.exists():
            continue
        for function in ast.walk(ast.parse(file.read_text())):
            if not isinstance(function, ast.FunctionDef):
                continue
            if function.name in OFFERS:
                yield Guard(path, function.name, 1, function.lineno, function.end_lineno, 4, True)
            raised = [each for each in ast.walk(function) if isinstance(each, ast.Raise)]
            for place, each in enumerate(raised, 1):
                ends = (each.lineno, each.end_lineno, each.col_offset)
                yield Guard(path, function.name, place, *ends, False)


def delete(root, guard):
    """Delete a guard from the source of a project."""
    file = root / "core" / guard.path
    lines = file.read_text().splitlines(keepends=True)
    instead = [] if guard.is_method else [" " * guard.indent + "pass\n"]
    lines[guard.first - 1 : guard.last] = instead
    file.write_text("".join(lines))


class Watch:
    """Remembers what failed, and what could not be run."""

    def __init__(self):
        self.failed, self.passed, self.broken = "", 0, ""

    def pytest_runtest_logreport(self, report):
        """Count."""
        if report.when == "call":
            self.passed += report.passed
            if report.failed:
                self.failed = report.nodeid
        elif report.failed:
            self.broken = str(report.longrepr)

    def pytest_collectreport(self, report):
        """Remember what could not be read."""
        if report.failed:
            self.broken = str(report.longrepr)


def attempt(job):
    """Delete a guard from a copy of the project, or none, and run the tests about it until one fails."""
    root, guard = job
    watch = Watch()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(".appspec", "docs", "requirements"))
        if guard:
            delete(copy, guard)
        os.chdir(copy)
        sys.path.insert(0, str(copy))
        names = GUARDED[guard.path] if guard else {name for names in GUARDED.values() for name in names}
        tests = [str(path) for name in names for path in sorted(copy.glob(f"*/tests/test_{name}.py"))]
        arguments = ["-q", "-x", "-p", "no:cacheprovider", "--no-migrations", f"--rootdir={copy}"]
        with contextlib.redirect_stdout(io.StringIO()):
            pytest.main([*arguments, *tests], plugins=[watch])
        os.chdir("/")
    return guard, watch.failed.rpartition("/")[2], watch.passed, watch.broken


def say(line):
    """Print a line at once: what waits in the buffer when a process is forked, both would print."""
    print(line, flush=True)


def main(root, word):
    """Try every guard; return an exit code that says whether there are any."""
    found = [guard for guard in guards(root) if word in str(guard)]
    compile_once(root)
    bad = wrong = 0
    # The first is the project as it is: a test that fails there would notice everything.
    jobs = [(root, guard) for guard in (None, *found)]
    with multiprocessing.get_context("fork").Pool(maxtasksperchild=1) as pool:
        for guard, failed, passed, broken in pool.imap(attempt, jobs, chunksize=1):
            if guard is None:
                wrong = bool(failed or broken or not passed)
                say(f"{passed} tests pass with all of them {failed}{broken}")
            elif failed and not broken:
                say(f"noticed {guard} by {failed}")
            else:
                bad += 1
                say(f"UNNOTICED {guard}: {passed} tests pass without it {broken}")
    say(f"{len(found)} guards deleted, {bad} unnoticed")
    return 0 if found and not wrong else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else ""))

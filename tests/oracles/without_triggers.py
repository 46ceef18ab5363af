"""Drops one trigger after another, and asks whether the emitted tests of its rule notice.

    python without_triggers.py FOLDER

A trigger is dropped at the beginning of each test of its rule, inside the transaction of the test, so that the next one has it
again. At least one of them has to fail.

Prints a line for each trigger, and says of which only the test notices that looks for the names of triggers; and those of the
database that belong to no rule which is known.
"""

import contextlib
import io
import os
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

FILES = ("rules", "lifecycles", "kept", "deletions", "terms", "audit", "across")


class Trigger(NamedTuple):
    """What is dropped."""

    rule: str
    name: str

    def __str__(self):
        return self.name


def triggers():
    """Return the names of the triggers that the rules of all models may have."""
    from django.apps import apps

    from core.db.constraints import NoOverlap
    from core.db.triggers import TriggeredRule, trigger_name

    for model in apps.get_models():
        for rule in model._meta.constraints:
            # SQLite has a trigger for each kind of write.
            for event in ("insert", "delete", "number") if hasattr(rule, "records") else ():
                yield Trigger(rule.name, trigger_name(rule.name, event))
            if isinstance(rule, TriggeredRule):
                yield from (Trigger(rule.name, name) for name in rule.trigger_names())
            elif isinstance(rule, NoOverlap):
                yield from (Trigger(rule.name, name) for name in (rule.name, f"{rule.name}__update"))


def tables(cursor, vendor):
    """Return the triggers of the database, each with its table."""
    if vendor == "sqlite":
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute("SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
    return dict(cursor.fetchall())


class Without:
    """Runs each test of a rule without each trigger of that rule."""

    def __init__(self):
        self.failed, self.passed, self.broken = defaultdict(int), defaultdict(int), {}
        self.by_name, self.there = set(), {}

    def pytest_generate_tests(self, metafunc):
        """Ask for each trigger."""
        own = metafunc.module.__name__.partition(".")[0]
        named = [each for each in self.known if each.rule.startswith(f"{own}_")]
        if named and not {"case", "rules"}.isdisjoint(metafunc.fixturenames):
            metafunc.parametrize("without", named, ids=str, indirect=True)

    def pytest_collection_modifyitems(self, items):
        """Keep what is about the rule."""
        items[:] = [item for item in items if self.is_about(item)]

    @staticmethod
    def is_about(item):
        """Say whether a test is about the rule of its trigger."""
        values = item.callspec.params if hasattr(item, "callspec") else {}
        tested = values.get("rules") or [getattr(values.get("case"), "rule", None)]
        return "without" in values and values["without"].rule in tested

    @pytest.fixture(autouse=True)
    def without(self, request):
        """Drop the trigger until the test ends."""
        from django.db import connection

        request.getfixturevalue("db")
        by_name = "rules" in request.node.callspec.params
        request.node.user_properties.extend([("without", request.param.name), ("by_name", by_name)])
        quote = connection.ops.quote_name
        with connection.cursor() as cursor:
            self.there = tables(cursor, connection.vendor)
            name = request.param.name
            if name not in self.there:
                pytest.skip("the other database has it")
            on_table = "" if connection.vendor == "sqlite" else f" ON {self.there[name]}"
            cursor.execute(f"DROP TRIGGER {quote(name)}{on_table}")

    def pytest_runtest_logreport(self, report):
        """Count."""
        properties = dict(report.user_properties)
        name = properties.get("without", "")
        if report.when == "call" and properties["by_name"]:
            self.by_name |= {name} if report.failed else set()
        elif report.when == "call":
            self.failed[name] += report.failed
            self.passed[name] += report.passed
        elif report.failed:
            self.broken[name] = str(report.longrepr)

    def pytest_sessionstart(self):
        """Remember which triggers there may be."""
        self.known = list(triggers())


def main(root):
    """Try every trigger; return the exit code."""
    os.chdir(root)
    sys.path.insert(0, str(root))
    without = Without()
    tests = [str(path) for name in FILES for path in sorted(root.glob(f"*/tests/test_{name}.py"))]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        arguments = ["-q", "-p", "no:cacheprovider", "--no-migrations", f"--rootdir={root}"]
        code = pytest.main([*arguments, *tests], plugins=[without])
    if code not in (0, 1):
        print(said.getvalue())
        return 1
    bad, tried = len(without.broken), [it for it in without.known if it.name in without.there]
    for trigger in tried:
        failed, passed = without.failed[trigger.name], without.passed[trigger.name]
        if trigger.name in without.broken:
            print(f"BROKEN {trigger}\n{without.broken[trigger.name]}")
        elif failed:
            print(f"noticed {trigger} ({failed} of {failed + passed} tests)")
        elif trigger.name in without.by_name:
            print(f"missed by name {trigger}")
        else:
            bad += 1
            print(f"UNNOTICED {trigger}: {passed} tests pass without it")
    names = {trigger.name for trigger in without.known}
    for name in sorted(without.there.keys() - names):
        print(f"of no rule {name}")
    print(f"{len(tried)} triggers dropped, {bad} unnoticed")
    return 1 if bad or not tried else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))

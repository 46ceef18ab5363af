"""Deletes one rule after another from an emitted project, and asks whether the tests of that rule notice.

    python without_rules.py FOLDER [WORD]

A rule is a constraint, a field that is unique, a validator, or a step of an action: its guard, or what it sets. It is deleted
from the source of its model or service; then its own tests run, in a process of their own. They have to fail, and nothing else may: a test that can't even start says nothing
about the rule. The tables are made from the models, which is what the migrations build, as an oracle of its own decides.

Prints a line for each rule, and the rules for which only the test notices that looks for the names of constraints.
"""

import ast
import contextlib
import importlib
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

# Read once, for every process to come.
for name in ("django.contrib.admin.sites", "django.core.management", "django.test", "pytest_django.plugin"):
    importlib.import_module(name)


class Rule(NamedTuple):
    """What is deleted."""

    app: str
    model: str
    # The constraint's name, or the field's.
    name: str
    # The place among the field's validators, or among the steps of an action.
    validator: int | None
    # What the tests of it are called; any of these.
    tested: tuple[str, ...]
    is_action: bool = False

    def __str__(self):
        kind = "step" if self.is_action else "validator"
        place = "" if self.validator is None else f" without its {kind} {self.validator + 1}"
        return f"{self.app}.{self.model}: {self.name}{place}"


class Outcome(NamedTuple):
    """What the tests of a rule said without it."""

    rule: Rule
    failed: int
    passed: int
    broken: str
    by_name_alone: bool


def keyword(call, name):
    """Return an argument of a call."""
    found = [each.value for each in call.keywords if each.arg == name]
    return found[0] if found else None


def is_call_of(node, *names):
    """Say whether a node calls something of one of these names."""
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    return (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")) in names


def model_files(root, app):
    """Return the files that hold the models of an app."""
    package = root / app / "models"
    return sorted(package.glob("*.py")) if package.is_dir() else [root / app / "models.py"]


def classes(root, app):
    """Return the classes of an app's models, each with its file."""
    for path in model_files(root, app):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                yield path, node


def rules_of(app, model, node):
    """Return everything that can be deleted from a model."""
    constraints, fields = [], []
    for statement in node.body:
        if isinstance(statement, ast.ClassDef) and statement.name == "Meta":
            for option in statement.body:
                if isinstance(option, ast.Assign) and option.targets[0].id == "constraints":
                    constraints += [keyword(each, "name").value for each in option.value.elts]
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            fields.append((statement.targets[0].id, statement.value))
    for name in constraints:
        yield Rule(app, model, name, None, (name,))
    for name, call in fields:
        if is_call_of(call, "OneToOneField") or getattr(keyword(call, "unique"), "value", False):
            yield Rule(app, model, name, None, (name,))
        validators = keyword(call, "validators")
        for place, validator in enumerate(validators.elts if validators else []):
            # Its tests are those of the constraint that says the same, or they have the field's name.
            kinds = {"RegexValidator": ("matches", "form"), "ListOf": ("list",)}
            called = validator.func.id
            tested = [
                rule
                for rule in constraints
                for kind in kinds.get(called, ("range",))
                if f"_{name}__{kind}" in rule
            ]
            yield Rule(app, model, name, place, (*tested, name))


def services(root, app):
    """Return the functions of an app's actions."""
    path = root / app / "services.py"
    body = ast.parse(path.read_text()).body if path.exists() else []
    return [node for node in body if isinstance(node, ast.FunctionDef)]


def steps(function):
    """Return the statements between the lock of the row and its save."""
    return next(node for node in function.body if isinstance(node, ast.With)).body


def steps_of(app, function):
    """Return every step of an action that can be deleted."""
    model = function.args.posonlyargs[0].annotation.id
    for place, _ in enumerate(steps(function)):
        yield Rule(app, model, function.name, place, (function.name,), is_action=True)


def all_rules(root):
    """Return every rule of a project."""
    for folder in sorted(root.iterdir()):
        if (folder / "migrations").is_dir() and not folder.name.startswith("."):
            for _, node in classes(root, folder.name):
                yield from rules_of(folder.name, node.name, node)
            for function in services(root, folder.name):
                yield from steps_of(folder.name, function)


def without(text, nodes):
    """Return a source without some items of its lists."""
    lines = text.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    source = text.encode()
    for node in sorted(nodes, key=lambda each: -each.lineno):
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        rest = source[end:].lstrip()
        source = source[:begin] + rest.removeprefix(b",")
    return source.decode()


def delete_step(root, rule):
    """Delete a step of an action; where it is the only one, nothing is done."""
    path = root / rule.app / "services.py"
    function = next(each for each in services(root, rule.app) if each.name == rule.name)
    step = steps(function)[rule.validator]
    lines = path.read_text().splitlines(keepends=True)
    lines[step.lineno - 1 : step.end_lineno] = [" " * step.col_offset + "pass\n"]
    path.write_text("".join(lines))


def delete(root, rule):
    """Delete a rule from the source of a project."""
    if rule.is_action:
        delete_step(root, rule)
        return
    for path, node in classes(root, rule.app):
        if node.name == rule.model:
            text = path.read_text()
            changed = without_rule(text, node, rule)
            assert changed != text, rule
            path.write_text(changed)


def without_rule(text, node, rule):
    """Return the source of a model without one of its rules."""
    lists = [each for each in ast.walk(node) if isinstance(each, ast.List)]
    named = [item for each in lists for item in each.elts if is_named(rule, item)]
    if rule.validator is None and named:
        return without(text, named)
    for statement in node.body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id == rule.name:
            if rule.validator is not None:
                return without(text, [keyword(statement.value, "validators").elts[rule.validator]])
            lines = text.splitlines(keepends=True)
            place = statement.lineno - 1
            lines[place] = lines[place].replace("OneToOneField", "ForeignKey")
            return "".join(lines)
    return text


def is_named(rule, node):
    """Say whether a node makes the constraint."""
    kinds = (
        "AcrossRows",
        "Audited",
        "CheckConstraint",
        "Kept",
        "KeptFor",
        "Lifecycle",
        "MarkedFirst",
        "NoOverlap",
        "OnChange",
        "Serial",
        "UniqueConstraint",
    )
    if not is_call_of(node, *kinds):
        return False
    return keyword(node, "name").value == rule.name


class Watch:
    """Keeps the tests of one rule, and counts what they say."""

    def __init__(self, rule, by_name):
        self.rule = rule
        self.by_name = by_name
        self.failed, self.passed, self.broken = 0, 0, ""

    def pytest_collection_modifyitems(self, items):
        """Keep what is about the rule."""
        items[:] = [item for item in items if self.is_about(item.callspec.params)]

    def is_about(self, values):
        """Say whether the values of a test are those of the rule."""
        if "rules" in values:
            label = f"{self.rule.app}.{self.rule.model}"
            return self.by_name and values["model"] == label
        case = values.get("case")
        if case is None:
            return not self.by_name and values["rule"] in self.rule.tested
        # A rule that spans rows is asked of examples.
        if hasattr(case, "make"):
            model = case.make.__annotations__["return"].__name__
        else:
            model = case.row.model.rpartition(".")[2]
        return not self.by_name and case.rule in self.rule.tested and model == self.rule.model

    def pytest_runtest_logreport(self, report):
        """Count."""
        if report.when == "call":
            self.failed += report.failed
            self.passed += report.passed
        elif report.failed:
            self.broken = str(report.longrepr)

    def pytest_collectreport(self, report):
        """Remember what could not be read."""
        if report.failed:
            self.broken = str(report.longrepr)


def run(rule, root, by_name):
    """Run the tests of a rule."""
    watch = Watch(rule, by_name)
    every = ("test_rules", "test_lifecycles", "test_kept", "test_terms", "test_audit", "test_across")
    names = ("test_lifecycles",) if rule.is_action else every
    tests = [f"{rule.app}/tests/{name}.py" for name in names]
    tests = [each for each in tests if (Path(root) / each).exists()]
    arguments = ["-q", "-p", "no:cacheprovider", "--no-migrations"]
    with contextlib.redirect_stdout(io.StringIO()):
        code = pytest.main([*arguments, f"--rootdir={root}", *tests], plugins=[watch])
    if code not in (0, 1, 5):
        watch.broken = watch.broken or f"pytest ends with {code}"
    return watch


def attempt(job):
    """Delete a rule from a copy of the project and run its tests."""
    root, rule, by_name = job
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(".appspec", "docs", "requirements"))
        delete(copy, rule)
        os.chdir(copy)
        sys.path.insert(0, str(copy))
        watch = run(rule, copy, by_name)
        os.chdir("/")
    return Outcome(rule, watch.failed, watch.passed, watch.broken, by_name)


def say(line):
    """Print a line at once: what waits in the buffer when a process is forked, both would print."""
    print(line, flush=True)


def main(root, word):
    """Try every rule; return the exit code."""
    rules = [rule for rule in all_rules(root) if word in str(rule)]
    compile_once(root)
    context = multiprocessing.get_context("fork")
    bad = 0
    # A process for each: Django reads the models of a project once.
    with context.Pool(maxtasksperchild=1) as pool:
        unnoticed = []
        for found in pool.imap(attempt, [(root, rule, False) for rule in rules], chunksize=1):
            if found.broken:
                bad += 1
                say(f"BROKEN {found.rule}\n{found.broken}")
            elif found.failed:
                say(f"noticed {found.rule} ({found.failed} of {found.failed + found.passed} tests)")
            elif found.passed:
                bad += 1
                say(f"UNNOTICED {found.rule}: {found.passed} tests pass without it")
            else:
                unnoticed.append(found.rule)
        for found in pool.imap(attempt, [(root, rule, True) for rule in unnoticed], chunksize=1):
            if found.failed and not found.broken:
                say(f"missed by name {found.rule}")
            else:
                bad += 1
                say(f"UNNOTICED {found.rule}: no test is about it {found.broken}")
    say(f"{len(rules)} rules deleted, {bad} unnoticed")
    return 1 if bad or not rules else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else ""))

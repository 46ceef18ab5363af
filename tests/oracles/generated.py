"""Asks everything about one emitted project that needs Python, in as few processes as possible.

    python generated.py FOLDER OWN SQLITE SQLITE_OWN POSTGRES POSTGRES_OWN STEP...

FOLDER is the project, OWN an empty folder for the migrations that Django writes itself, then come the addresses of empty
databases: one of each kind for the emitted migrations, one for Django's own. Django is imported once; each step runs in a
process that is forked from there, so that none sees what another one did.

Prints the name and the output of every step that fails, and exits with 1 if any did.
"""

import compileall
import gc
import importlib
import os
import sys
import tempfile
import traceback
from pathlib import Path

# Read once, for every process to come.
for name in (
    "django.contrib.admin.sites",
    "django.core.management.commands.makemigrations",
    "django.core.management.commands.migrate",
    "django.db.backends.postgresql.base",
    "django.db.backends.sqlite3.base",
    "django.test",
    "psycopg",
    "pytest",
):
    importlib.import_module(name)


# More of them say no more, and what is wrong with all tests would take minutes to print.
MOST_FAILURES = 20


def command(*words, **options):
    """Run a command of Django."""
    from django.core.management import call_command

    call_command(*words, **options)


def set_up(address, stage):
    """Start Django on a database, under the settings of a stage."""
    os.environ["DATABASE_URL"] = address
    os.environ["DJANGO_SETTINGS_MODULE"] = f"config.settings.{stage}"
    import django

    django.setup()


def compiles(root):
    """Say whether every file is Python; what comes of it is kept by nobody."""
    with tempfile.TemporaryDirectory() as elsewhere:
        sys.pycache_prefix = elsewhere
        return compileall.compile_dir(root, quiet=1, force=True)


def migrates(address):
    """Migrate an empty database; the models are what the migrations say, and seeding twice is seeding once."""
    set_up(address, "development")
    from django.core.management import get_commands

    command("check", fail_level="WARNING", databases=["default"])
    command("migrate", interactive=False, verbosity=0)
    command("makemigrations", check_changes=True, dry_run=True)
    command("migrate", check_unapplied=True, verbosity=0)
    if "seed" in get_commands():
        command("seed")
        before = rows()
        command("seed")
        if before != rows():
            sys.exit("a second `seed` changed rows")
    command("check_invariants")
    return True


def rows():
    """Return the key of every row of the project."""
    from django.apps import apps

    return {(model._meta.label, row.pk) for model in apps.get_models() for row in model._base_manager.all()}


def writes_own(address, root, own):
    """Let Django write the migrations itself, and migrate another database with them."""
    labels = [folder.parent.name for folder in sorted(root.glob("[!.]*/migrations"))]
    for label in labels:
        (own / "own_migrations" / label).mkdir(parents=True, exist_ok=True)
        (own / "own_migrations" / label / "__init__.py").touch()
    sys.path.insert(0, str(own))
    set_up(address, "development")
    from django.conf import settings

    settings.MIGRATION_MODULES = {label: f"own_migrations.{label}" for label in labels}
    if not list(own.glob("own_migrations/*/0001_*.py")):
        importlib.import_module("computed_late").install()
        command("makemigrations", *labels, verbosity=0)
    importlib.invalidate_caches()
    command("migrate", interactive=False, verbosity=0)
    return True


def tests_pass(address):
    """Run the emitted tests: all pass, and none is skipped, expected to fail, or noisy."""
    os.environ["DATABASE_URL"] = address
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import pytest

    closing = []

    class Watch:
        """Keeps what was counted."""

        def pytest_terminal_summary(self, terminalreporter):
            """Note every outcome that there was."""
            closing.extend(name for name, found in terminalreporter.stats.items() if found and name)

    options = ["-q", "-p", "no:cacheprovider", "--tb=short", f"--maxfail={MOST_FAILURES}"]
    expected = {"passed"}
    if address.startswith("postgres"):
        # What a form takes hangs on no database, and typing each row takes longer than all else; the apps' are typed on both.
        options += ["-k", "not (test_pages_ask or test_pages_keep or test_pages_change)"]
        expected.add("deselected")
    code = pytest.main(options, plugins=[Watch()])
    return code == 0 and "passed" in closing and set(closing) <= expected


def run(step):
    """Run a step in a process of its own; return whether it is content, and what it said."""
    with tempfile.TemporaryFile() as said:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
            code = 1
            try:
                code = 0 if step() else 1
            except SystemExit as end:
                code = 0 if end.code in (0, None) else 1
                print(end.code)
            except BaseException:
                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        return status == 0, said.read().decode(errors="replace")


def main(folder, own, databases, wanted):
    """Run every step that is wanted; return the exit code."""
    root, own = Path(folder), Path(own)
    # Every process ends before it has made enough garbage to look for.
    gc.disable()
    os.chdir(root)
    sys.path.insert(0, str(root))
    sqlite, sqlite_own, postgres, postgres_own = databases
    steps = {
        "compileall": lambda: compiles(root),
        "migrate_sqlite": lambda: migrates(sqlite),
        "own_sqlite": lambda: writes_own(sqlite_own, root, own),
        "migrate_postgres": lambda: migrates(postgres),
        "own_postgres": lambda: writes_own(postgres_own, root, own),
        "tests_sqlite": lambda: tests_pass(sqlite),
        "tests_postgres": lambda: tests_pass(postgres),
    }
    code = 0
    broken = set()
    for name, step in steps.items():
        kind = name.rpartition("_")[2]
        if (wanted and name not in wanted) or kind in broken:
            continue
        content, said = run(step)
        if not content and name.startswith("migrate_"):
            # Nothing that needs the tables says more.
            broken.add(kind)
        if not content:
            code = 1
            print(f"== {name}\n{said}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:7], sys.argv[7:]))

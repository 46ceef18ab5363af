# Brings the database up to the code, and says what is there: one JSON object on standard output.
import contextlib
import json
import secrets
import traceback
from importlib.util import find_spec
from pathlib import Path

EMAIL = "admin@example.com"


class Asked:
    """What the command line said, and what has become of it so far."""

    demo = sys.argv[1] == "demo"
    secret = Path(sys.argv[2])
    step = "start"
    is_as_before = False


def main() -> dict:
    import django

    django.setup()
    from django.contrib import admin
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.db.migrations.recorder import MigrationRecorder
    from django.utils.text import capfirst

    Asked.step = "migrate"
    note_with_the_change()
    before = set(MigrationRecorder(connection).applied_migrations())
    try:
        call_command("migrate", interactive=False, verbosity=1)
    except Exception:
        Asked.is_as_before = go_back(before)
        raise
    # All or nothing: who ends it between the rows and the administrator, who is one of them, begins anew.
    with transaction.atomic():
        made, left_out = first_rows()
        Asked.step = "admin"
        signed_in = sign_in(made)
    models = []
    for model in admin.site._registry:
        meta = model._meta
        if meta.app_config.name.startswith("django."):
            continue
        models.append(
            {
                "label": str(capfirst(meta.verbose_name_plural)),
                "path": f"/admin/{meta.app_label}/{meta.model_name}/",
                "rows": model._base_manager.count(),
            }
        )
    database = connection.settings_dict["NAME"]
    return {
        "admin": signed_in,
        "models": models,
        "made": len(made),
        "left_out": left_out,
        "database": str(database) if connection.vendor == "sqlite" else connection.vendor,
    }


def note_with_the_change() -> None:
    """Have a migration and the note that it was applied, or taken back, in one transaction.

    Django commits the note by itself wherever indexes or references wait for the end of the migration: who ends it in
    between has tables that the next start wants to make again.
    """
    from django.core.management.commands import migrate
    from django.db import transaction
    from django.db.migrations.executor import MigrationExecutor

    class Executor(MigrationExecutor):
        def apply_migration(self, state, migration, **options):
            with self.whole(migration):
                return super().apply_migration(state, migration, **options)

        def unapply_migration(self, state, migration, **options):
            with self.whole(migration):
                return super().unapply_migration(state, migration, **options)

        @contextlib.contextmanager
        def whole(self, migration):
            if not migration.atomic:
                yield
                return
            # SQLite switches its references off outside of transactions only.
            with self.connection.constraint_checks_disabled(), transaction.atomic(self.connection.alias):
                yield

    migrate.MigrationExecutor = Executor


def first_rows() -> tuple[list, list]:
    """Store the examples, or the lookup rows alone; give the rows, and what is said of those left out."""
    from django.core.management import call_command, get_commands

    made, left_out = [], []
    if Asked.demo and find_spec("core.demo") is not None:
        Asked.step = "demo"
        from core import demo

        loaded = demo.load()
        made, left_out = loaded.created, loaded.left_out
        if made:
            left_out += [f"{model}: no example is known" for model in loaded.unknown]
    elif "seed" in get_commands():
        Asked.step = "seed"
        call_command("seed")
    return made, left_out


def go_back(before: set) -> bool:
    """Undo the part of a change that came through before the rest was refused; say whether it is undone."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    def applied() -> set:
        return set(MigrationRecorder(connection).applied_migrations())

    for app in sorted({app for app, _ in applied() - before}):
        with contextlib.suppress(Exception):
            graph = MigrationLoader(connection).graph
            old = {node for node in graph.nodes if node[0] == app and node in before}
            last = [
                name
                for _, name in old
                if not any(child.key in old for child in graph.node_map[app, name].children)
            ]
            call_command("migrate", app, last[0] if last else "zero", interactive=False, verbosity=1)
    return bool(before) and applied() == before


def sign_in(made: list) -> dict:
    """Make an administrator if there is none; tell the password only while it is ours."""
    from django.contrib.auth import get_user_model

    model = get_user_model()
    users = model._default_manager
    administrators = users.filter(is_superuser=True)
    user = administrators.filter(email=EMAIL).first() or administrators.order_by("pk").first()
    known = ""
    with contextlib.suppress(OSError):
        known = Asked.secret.read_text(encoding="utf-8").strip()
    if user is not None:
        ours = bool(known) and user.check_password(known)
        return {"email": user.email, "password": known if ours else None}
    user = next((row for row in made if isinstance(row, model)), None)
    if user is None and model.REQUIRED_FIELDS:
        return {"email": None, "password": None}
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    user = user or model(email=EMAIL)
    user.is_superuser = user.is_staff = user.is_active = True
    user.set_password(password)
    keep(password)
    user.save()
    return {"email": user.email, "password": password}


def keep(password: str) -> None:
    """Write it down for the next start; nobody else on this machine may read it."""
    with open(os.open(Asked.secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(password + "\n")


if __name__ == "__main__":
    answer = sys.stdout
    sys.stdout = sys.stderr
    try:
        result = main()
    except Exception as error:
        traceback.print_exc()
        # The words of a command are meant for people.
        kind = type(error).__name__
        why = str(error) if kind == "CommandError" else f"{kind}: {error}"
        result = {"failed": Asked.step, "why": why, "is_as_before": Asked.is_as_before}
    answer.write(json.dumps(result) + "\n")
    answer.flush()
    sys.stderr.flush()
    os._exit(0)

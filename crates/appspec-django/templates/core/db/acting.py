"""Tells the database who acts, before it writes: the triggers of an audit trail ask for it."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from core.acting import told

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.backends.base.base import BaseDatabaseWrapper

TELL = "SELECT set_config('audit.context', %s, true)"
# Where no transaction of PostgreSQL is open yet.
IDLE = 0
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|MERGE|WITH|CALL|DO)\b", re.IGNORECASE)
ENDS = re.compile(r"\s*ROLLBACK\b", re.IGNORECASE)
# What Django writes names its table in front.
WRITTEN = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "([^"]+)"')


@cache
def silent_tables() -> frozenset[str]:
    """Return the tables of which no change is recorded."""
    models = apps.get_models(include_auto_created=True)
    return frozenset(
        model._meta.db_table
        for model in models
        if not any(hasattr(rule, "records") for rule in model._meta.constraints)
    )


def is_recorded(sql: object) -> bool:
    """Say whether a statement may write rows of which changes are recorded."""
    if not isinstance(sql, str):
        return True
    if not WRITES.match(sql):
        return False
    written = WRITTEN.match(sql)
    return written is None or written[1] not in silent_tables()


class Teller:
    """Goes along with each statement of a connection.

    PostgreSQL keeps what it is told until the end of the transaction, or until a savepoint before
    is restored; so no other request can find it, whoever shares the connection. SQLite asks back
    while the statement runs.
    """

    def __init__(self) -> None:
        self.told: dict[str, str] = {}
        self.is_recording = False

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: Any
    ) -> Any:
        """Run a statement."""
        connection = context["connection"]
        is_sqlite = connection.vendor == "sqlite"
        if not is_sqlite:
            is_new = connection.connection.info.transaction_status == IDLE
            if is_new or (isinstance(sql, str) and ENDS.match(sql)):
                self.told = {}
        if not is_recorded(sql):
            return execute(sql, params, many, context)
        if is_sqlite:
            self.told = told()
            try:
                return execute(sql, params, many, context)
            finally:
                self.told = {}
        if not connection.get_autocommit():
            self.tell(connection)
            return execute(sql, params, many, context)
        with transaction.atomic(connection.alias):
            self.tell(connection)
            return execute(sql, params, many, context)

    def tell(self, connection: BaseDatabaseWrapper) -> None:
        """Tell PostgreSQL who acts, unless it knows."""
        known = told()
        if known != self.told:
            with connection.cursor() as cursor:
                cursor.execute(TELL, [json.dumps(known)])
            self.told = known

    def asked(self, name: str) -> str:
        """Answer SQLite; who passes Django by is not known."""
        return self.told.get(name, "" if self.told or name != "source" else "database")

    def record(self) -> bool:
        """Let the trigger that asks write one entry."""
        self.is_recording = True
        return True

    def recorded(self) -> bool:
        """Say whether a trigger has asked to write an entry, which it may do once."""
        was, self.is_recording = self.is_recording, False
        return was


@receiver(connection_created)
def listen(connection: Any, **_signal: Any) -> None:
    """Go along with a connection from now on."""
    there = [one for one in connection.execute_wrappers if isinstance(one, Teller)]
    teller = there[0] if there else Teller()
    if not there:
        connection.execute_wrappers.append(teller)
    if connection.vendor == "sqlite":
        functions = {"audit_told": 1, "audit_record": 0, "audit_recorded": 0}
        answers = (teller.asked, teller.record, teller.recorded)
        for (name, arguments), answer in zip(functions.items(), answers, strict=True):
            connection.connection.create_function(name, arguments, answer)

"""Django's backend for SQLite; a column refuses what PostgreSQL's type would refuse."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import IntegrityError
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3 import base, operations, schema

from core.db.sqlite.functions import AGGREGATES, EMPTYING, FUNCTIONS, none_of_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

WHOLE = "TYPEOF(%(qn_column)s) <> 'real' AND %(qn_column)s BETWEEN {} AND {}"
TEXT = "INSTR(%(qn_column)s, CHAR(0)) = 0"
LIMITED = f"{TEXT} AND LENGTH(%(qn_column)s) <= %(max_length)s"
# Of a moment with microseconds SQLite would look at milliseconds, and round.
MOMENT = "DATETIME(SUBSTR(%(qn_column)s, 1, 19)) IS SUBSTR(%(qn_column)s, 1, 19)"

CHECKS: Mapping[str, str] = {
    "BigIntegerField": WHOLE.format(-(2**63), 2**63 - 1),
    "BooleanField": "%(qn_column)s IN (0, 1)",
    "CharField": LIMITED,
    "DateField": "DATE(%(qn_column)s) IS %(qn_column)s",
    "DateTimeField": MOMENT,
    # A float has 15 digits that are certain; more would be stored as another number.
    "DecimalField": "ABS(%(qn_column)s) * 1e%(decimal_places)s < 1e15",
    "DurationField": WHOLE.format(-(2**63), 2**63 - 1),
    "FileField": LIMITED,
    "IntegerField": WHOLE.format(-(2**31), 2**31 - 1),
    "SlugField": LIMITED,
    "SmallIntegerField": WHOLE.format(-(2**15), 2**15 - 1),
    "TextField": TEXT,
    "TimeField": "TIME(SUBSTR(%(qn_column)s, 1, 8)) IS SUBSTR(%(qn_column)s, 1, 8)",
    "UUIDField": "LENGTH(%(qn_column)s) = 32 AND %(qn_column)s NOT GLOB '*[^0-9a-f]*'",
}


# What asks rules that span rows when a row of a table is written, or looks into the table then; and
# what looks into it to number rows of another.
ASKING = """\
SELECT name, sql, tbl_name FROM sqlite_master
WHERE type = 'trigger' AND (
  INSTR(sql, 'ask_rule(') > 0 AND (tbl_name = %s OR INSTR(sql, %s) > 0)
  OR INSTR(sql, 'INTO numbering') > 0 AND tbl_name <> %s AND INSTR(sql, %s) > 0
)"""


class DatabaseOperations(operations.DatabaseOperations):
    """Operations that know the ranges of whole numbers, and empty any table."""

    def integer_field_range(self, internal_type: str) -> tuple[int, int]:
        """Return the range that PostgreSQL has for such a field."""
        return BaseDatabaseOperations.integer_field_range(self, internal_type)

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """Empty tables, those whose rows are never deleted too."""
        token = EMPTYING.set(True)
        try:
            super().execute_sql_flush(sql_list)
        finally:
            EMPTYING.reset(token)


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """An editor that knows of rules which have triggers on several tables."""

    def execute(self, sql: Any, params: Any = ()) -> None:
        """Execute a statement; without parameters, what looks like a place for one is text.

        Where a table is made anew, Django executes what is complete as if it were not.
        """
        super().execute(sql, params or None)

    def add_constraint(self, model: Any, constraint: Any) -> None:
        """Add a rule; one that spans rows is no part of a table."""
        if hasattr(constraint, "install"):
            # What can't be made yet is made when all migrations are done.
            with suppress(LookupError, FieldDoesNotExist, FieldError):
                constraint.install(model, self)
        else:
            with self.asking(model):
                super().add_constraint(model, constraint)

    def remove_constraint(self, model: Any, constraint: Any) -> None:
        """Remove a rule."""
        if hasattr(constraint, "uninstall"):
            constraint.uninstall(self)
        else:
            with self.asking(model):
                super().remove_constraint(model, constraint)

    def add_field(self, model: Any, field: Any) -> None:
        """Add a column."""
        with self.asking(model):
            super().add_field(model, field)

    def remove_field(self, model: Any, field: Any) -> None:
        """Remove a column."""
        with self.asking(model):
            super().remove_field(model, field)

    def alter_field(self, model: Any, *fields: Any, **options: Any) -> None:
        """Change a column."""
        with self.asking(model):
            super().alter_field(model, *fields, **options)

    @contextmanager
    def asking(self, model: Any) -> Iterator[None]:
        """Keep the triggers that ask rules of other tables where a table is made anew.

        SQLite gives no table a name while a trigger looks into one that is not there.
        """
        table = model._meta.db_table
        about = [table, f"FROM {self.quote_name(table)}"] * 2
        with self.connection.cursor() as cursor:
            before = cursor.execute(ASKING, about).fetchall()
            for name, _statement, stands_on in before:
                if stands_on != table:
                    self.execute(f"DROP TRIGGER {self.quote_name(name)}", params=None)
            yield
            after = {name for name, *_rest in cursor.execute(ASKING, about).fetchall()}
        for name, statement, _stands_on in before:
            if name not in after:
                self.execute(statement, params=None)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose tables refuse what PostgreSQL's types refuse."""

    data_type_check_constraints = {**base.DatabaseWrapper.data_type_check_constraints, **CHECKS}
    ops_class = DatabaseOperations
    SchemaEditorClass = DatabaseSchemaEditor

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, and bring the functions that expressions of the project use."""
        connection = super().get_new_connection(conn_params)
        for name, function in FUNCTIONS.items():
            connection.create_function(name, -1, none_of_none(function), deterministic=True)
        for name, aggregate in AGGREGATES.items():
            connection.create_aggregate(name, 1, aggregate)
        connection.create_function("ask_rule", 3, self.ask_rule)
        self.asked: dict[tuple[str, Any], str] = {}
        return connection

    def ask_rule(self, rule: str, key: Any, query: str) -> bool:
        """Ask a rule that spans rows at the end of the transaction; say whether it is broken now.

        Outside of a transaction there is no end to wait for: each row that is written is asked.
        """
        if key is None:
            return False
        if self.in_atomic_block:
            self.asked[rule, key] = query
            return False
        return self.is_broken(query, key)

    def is_broken(self, query: str, key: Any) -> bool:
        """Ask whether the row with a key breaks a rule."""
        return bool(self.connection.execute(query, {"key": key}).fetchone()[0])

    def ask_rules(self) -> None:
        """Ask the rules that span rows about what the transaction has written."""
        asked, self.asked = self.asked, {}
        for (rule, key), query in asked.items():
            if self.is_broken(query, key):
                message = f"CHECK constraint failed: {rule}"
                raise IntegrityError(message)

    def check_constraints(self, table_names: Any = None) -> None:
        """Check what waits for the end of the transaction."""
        self.ask_rules()
        super().check_constraints(table_names)

    def commit(self) -> None:
        """End the transaction, if no rule that spans rows is broken."""
        self.ask_rules()
        super().commit()

    def rollback(self) -> None:
        """Forget what was written."""
        self.asked.clear()
        super().rollback()

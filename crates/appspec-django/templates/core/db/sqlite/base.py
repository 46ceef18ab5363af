"""Django's backend for SQLite; a column refuses what PostgreSQL's type would refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3 import base, operations

from core.db.sqlite.functions import EMPTYING, FUNCTIONS, none_of_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose tables refuse what PostgreSQL's types refuse."""

    data_type_check_constraints = {**base.DatabaseWrapper.data_type_check_constraints, **CHECKS}
    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, and bring the functions that expressions of the project use."""
        connection = super().get_new_connection(conn_params)
        for name, function in FUNCTIONS.items():
            connection.create_function(name, -1, none_of_none(function), deterministic=True)
        return connection

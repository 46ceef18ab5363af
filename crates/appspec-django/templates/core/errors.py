"""Turns a refusal of the database into the message of the rule that it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.apps import apps
# if access
from django.core.exceptions import PermissionDenied, ValidationError
# else
from django.core.exceptions import ValidationError
# end
from django.db import DataError, IntegrityError, OperationalError
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
# if access
    from collections.abc import Collection

# end
    from django.db.models import BaseConstraint, Model

# if access

class RefusedError(PermissionDenied):
    """What no rule allows to somebody who may know of the row."""

    def __init__(self, message: str, verb: str, fields: Collection[str] = ()) -> None:
        super().__init__(message)
        self.message, self.verb, self.fields = message, verb, frozenset(fields)


# end
# SQLite's driver raises an error of Python's own for a number that is too large.
# if access
REFUSALS = (IntegrityError, DataError, OverflowError, OperationalError, RefusedError)
# else
REFUSALS = (IntegrityError, DataError, OverflowError, OperationalError)
# end
UNFIT = gettext_lazy(
    "The database can't store one of these values: it is too large, or not valid text."
)
UNKNOWN = gettext_lazy(
    "The database refused this: a rule is broken or something changed meanwhile."
)
BUSY = gettext_lazy("Somebody else changed the same at this moment. Nothing was saved: try again.")
# A transaction that could not be serialized, or that stood in the way of another one.
LOST_TO_ANOTHER = {"40001", "40P01", "SQLITE_BUSY"}
CHECKED_BY_SQLITE = "CHECK constraint failed: "
NAMED_BY_SQLITE = re.compile(rf"{CHECKED_BY_SQLITE}(\S+)|index '([^']+)'")
COLUMNS_OF_SQLITE = re.compile(r"UNIQUE constraint failed: (.+)")


def explain(error: Exception) -> ValidationError:
    """Return the broken rule's own message and code; raise an error that refuses nothing again."""
# if access
    if isinstance(error, RefusedError):
        return ValidationError(error.message, code="not_permitted")
# end
    if isinstance(error, OperationalError):
        if not is_lost_race(error):
            raise error
        return ValidationError(BUSY, code="busy")
    if not isinstance(error, IntegrityError):
        return ValidationError(UNFIT, code="refused")
    # What Django was told before the database.
    if isinstance(error.__cause__, ValidationError):
        return error.__cause__
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if names(error, model, constraint):
                return refusal(model, constraint)
    # A CHECK that no model has says what PostgreSQL's type of the column would say.
    is_unfit = str(error).startswith(CHECKED_BY_SQLITE)
    return ValidationError(UNFIT if is_unfit else UNKNOWN, code="refused")


def is_lost_race(error: OperationalError) -> bool:
    """Say whether the same transaction may succeed when it is tried again."""
    driver = error.__cause__
    code = getattr(driver, "sqlstate", None) or getattr(driver, "sqlite_errorname", None)
    return code in LOST_TO_ANOTHER


def refusal(model: type[Model], constraint: BaseConstraint) -> ValidationError:
    """Return what validation says when it finds the rule broken."""
    is_silent = constraint.violation_error_message == constraint.default_violation_error_message
    if is_silent and isinstance(constraint, UniqueConstraint) and constraint.fields:
        return model().unique_error_message(model, constraint.fields)
    return ValidationError(
        constraint.get_violation_error_message(),
        code=constraint.violation_error_code or "refused",
    )


def names(error: Exception, model: type[Model], constraint: BaseConstraint) -> bool:
    """Say whether the database names this rule: SQLite names the columns of a plain unique set."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == constraint.name)
    named = NAMED_BY_SQLITE.search(str(error))
    if named:
        return constraint.name in named.groups()
    listed = COLUMNS_OF_SQLITE.search(str(error))
    fields = constraint.fields if isinstance(constraint, UniqueConstraint) else ()
    held = [getattr(model._meta.get_field(name), "attname", name) for name in fields]
    columns = ", ".join(f"{model._meta.db_table}.{column}" for column in held)
    return bool(listed and listed[1] == columns)

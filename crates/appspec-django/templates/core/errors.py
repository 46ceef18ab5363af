"""Turns a refusal of the database into the message of the rule that it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

if TYPE_CHECKING:
    from django.db import IntegrityError

UNKNOWN = "The database refused this: it breaks a rule or something changed meanwhile."
NAME_ON_SQLITE = re.compile(r"CHECK constraint failed: (\S+)|index '([^']+)'")


def constraint_name(error: IntegrityError) -> str | None:
    """Return the name of the constraint that was broken, as far as the database says."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name)
    found = NAME_ON_SQLITE.search(str(error))
    return (found[1] or found[2]) if found else None


def explain(error: IntegrityError) -> ValidationError:
    """Return the broken rule's own message and code."""
    name = constraint_name(error)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return violation(constraint)
    return ValidationError(UNKNOWN, code="refused")


def violation(constraint: models.BaseConstraint) -> ValidationError:
    """Return what the constraint says when it is broken."""
    return ValidationError(
        constraint.get_violation_error_message(), code=constraint.violation_error_code
    )

"""How long rows have to stay after they were made."""

from __future__ import annotations

from datetime import MAXYEAR, UTC, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.db.models.signals import class_prepared, pre_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.formats import date_format

from core.db.triggers import StayingRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.ddl_references import Statement
    from django.db.models import Model

# From the first of the month on, so that what was made on a 29th of February may go on a 1st of
# March. PostgreSQL by itself would say a day earlier, SQLite says the same.
KEPT_UNTIL = """\
CREATE OR REPLACE FUNCTION kept_until(made timestamptz, years integer) RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS $$
  SELECT (month + make_interval(years => years) + (moment - month)) AT TIME ZONE 'UTC'
  FROM (SELECT made AT TIME ZONE 'UTC' AS moment) AS made_at,
    LATERAL (SELECT date_trunc('month', moment) AS month) AS made_in
$$"""
MOMENT_OF_SQLITE = "'%Y-%m-%d %H:%M:%f'"


class StillKeptError(ProtectedError):
    """A deletion of a row that has to stay for some time."""


class KeptFor(StayingRule):
    """A row stays for some years after the moment in one of its fields.

    A trigger keeps the rule on both databases, whatever deletes. Django is told before.
    """

    def __init__(self, *, years: int, since: str, **rule: Any) -> None:
        super().__init__(**rule)
        self.years, self.since = years, since

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return what a migration writes down."""
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "years": self.years, "since": self.since}

    def triggers(self, model: type[Model], schema_editor: Any) -> Sequence[Statement]:
        """Return the trigger about deletions."""
        column = schema_editor.quote_name(self.column(model, self.since))
        if schema_editor.connection.vendor == "sqlite":
            now = f"strftime({MOMENT_OF_SQLITE}, 'now')"
            until = self.until_in_sqlite(f"OLD.{column}")
            when = f"({until} <= {now}) IS NOT TRUE"
        else:
            schema_editor.execute(KEPT_UNTIL, params=None)
            when = f"kept_until(OLD.{column}, {self.years}) > statement_timestamp()"
        return [self.stays(model, schema_editor, name=self.name, when=when)]

    def until_in_sqlite(self, made: str) -> str:
        """Return when a row may go that was made at a moment, to the millisecond."""
        return f"strftime({MOMENT_OF_SQLITE}, {made}, '+{self.years} years')"

    def until(self, made: datetime) -> datetime:
        """Return when a row may go that was made at a moment."""
        moment = made.astimezone(UTC)
        month = moment.replace(day=1)
        return month.replace(year=min(month.year + self.years, MAXYEAR)) + (moment - month)

    def too_early(self, row: Model) -> ValidationError | None:
        """Return what says until when a row has to stay, if it has to.

        What the record holds is asked; the database asks what is stored.
        """
        made = getattr(row, self.since)
        if not isinstance(made, datetime) or timezone.is_naive(made):
            return None
        until = self.until(made)
        if until <= timezone.now():
            return None
        day = date_format(timezone.localtime(until))
        return ValidationError(f"It is kept until {day}.", code=self.violation_error_code)


def too_early(row: Model) -> ValidationError | None:
    """Return what says until when a row has to stay, if it has to."""
    rules = [rule for rule in row._meta.constraints if isinstance(rule, KeptFor)]
    found = (rule.too_early(row) for rule in rules)
    return next((error for error in found if error is not None), None)


def refuse(instance: Model, **_deletion: Any) -> None:
    """Refuse to delete a row before its time: on its own, with many, or along with another."""
    error = too_early(instance)
    if error is not None:
        raise StillKeptError(" ".join(error.messages), {instance}) from error


@receiver(class_prepared)
def watch(sender: type[Model], **_class: Any) -> None:
    """Have Django ask before it deletes rows of a model that are kept."""
    rules = sender._meta.constraints
    # Migrations have models of their own, which go again.
    is_real = sender.__module__ != "__fake__"
    if is_real and any(isinstance(rule, KeptFor) for rule in rules):
        pre_delete.connect(refuse, sender=sender)

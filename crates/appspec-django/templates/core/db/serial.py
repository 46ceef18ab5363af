"""Numbers that the database gives to rows when they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import router, transaction
from django.db.backends.ddl_references import Statement, Table
from django.db.migrations.operations.base import Operation

from core.db.kept import Kept
from core.db.triggers import trigger_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState
    from django.db.models import Model

# The last number of each serial, for each scope. Whoever counts holds the row until the end of the
# transaction, so that no number is given twice, and none is lost with a transaction that fails.
COUNTERS = """\
CREATE TABLE IF NOT EXISTS numbering (
  serial varchar(63) NOT NULL,
  scope text NOT NULL,
  last bigint NOT NULL,
  PRIMARY KEY (serial, scope)
)"""

# Arguments: the rule, the column, how many digits, and the question for the parts of a number.
NUMBER_ROW = """\
CREATE OR REPLACE FUNCTION number_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  made record;
  counted text;
BEGIN
  EXECUTE TG_ARGV[3] INTO made USING NEW;
  IF made.given <> '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('row of "%s" breaks the rule "%s"', TG_TABLE_NAME, TG_ARGV[0]),
      SCHEMA = TG_TABLE_SCHEMA,
      TABLE = TG_TABLE_NAME,
      CONSTRAINT = TG_ARGV[0];
  END IF;
  INSERT INTO numbering AS counter (serial, scope, last) VALUES (TG_ARGV[0], made.scope, 1)
  ON CONFLICT (serial, scope) DO UPDATE SET last = counter.last + 1
  RETURNING last::text INTO counted;
  counted := lpad(counted, greatest(TG_ARGV[2]::int, length(counted)), '0');
  RETURN jsonb_populate_record(
    NEW, jsonb_build_object(TG_ARGV[1], made.head || counted || made.tail)
  );
END
$$"""

# What a part of a pattern is: in PostgreSQL's words, and as letters of a day in ISO 8601.
DATES = {"{year}": ("YYYY", 1, 4), "{month}": ("MM", 6, 2), "{day}": ("DD", 9, 2)}

# A counter of the new value may be there from long ago.
MOVE_COUNTERS = """\
INSERT INTO numbering (serial, scope, last)
SELECT serial, {other}, last FROM numbering WHERE {of_old}
ON CONFLICT (serial, scope) DO UPDATE SET last = excluded.last
WHERE numbering.last < excluded.last"""
FORGET_COUNTERS = "DELETE FROM numbering WHERE {of_old}"

# The digits of the largest counter.
LONGEST_COUNTER = 18


class Serial(Kept):
    """A column holds the number of its row, which keeps it.

    A new row comes without one, and gets the next of what ``per`` leads to and of the dates in the
    ``pattern``. ``zone`` says which day it is, and ``made`` which column knows it of rows that were
    there before they were numbered.
    """

    postgresql_numbering = """\
CREATE OR REPLACE TRIGGER %(name)s BEFORE %(event)s ON %(table)s FOR EACH ROW%(when)s
EXECUTE FUNCTION number_row(%(rule)s, %(column)s, %(digits)s, %(question)s)"""
    # What numbers that are there already have counted to: those that look as new ones will.
    going_on = """\
INSERT INTO numbering (serial, scope, last)
SELECT %(rule)s, scope, MAX(counted) FROM (
  SELECT %(scope)s AS scope, CAST(%(counted)s AS bigint) AS counted
  FROM %(table)s AS numbered WHERE %(fits)s
) AS counters GROUP BY scope
ON CONFLICT (serial, scope) DO UPDATE SET last = excluded.last
WHERE numbering.last < excluded.last"""
    sqlite_numbering = """\
CREATE TRIGGER %(name)s AFTER %(event)s ON %(table)s%(when)s BEGIN
  SELECT RAISE(ABORT, 'CHECK constraint failed: %(plain)s') WHERE %(given)s <> '';
  INSERT INTO numbering (serial, scope, last) VALUES (%(rule)s, %(scope)s, 1)
  ON CONFLICT (serial, scope) DO UPDATE SET last = last + 1;
  UPDATE %(table)s SET %(quoted)s = %(head)s || (
    SELECT SUBSTR(%(zeros)s, LENGTH(last) + 1) || last FROM numbering
    WHERE serial = %(rule)s AND scope = %(scope)s
  ) || %(tail)s WHERE %(key)s = NEW.%(key)s;
END"""

    def __init__(
        self,
        *,
        pattern: Sequence[str],
        per: Sequence[str] = (),
        zone: str = "UTC",
        made: str = "",
        **rule: Any,
    ) -> None:
        super().__init__(**rule)
        self.pattern, self.per, self.zone, self.made = list(pattern), list(per), zone, made

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return what a migration writes down."""
        path, args, kwargs = super().deconstruct()
        kwargs["pattern"] = self.pattern
        if self.per:
            kwargs["per"] = self.per
        kwargs["zone"] = self.zone
        if self.made:
            kwargs["made"] = self.made
        return path, args, kwargs

    def trigger_names(self) -> Sequence[str]:
        """Return the names of its triggers, the rule's own last."""
        numbering = [trigger_name(self.name, event) for event in ("insert", "fill")]
        return [*numbering, *super().trigger_names()]

    def triggers(self, model: type[Model], schema_editor: Any) -> Sequence[Statement]:
        """Return those that number rows, and those that keep the numbers."""
        schema_editor.execute(COUNTERS, params=None)
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        if not is_sqlite:
            schema_editor.execute(NUMBER_ROW, params=None)
        (field,) = self.fields
        quoted = schema_editor.quote_name(self.column(model, field))
        when = f"OLD.{quoted} = ''" + (f" AND NEW.{quoted} = ''" if is_sqlite else "")
        # SQLite numbers a row by another write, which another serial of the row has no part in.
        fill = f"UPDATE OF {quoted}" if is_sqlite else "UPDATE"
        number = [
            self.numbering(model, schema_editor, "INSERT", "", ""),
            self.numbering(model, schema_editor, fill, self.made, when),
        ]
        return [*number, *super().triggers(model, schema_editor)]

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Add nothing to the table's definition; triggers follow when it is there."""
        super().constraint_sql(model, schema_editor)
        schema_editor.deferred_sql.append(self.goes_on(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Return what adds the rule to PostgreSQL; the table may not be there yet."""
        own = super().create_sql(model, schema_editor)
        schema_editor.deferred_sql.append(self.goes_on(model, schema_editor))
        return own

    def changes(self, fields: Sequence[str], model: type[Model], schema_editor: Any) -> str:
        """Return what is true of a write that gives a row with a number another one."""
        (field,) = fields
        quoted = schema_editor.quote_name(self.column(model, field))
        return f"OLD.{quoted} <> '' AND {super().changes(fields, model, schema_editor)}"

    def numbering(
        self, model: type[Model], schema_editor: Any, event: str, made: str, when: str
    ) -> Statement:
        """Return what makes a trigger that gives a row its number."""
        quote, text = schema_editor.quote_name, schema_editor.quote_value
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        row = "NEW" if is_sqlite else "($1)"
        column = self.column(model, self.fields[0])
        moment = "CURRENT_TIMESTAMP" if is_sqlite else "now()"
        if made:
            moment = f"{row}.{quote(self.column(model, made))}"
        dates = {
            part: f"SUBSTR(local_day({moment}, {text(self.zone)}), {start}, {length})"
            if is_sqlite
            else f"to_char({moment} AT TIME ZONE {text(self.zone)}, '{letters}')"
            for part, (letters, start, length) in DATES.items()
        }

        def written(parts: Sequence[str]) -> str:
            return " || ".join(dates.get(part) or text(part) for part in parts) or "''"

        counter = next(place for place, part in enumerate(self.pattern) if is_counter(part))
        digits = len(self.pattern[counter]) - 2
        scope = [self.behind(path, row, model, quote) for path in self.per]
        scope += [dates[part] for part in self.pattern if part in dates]
        array = "json_array" if is_sqlite else "jsonb_build_array"
        made_of = {
            "scope": f"{array}({', '.join(scope)})" + ("" if is_sqlite else "::text"),
            "head": written(self.pattern[:counter]),
            "tail": written(self.pattern[counter + 1 :]),
            "given": f"{row}.{quote(column)}",
        }
        question = ", ".join(f"{value} AS {name}" for name, value in made_of.items())
        return Statement(
            self.sqlite_numbering if is_sqlite else self.postgresql_numbering,
            name=quote(trigger_name(self.name, "fill" if when else "insert")),
            event=event,
            table=Table(model._meta.db_table, quote),
            when=when and (f" WHEN {when}" if is_sqlite else f" WHEN ({when})"),
            rule=text(self.name),
            plain=self.name,
            column=text(column),
            quoted=quote(column),
            key=quote(model._meta.pk.column),
            digits=text(str(digits)),
            zeros=text("0" * digits),
            question=text(f"SELECT {question}"),
            **made_of,
        )

    def goes_on(self, model: type[Model], schema_editor: Any) -> Statement:
        """Return what makes counters go on behind the numbers of rows that are there.

        A counter may begin anew for something else than it did, over the same rows.
        """
        quote, text = schema_editor.quote_name, schema_editor.quote_value
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        number = f"numbered.{quote(self.column(model, self.fields[0]))}"
        counter = next(place for place, part in enumerate(self.pattern) if is_counter(part))
        sizes = [DATES[part][2] if part in DATES else len(part) for part in self.pattern]
        around = sum(sizes) - sizes[counter]
        digits = f"LENGTH({number}) - {around}"

        def cut(place: int) -> str:
            """Return a part of a number, which is as long as it is around the counter."""
            start = str(sum(sizes[:place]) + 1)
            if place > counter:
                start = f"LENGTH({number}) - {sum(sizes[place:]) - 1}"
            return f"SUBSTR({number}, {start}, {sizes[place]})"

        start = sum(sizes[:counter]) + 1
        counted = f"SUBSTR({number}, {start}, CASE WHEN {digits} > 0 THEN {digits} ELSE 0 END)"
        is_digits = f"{counted} NOT GLOB '*[^0-9]*'" if is_sqlite else f"{counted} !~ '[^0-9]'"
        fits = [f"{digits} BETWEEN 1 AND {LONGEST_COUNTER}", is_digits]
        for place, part in enumerate(self.pattern):
            if place != counter and part not in DATES:
                fits.append(f"{cut(place)} = {text(part)}")
        scope = [self.behind(path, "numbered", model, quote) for path in self.per]
        scope += [cut(place) for place, part in enumerate(self.pattern) if part in DATES]
        array = "json_array" if is_sqlite else "jsonb_build_array"
        return Statement(
            self.going_on,
            rule=text(self.name),
            table=Table(model._meta.db_table, quote),
            scope=f"{array}({', '.join(scope)})" + ("" if is_sqlite else "::text"),
            counted=counted,
            fits=" AND ".join(fits),
        )

    def behind(self, path: str, row: str, model: type[Model], quote: Any) -> str:
        """Return what a path leads to from a row."""
        first, *steps = path.split("__")
        field: Any = model._meta.get_field(first)
        found = f"{row}.{quote(field.column)}"
        for step in steps:
            other = field.related_model._meta
            field = other.get_field(step)
            table, key = quote(other.db_table), quote(other.pk.column)
            question = ("SELECT", quote(field.column), "FROM", table, "WHERE", key, "=", found)
            found = f"({' '.join(question)})"
        return found

    def validate(self, model: type[Model], instance: Model, *args: Any, **kwargs: Any) -> None:
        """Raise ``ValidationError`` if a record brings a number, or changes the one that it has."""
        if instance._state.adding and any(getattr(instance, name) for name in self.fields):
            raise self.refusal()
        super().validate(model, instance, *args, **kwargs)


def is_counter(part: str) -> bool:
    """Say whether a part of a pattern counts."""
    return part.startswith("{") and part not in DATES


class ReplaceScope(Operation):
    """Counters that began anew for a value go on for the one that it is called now.

    ``serials`` are the rules that count, each with the place of the value behind its ``per``.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(self, serials: Sequence[tuple[str, int]], old: str, new: str) -> None:
        self.serials, self.old, self.new = serials, old, new

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the models as they are."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        _from_state: ProjectState,
        _to_state: ProjectState,
    ) -> None:
        """Let counters of the old value count for the new one."""
        self.replace(app_label, schema_editor, self.old, self.new)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        _from_state: ProjectState,
        _to_state: ProjectState,
    ) -> None:
        """Let counters of the new value count for the old one."""
        self.replace(app_label, schema_editor, self.new, self.old)

    def replace(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, old: str, new: str
    ) -> None:
        """Exchange the values."""
        connection = schema_editor.connection
        if not router.allow_migrate(connection.alias, app_label):
            return
        schema_editor.execute(COUNTERS, params=None)
        text = schema_editor.quote_value
        for serial, place in self.serials:
            if connection.vendor == "sqlite":
                value = f"json_extract(scope, '$[{place}]')"
                other = f"json_set(scope, '$[{place}]', {text(new)})"
            else:
                value = f"scope::jsonb ->> {place}"
                other = f"jsonb_set(scope::jsonb, '{{{place}}}', to_jsonb({text(new)}::text))::text"
            of_old = f"serial = {text(serial)} AND {value} = {text(old)}"
            schema_editor.execute(MOVE_COUNTERS.format(other=other, of_old=of_old), params=None)
            schema_editor.execute(FORGET_COUNTERS.format(of_old=of_old), params=None)

    def describe(self) -> str:
        """Return a line for the list of operations."""
        return f"Count for {self.new!r} what was counted for {self.old!r}"


class NumberRows(Operation):
    """Rows that were there get a number: those that were made first, first.

    Where the migration is not atomic, some rows at a time, so that others go on writing.
    """

    reduces_to_sql = False
    reversible = True
    batch = 1000

    def __init__(self, model_name: str, rule: str) -> None:
        self.model_name, self.rule = model_name, rule

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the models as they are."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        _from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Write each row that has no number; a trigger gives it the next one."""
        model: Any = to_state.apps.get_model(app_label, self.model_name)
        connection = schema_editor.connection
        if not self.allow_migrate_model(connection.alias, model):
            return
        rules = {rule.name: rule for rule in model._meta.constraints}
        rule = rules[self.rule]
        (field,) = rule.fields
        order = [rule.made, "pk"] if rule.made else ["pk"]
        rows = model._base_manager.using(connection.alias).filter(**{field: ""}).order_by(*order)
        while keys := list(rows.values_list("pk", flat=True)[: self.batch]):
            with transaction.atomic(connection.alias):
                for key in keys:
                    rows.filter(pk=key).update(**{field: ""})

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Leave the numbers: the column goes with them."""

    def describe(self) -> str:
        """Return a line for the list of operations."""
        return f"Number the rows of {self.model_name}"

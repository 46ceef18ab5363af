"""The audit trail: triggers record each change of a row, whatever writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.backends.ddl_references import Statement, Table
from django.db.models import ForeignKey

from core.db.acting import listen
from core.db.operations import RenameTable
from core.db.triggers import RowRule, every, trigger_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState
    from django.db.models import Field, Model

TRAIL = "core_auditentry"
COLUMNS = ("at", "model", "row", "event", "changes", "source", "origin", "user_key", "user_name")

# No migration makes the table, and none drops it: it outlives whatever it is about. Nor does it
# belong to what Django empties.
TRAIL_OF_POSTGRESQL = f"""\
CREATE TABLE IF NOT EXISTS {TRAIL} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "at" timestamptz NOT NULL,
  "model" text NOT NULL,
  "row" text NOT NULL,
  "event" text NOT NULL,
  "changes" jsonb NOT NULL,
  "source" text NOT NULL,
  "origin" text NOT NULL,
  "user_key" text NOT NULL,
  "user_name" text NOT NULL
)"""
TRAIL_OF_SQLITE = f"""\
CREATE TABLE IF NOT EXISTS {TRAIL} (
  id integer PRIMARY KEY AUTOINCREMENT,
  "at" datetime NOT NULL,
  "model" text NOT NULL,
  "row" text NOT NULL,
  "event" text NOT NULL,
  "changes" text NOT NULL CHECK (json_valid("changes")),
  "source" text NOT NULL,
  "origin" text NOT NULL,
  "user_key" text NOT NULL,
  "user_name" text NOT NULL
)"""
RELABEL = 'UPDATE core_auditentry SET "model" = %s WHERE "model" = %s'
INDEX = f'CREATE INDEX IF NOT EXISTS {TRAIL}_row ON {TRAIL} ("model", "row", id)'

# A trigger that records is one above this one; nothing else writes an entry.
KEEP_TRAIL = """\
CREATE OR REPLACE FUNCTION keep_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND pg_trigger_depth() > 1 THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION USING
    ERRCODE = 'check_violation',
    MESSAGE = 'the audit trail is written by triggers alone, and never changed',
    SCHEMA = TG_TABLE_SCHEMA,
    TABLE = TG_TABLE_NAME,
    CONSTRAINT = TG_NAME;
END
$$"""
KEPT_BY_POSTGRESQL = f"""\
CREATE OR REPLACE TRIGGER {TRAIL}_kept
BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TRAIL}
FOR EACH STATEMENT EXECUTE FUNCTION keep_trail()"""
KEPT_BY_SQLITE = f"""\
CREATE TRIGGER IF NOT EXISTS {TRAIL}_kept__%s BEFORE %s ON {TRAIL} WHEN %s BEGIN
  SELECT RAISE(ABORT, 'CHECK constraint failed: {TRAIL}_kept');
END"""
REFUSED_BY_SQLITE = {"INSERT": "NOT audit_recorded()", "UPDATE": "TRUE", "DELETE": "TRUE"}

# What the trail says of rows of which it traces no field.
NOTHING = "SELECT NULL AS field, NULL AS pair WHERE FALSE"
# Arguments: the model, the column of the key, the fields by their columns, and those of which no
# value is told.
RECORD_CHANGE = """\
CREATE OR REPLACE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql
SET timezone = 'UTC' AS $$
DECLARE
  was jsonb := '{}';
  becomes jsonb := '{}';
  changes jsonb := '{}';
  event text := 'emptied';
  told jsonb := nullif(current_setting('audit.context', true), '')::jsonb;
BEGIN
  IF TG_LEVEL = 'ROW' THEN
    event := CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'DELETE' THEN 'deleted'
      ELSE 'changed' END;
    IF TG_OP <> 'INSERT' THEN
      was := to_jsonb(OLD);
    END IF;
    IF TG_OP <> 'DELETE' THEN
      becomes := to_jsonb(NEW);
    END IF;
    SELECT coalesce(jsonb_object_agg(traced.value, CASE
      WHEN TG_ARGV[3]::jsonb ? traced.value THEN jsonb_build_array()
      ELSE jsonb_build_array(was -> traced.key, becomes -> traced.key) END), '{}')
    INTO changes
    FROM jsonb_each_text(TG_ARGV[2]::jsonb) AS traced
    WHERE coalesce(was -> traced.key, 'null') <> coalesce(becomes -> traced.key, 'null');
    IF TG_OP = 'UPDATE' AND changes = '{}' THEN
      RETURN NULL;
    END IF;
  END IF;
  EXECUTE format(
    'INSERT INTO %I.core_auditentry'
    ' ("at", model, "row", event, changes, source, origin, user_key, user_name)'
    ' VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    TG_TABLE_SCHEMA
  ) USING statement_timestamp(), TG_ARGV[0],
    coalesce(becomes ->> TG_ARGV[1], was ->> TG_ARGV[1], ''), event, changes,
    coalesce(told ->> 'source', 'database'), coalesce(told ->> 'origin', session_user),
    coalesce(told ->> 'user_key', ''), coalesce(told ->> 'user_name', '');
  RETURN NULL;
END
$$"""


class Audited(RowRule):
    """Each change of a row is recorded: what it was, what it became, when, by whom.

    Triggers record it on both databases, under the ``label`` of the model: where SQLite makes a
    table anew, that has another one meanwhile. Of ``hidden`` fields the trail says that they
    changed, and nothing more. On SQLite a row gets its ``numbers`` when it is there already: then
    it is recorded, and not before.
    """

    records = True
    recording = """\
CREATE CONSTRAINT TRIGGER %(name)s AFTER INSERT OR UPDATE OR DELETE ON %(table)s
FOR EACH ROW EXECUTE FUNCTION record_change(%(arguments)s)"""
    emptying = """\
CREATE OR REPLACE TRIGGER %(name)s AFTER TRUNCATE ON %(table)s
FOR EACH STATEMENT EXECUTE FUNCTION record_change(%(arguments)s)"""
    recording_of_sqlite = """\
CREATE TRIGGER %(name)s AFTER %(event)s ON %(table)s WHEN %(when)s BEGIN
  INSERT INTO %(trail)s (%(columns)s)
  SELECT strftime(%(moment)s, 'now'), %(model)s, %(key)s, %(recorded)s, (
    SELECT json_group_object(field, json(pair)) FROM (%(pairs)s)
  ), audit_told('source'), audit_told('origin'), audit_told('user_key'), audit_told('user_name')
  WHERE audit_record();
END"""

    def __init__(
        self,
        *,
        label: str,
        fields: Sequence[str],
        hidden: Sequence[str] = (),
        numbers: Sequence[str] = (),
        **rule: Any,
    ) -> None:
        super().__init__(**rule)
        self.label = label
        self.fields, self.hidden, self.numbers = sorted(fields), sorted(hidden), sorted(numbers)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return what a migration writes down."""
        path, args, kwargs = super().deconstruct()
        kwargs["label"] = self.label
        kwargs["fields"] = self.fields
        if self.hidden:
            kwargs["hidden"] = self.hidden
        if self.numbers:
            kwargs["numbers"] = self.numbers
        return path, args, kwargs

    def trigger_names(self) -> Sequence[str]:
        """Return the names of its triggers on PostgreSQL, the rule's own last."""
        return [trigger_name(self.name, "truncate"), self.name]

    def triggers(self, model: type[Model], schema_editor: Any) -> Sequence[Statement]:
        """Return what makes its triggers; the trail is there before."""
        if schema_editor.connection.vendor == "sqlite":
            return self.triggers_of_sqlite(model, schema_editor)
        for statement in (TRAIL_OF_POSTGRESQL, INDEX, KEEP_TRAIL, KEPT_BY_POSTGRESQL):
            schema_editor.execute(statement, params=None)
        schema_editor.execute(RECORD_CHANGE, params=None)
        quote, text = schema_editor.quote_name, schema_editor.quote_value
        traced = {self.column(model, name): name for name in self.fields}
        arguments = (
            self.label,
            model._meta.pk.column,
            json.dumps(traced),
            json.dumps(self.hidden),
        )
        names = self.trigger_names()
        return [
            Statement(
                template,
                name=quote(name),
                table=Table(model._meta.db_table, quote),
                arguments=", ".join(text(argument) for argument in arguments),
            )
            for name, template in zip(names, (self.emptying, self.recording), strict=True)
        ]

    def triggers_of_sqlite(self, model: type[Model], schema_editor: Any) -> Sequence[Statement]:
        """Return what makes a trigger for each kind of write."""
        listen(schema_editor.connection)
        for statement in (TRAIL_OF_SQLITE, INDEX):
            schema_editor.execute(statement, params=None)
        for event, when in REFUSED_BY_SQLITE.items():
            guard = KEPT_BY_SQLITE % (event.lower(), event, when)
            schema_editor.execute(guard, params=None)
        numbers = [schema_editor.quote_name(self.column(model, name)) for name in self.numbers]
        numbered = {
            row: every(*(f"{row}.{one} <> ''" for one in numbers)) for row in ("OLD", "NEW")
        }
        differs = self.changes(self.fields, model, schema_editor) or "FALSE"
        changed = every(numbered["OLD"], differs)
        own = self.recorder(model, schema_editor, self.name, ("UPDATE", "changed"), changed)
        gone = trigger_name(self.name, "delete")
        made = trigger_name(self.name, "insert")
        others = [
            self.recorder(model, schema_editor, gone, ("DELETE", "deleted"), "TRUE"),
            self.recorder(model, schema_editor, made, ("INSERT", "created"), numbered["NEW"]),
        ]
        if numbers:
            when = every(f"NOT ({numbered['OLD']})", numbered["NEW"])
            name = trigger_name(self.name, "number")
            others.append(self.recorder(model, schema_editor, name, ("UPDATE", "created"), when))
        return [*others, own]

    def recorder(
        self,
        model: type[Model],
        schema_editor: Any,
        name: str,
        write: tuple[str, str],
        when: str,
    ) -> Statement:
        """Return what makes a trigger of SQLite that records what is so."""
        quote, text = schema_editor.quote_name, schema_editor.quote_value
        event, recorded = write
        row = "OLD" if event == "DELETE" else "NEW"
        return Statement(
            self.recording_of_sqlite,
            name=quote(name),
            event=event,
            table=Table(model._meta.db_table, quote),
            when=when,
            trail=TRAIL,
            columns=", ".join(quote(column) for column in COLUMNS),
            moment=text("%Y-%m-%d %H:%M:%f"),
            model=text(self.label),
            key=f"CAST({self.written(model._meta.pk, row, quote)} AS TEXT)",
            recorded=text(recorded),
            pairs=" UNION ALL ".join(
                self.pair(field, recorded, schema_editor) for field in self.traced(model)
            )
            or NOTHING,
        )

    def traced(self, model: type[Model]) -> list[Field[Any, Any]]:
        """Return the fields that the trail is about, in an order that no migration changes."""
        fields = {field.name: field for field in model._meta.concrete_fields}
        return [fields[name] for name in self.fields]

    def pair(self, field: Field[Any, Any], recorded: str, schema_editor: Any) -> str:
        """Return the question for what a field was and became, if that is not the same."""
        quote, text = schema_editor.quote_name, schema_editor.quote_value
        column = quote(field.column)
        was = "NULL" if recorded == "created" else f"OLD.{column}"
        becomes = "NULL" if recorded == "deleted" else f"NEW.{column}"
        told = [
            "NULL" if value == "NULL" else self.written(field, value[:3], quote)
            for value in (was, becomes)
        ]
        pair = "json_array()" if field.name in self.hidden else f"json_array({', '.join(told)})"
        question = ("SELECT", text(field.name), "AS field,", pair, "AS pair WHERE")
        return " ".join((*question, was, "IS NOT", becomes))

    def written(self, field: Field[Any, Any], row: str, quote: Any) -> str:
        """Return the value of a field as PostgreSQL writes it into JSON."""
        value = f"{row}.{quote(field.column)}"
        stored: Any = field
        while isinstance(stored, ForeignKey):
            stored = stored.target_field
        match stored.get_internal_type():
            case "BooleanField":
                return f"json(CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)"
            case "JSONField":
                return f"json({value})"
            case "DateTimeField":
                return f"REPLACE({value}, ' ', 'T') || '+00:00'"
            case "UUIDField":
                parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
                cut = (f"SUBSTR({value}, {start}, {length})" for start, length in parts)
                return " || '-' || ".join(cut)
            case _:
                return value


class RenameAuditedModel(RenameTable):
    """A model gets another name, and its trail goes on under it.

    This is all that ever changes in an entry: whoever reads the trail of a row finds it by what its
    model is called now, and a later model of the old name begins with none.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Rename the model, and what its entries are about."""
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        connection = schema_editor.connection
        if TRAIL not in connection.introspection.table_names():
            return
        names = [f"{app_label}.{name}" for name in (self.new_name_lower, self.old_name_lower)]
        if connection.vendor == "sqlite":
            refused = f"{TRAIL}_kept__update"
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {refused}", params=None)
            schema_editor.execute(RELABEL, names)
            is_kept = KEPT_BY_SQLITE % ("update", "UPDATE", REFUSED_BY_SQLITE["UPDATE"])
            schema_editor.execute(is_kept, params=None)
            return
        # Whoever writes entries waits until the trail is kept again.
        schema_editor.execute(f"ALTER TABLE {TRAIL} DISABLE TRIGGER {TRAIL}_kept", params=None)
        schema_editor.execute(RELABEL, names)
        schema_editor.execute(f"ALTER TABLE {TRAIL} ENABLE TRIGGER {TRAIL}_kept", params=None)

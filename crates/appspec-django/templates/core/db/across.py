"""Rules that span rows: triggers on each of their tables ask them when a transaction ends."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.core.management.base import CommandError
from django.db import connection, connections, router, transaction
from django.db.backends.ddl_references import Statement
from django.db.migrations.operations import AddConstraint, RemoveConstraint
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import StateApps
from django.db.models import Value
from django.db.models.lookups import Exact
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from core.db.asking import ask
from core.db.expressions import Holds
from core.db.operations import settle
from core.db.triggers import TriggeredRule, trigger_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from django.db.models import Model, Q, QuerySet

    Rows = QuerySet[Any]

# What both functions are given: the rule, the column that leads to its row, the columns that it
# reads and, for the first one, how that row is found, how rows are locked, what breaks it, and
# whether its rows and those of the rule only share a value, which is locked then.
REFUSE_ACROSS = """\
CREATE OR REPLACE FUNCTION refuse_across() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked text := 'across.asked_' || md5(TG_ARGV[0]);
  keys text[];
  key text;
  statement text;
  broken boolean;
BEGIN
  IF NOT is_read_across(TG_OP, to_jsonb(OLD), to_jsonb(NEW), TG_ARGV[2]) THEN
    RETURN NULL;
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'feature_not_supported',
      MESSAGE = format('rule "%s" spans rows: a transaction has to be read committed', TG_ARGV[0]),
      HINT = 'Another transaction that has ended since this one began would not be seen.';
  END IF;
  IF current_setting('across.many', true) = 'on' THEN
    -- Who writes about several rows locks them in any order, and waits for others who do.
    PERFORM pg_advisory_xact_lock(7051967);
  END IF;
  keys := ARRAY[to_jsonb(OLD) ->> TG_ARGV[1], to_jsonb(NEW) ->> TG_ARGV[1]];
  IF TG_ARGV[3] <> '' THEN
    IF TG_ARGV[6] = 'on' THEN
      FOR key IN SELECT DISTINCT one FROM unnest(keys) AS one WHERE one IS NOT NULL ORDER BY one
      LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended(TG_ARGV[0] || ' ' || key, 0));
      END LOOP;
    END IF;
    EXECUTE TG_ARGV[3] USING keys[1], keys[2] INTO keys;
  END IF;
  FOR key IN
    SELECT DISTINCT one FROM unnest(keys) AS one WHERE one IS NOT NULL ORDER BY one
  LOOP
    -- What the transaction wrote last was seen already.
    CONTINUE WHEN current_setting(asked, true) = key;
    -- Nobody who writes about the same row goes on before this transaction has ended.
    FOREACH statement IN ARRAY string_to_array(TG_ARGV[4], ';') LOOP
      EXECUTE statement USING key;
    END LOOP;
    EXECUTE TG_ARGV[5] USING key INTO broken;
    IF broken THEN
      RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('row "%s" breaks the rule "%s"', key, TG_ARGV[0]),
        SCHEMA = TG_TABLE_SCHEMA,
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = TG_ARGV[0];
    END IF;
    PERFORM set_config(asked, key, true);
  END LOOP;
  RETURN NULL;
END
$$"""

NOTE_ACROSS = """\
CREATE OR REPLACE FUNCTION note_across() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  key text;
  before text;
BEGIN
  IF NOT is_read_across(TG_OP, to_jsonb(OLD), to_jsonb(NEW), TG_ARGV[2]) THEN
    RETURN NULL;
  END IF;
  PERFORM set_config('across.asked_' || md5(TG_ARGV[0]), '', true);
  FOREACH key IN ARRAY
    ARRAY[to_jsonb(OLD) ->> TG_ARGV[1], to_jsonb(NEW) ->> TG_ARGV[1]]
  LOOP
    CONTINUE WHEN key IS NULL;
    before := coalesce(current_setting('across.one', true), '');
    IF before = '' AND TG_ARGV[3] <> '' THEN
      PERFORM set_config('across.one', TG_ARGV[3] || ' ' || key, true);
    ELSIF before <> TG_ARGV[3] || ' ' || key THEN
      PERFORM set_config('across.many', 'on', true);
    END IF;
  END LOOP;
  RETURN NULL;
END
$$"""

IS_READ_ACROSS = """\
CREATE OR REPLACE FUNCTION is_read_across(
  event text, was jsonb, becomes jsonb, columns text
) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT event <> 'UPDATE' OR EXISTS (
    SELECT FROM unnest(string_to_array(columns, ',')) AS name
    WHERE was -> name IS DISTINCT FROM becomes -> name
  )
$$"""

# The tables on which a trigger stands.
STANDS = """\
SELECT tgname, tgrelid::regclass::text FROM pg_trigger
WHERE tgname = ANY(%s) AND NOT tgisinternal AND pg_table_is_visible(tgrelid)"""

NOTES = """\
CREATE TRIGGER %(name)s AFTER %(events)s ON %(table)s
FOR EACH ROW EXECUTE FUNCTION note_across(%(given)s)"""
ASKS = """\
CREATE CONSTRAINT TRIGGER %(name)s AFTER %(events)s ON %(table)s
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION refuse_across(%(given)s)"""
# The row of a rule, locked such that those go on which only refer to it.
LOCK = "SELECT FROM %(table)s WHERE %(column)s = %(key)s FOR NO KEY UPDATE"
# What all lock who write about a value that rows of a rule share with others.
LOCK_VALUE = """\
SELECT pg_advisory_xact_lock(
  hashtextextended(%(rule)s || ' ' || (to_jsonb(%(table)s) ->> %(value)s), 0)
) FROM %(table)s WHERE %(column)s = %(key)s"""
# The rows to which a reference leads, locked such that nobody changes them.
SHARE = """\
SELECT FROM %(table)s WHERE %(column)s IN (
  %(found)s
) ORDER BY %(column)s FOR SHARE"""
# The rows in which a column has one of some values.
FOUND = "SELECT %(column)s AS one FROM %(table)s WHERE %(reference)s IN (%(values)s)"
KEYS = "SELECT array_agg(one::text) FROM (%(found)s) AS these"
BROKEN = "SELECT EXISTS (%(rows)s AND %(table)s.%(column)s = %(key)s)"

STANDS_IN_SQLITE = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"

# The statement of whoever has nothing to do.
NOTHING = "SELECT 1"

# What is raised where a table or a column that a rule reads is still to be made.
NOT_YET = (LookupError, FieldDoesNotExist, FieldError)

# How many words say where rows begin that are not those of the rule.
START = 3
FUNCTIONS = (IS_READ_ACROSS, NOTE_ACROSS, REFUSE_ACROSS)


class Side(NamedTuple):
    """A table that a rule reads."""

    model: type[Model]
    # What leads from a row of it to the row of the rule, or to those that ``found`` finds.
    column: str
    columns: list[str]
    found: str
    locks: list[str]
    events: Sequence[str]
    # What the rows have in common with those of the rule, where they do not point to them.
    shared: str
    # The table of the rule, and the statement that says whether a row of it breaks the rule.
    own: str
    broken: str

    def key_type(self, connection: Any) -> str:
        """Return the type of what leads to the row of the rule."""
        fields = self.model._meta.local_concrete_fields
        field: Any = next(field for field in fields if field.column == self.column)
        return str(field.db_type(connection))


class Way(NamedTuple):
    """How rows that a rule reads are found."""

    # Where the way begins: the model, the column that leads to the row of the rule, and the column
    # of that row to which it leads.
    start: type[Model]
    by: str
    own: str
    # The references from there, and the model at the end.
    steps: list[Any]
    end: type[Model]

    def hops(self, quote: Any) -> Iterator[tuple[str, str, str]]:
        """Return for each step the column that leads to its row, the table, and the reference."""
        at, column = self.start, self.by or str(self.start._meta.pk.column)
        for step in self.steps:
            yield quote(column), quote(at._meta.db_table), quote(step.column)
            at, column = step.related_model, str(step.related_model._meta.pk.column)


class AcrossRows(TriggeredRule):
    """A condition holds of each row and the rows around it, whenever a transaction ends.

    ``reads`` says what is read of which rows: of the row itself (``""``), of the row that
    references lead to (``"order__client"``), of the rows that point here by a reference
    (``"shop.Line.order"``), of those that share a value (``"shop.Price.country=country"``), and of
    those that these lead to (``"shop.Line.order.product__brand"``).
    """

    def __init__(self, *, condition: Q, reads: Mapping[str, Sequence[str]], **rule: Any) -> None:
        super().__init__(**rule)
        self.condition = condition
        self.reads = {path: sorted(reads[path]) for path in sorted(reads)}

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return what a migration writes down."""
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "condition": self.condition, "reads": self.reads}

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Add nothing to the table's definition: other tables have triggers, too.

        They follow when all tables are there. SQLite makes a table anew by a model that knows no
        other; there they stay.
        """
        if model._meta.apps is apps or isinstance(model._meta.apps, StateApps):
            self.create_sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Have the triggers made at the end, when all tables are there and are what they will be.

        Nothing is left to do at once.
        """
        made: dict[str, str] = {}
        schema_editor.deferred_sql.extend(
            Later(self, model, schema_editor, name, made) for name in self.trigger_names()
        )
        return NOTHING

    def remove_sql(self, _model: Any, schema_editor: Any) -> Any:
        """Drop the triggers; nothing is left to do."""
        self.uninstall(schema_editor)

    def offending(self, rows: Rows) -> Rows:
        """Return the rows that break the rule."""
        return rows.filter(Exact(Holds(self.condition), Value(value=False)))

    def trigger_names(self) -> Sequence[str]:
        """Return the names of all its triggers on both databases."""
        endings = ("note", "refuse", "insert", "update", "delete")
        places = range(len(self.reads))
        return [trigger_name(self.name, f"{place}_{end}") for place in places for end in endings]

    def sides(self, model: type[Model], schema_editor: Any) -> Iterator[Side]:
        """Return the tables with what has to be asked when one of their rows changes."""
        quote = schema_editor.quote_name
        own, own_key = quote(model._meta.db_table), quote(model._meta.pk.column)
        broken, key = self.broken(model, schema_editor), self.key(model, schema_editor)
        lock = str(Statement(LOCK, table=own, column=own_key, key=key))
        ways = {path: self.way(model, path) for path in self.reads}
        values = sorted({way.own for way in ways.values()} - {model._meta.pk.column})
        common = [self.lock_value(model, value, schema_editor) for value in values]
        far = sorted((way for way in ways.values() if way.steps), key=lambda way: len(way.steps))
        seen = [self.share(model, way, schema_editor) for way in far]
        # Who changes a row at the end of the one way that a rule goes is seen by all who go there.
        is_single = not common and all(
            not way.by and way.steps == far[-1].steps[: len(way.steps)] for way in far
        )
        for path, names in self.reads.items():
            way = ways[path]
            columns = [self.column(way.end, name) for name in names]
            column, found, locks = str(way.end._meta.pk.column), "", [*seen, *common, lock]
            events: Sequence[str] = ("UPDATE",)
            shared = ""
            if way.steps:
                found = self.found(model, way, "{key}", quote)
                locks = seen if is_single else locks
            elif not way.by:
                events = ("INSERT", "UPDATE") if columns else ("INSERT",)
            else:
                column, events = way.by, ("INSERT", "UPDATE", "DELETE")
                if way.own in values:
                    found, shared, locks = self.found(model, way, "{key}", quote), way.own, seen
            yield Side(
                way.end, column, columns, found, locks, events, shared, model._meta.db_table, broken
            )

    def way(self, model: type[Model], path: str) -> Way:
        """Return how the rows are found of which a path says where they are."""
        words = path.split(".")
        start, by, own = model, "", str(model._meta.pk.column)
        if len(words) >= START:
            start = model._meta.apps.get_model(words[0], words[1])
            theirs, _, shared = words[2].partition("=")
            by, own = self.column(start, theirs), self.column(model, shared) if shared else own
            words = words[START:]
        end, steps = start, []
        for name in filter(None, "__".join(words).split("__")):
            step: Any = end._meta.get_field(name)
            steps.append(step)
            end = step.related_model
        return Way(start, by, own, steps, end)

    def found(self, model: type[Model], way: Way, values: str, quote: Any) -> str:
        """Return the statement that finds the rows of the rule which lead to some values."""
        for column, table, reference in reversed(list(way.hops(quote))):
            values = leading(column, table, reference, values)
        own_key = str(model._meta.pk.column)
        if way.own == own_key and way.steps:
            return values
        return leading(quote(own_key), quote(model._meta.db_table), quote(way.own), values)

    def share(self, model: type[Model], way: Way, schema_editor: Any) -> str:
        """Return what keeps others from changing the rows at the end of a way."""
        quote, values = schema_editor.quote_name, self.key(model, schema_editor)
        own_key = str(model._meta.pk.column)
        if way.own != own_key:
            own = quote(model._meta.db_table)
            values = leading(quote(way.own), own, quote(own_key), values)
        for column, table, reference in way.hops(quote):
            values = leading(reference, table, column, values)
        table, column = quote(way.end._meta.db_table), quote(way.end._meta.pk.column)
        return str(Statement(SHARE, table=table, column=column, found=values))

    def lock_value(self, model: type[Model], value: str, schema_editor: Any) -> str:
        """Return what locks a value that the row of the rule shares with others."""
        quote = schema_editor.quote_name
        lock = Statement(
            LOCK_VALUE,
            rule=schema_editor.quote_value(self.name),
            table=quote(model._meta.db_table),
            value=schema_editor.quote_value(value),
            column=quote(model._meta.pk.column),
            key=self.key(model, schema_editor),
        )
        return str(lock)

    def key(self, model: type[Model], schema_editor: Any) -> str:
        """Return what stands for the key of a row in a statement."""
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        return ":key" if is_sqlite else f"$1::{model._meta.pk.db_type(schema_editor.connection)}"

    def broken(self, model: type[Model], schema_editor: Any) -> str:
        """Return the statement that says whether the row with a key breaks the rule."""
        quote = schema_editor.quote_name
        rows = self.offending(model._base_manager.order_by()).values("pk")
        sql, params = rows.query.get_compiler(connection=schema_editor.connection).as_sql()
        sql = sql % tuple(schema_editor.quote_value(param) for param in params)
        broken = Statement(
            BROKEN,
            rows=sql,
            table=quote(model._meta.db_table),
            column=quote(model._meta.pk.column),
            key=self.key(model, schema_editor),
        )
        return str(broken)

    def install(self, model: type[Model], schema_editor: Any) -> None:
        """Make the triggers."""
        for statement in self.statements(model, schema_editor).values():
            schema_editor.execute(statement, params=None)

    def complete(self, model: type[Model], schema_editor: Any) -> None:
        """Make the triggers, if any is missing."""
        there = standing(set(self.trigger_names()), schema_editor)
        if not self.statements(model, schema_editor).keys() <= there.keys():
            install([(model, self)], schema_editor)

    def statements(self, model: type[Model], schema_editor: Any) -> dict[str, str]:
        """Return what makes the triggers of a database, by their names."""
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        make = self.on_sqlite if is_sqlite else self.on_postgresql
        if not is_sqlite:
            for function in FUNCTIONS:
                schema_editor.execute(function, params=None)
        return {
            name: statement
            for place, side in enumerate(self.sides(model, schema_editor))
            for name, statement in make(place, side, schema_editor)
        }

    def on_postgresql(
        self, place: int, side: Side, schema_editor: Any
    ) -> Iterator[tuple[str, str]]:
        """Return a trigger that notes what is written, and one that asks at the end."""
        quote, text = schema_editor.quote_name, schema_editor.quote_value
        events, table = " OR ".join(side.events), quote(side.model._meta.db_table)
        common = [self.name, side.column, ",".join(side.columns)]
        noted = [*common, "" if side.found else side.own]
        kind = side.key_type(schema_editor.connection)
        found = side.found.format(key=f"$1::{kind}, $2::{kind}")
        found = str(Statement(KEYS, found=found)) if found else ""
        asked = [*common, found, ";".join(side.locks), side.broken]
        if side.shared:
            asked.append("on")
        # In the order of their names, where they are not deferred.
        notes = trigger_name(self.name, f"{place}_note")
        asks = trigger_name(self.name, f"{place}_refuse")
        for name, template, arguments in ((notes, NOTES, noted), (asks, ASKS, asked)):
            given = ", ".join(map(text, arguments))
            made = Statement(template, name=quote(name), events=events, table=table, given=given)
            yield name, str(made)

    def on_sqlite(self, place: int, side: Side, schema_editor: Any) -> Iterator[tuple[str, str]]:
        """Return triggers that hand the keys over to the connection, which asks at the end."""
        quote, text = schema_editor.quote_name, schema_editor.quote_value
        table, column = quote(side.model._meta.db_table), quote(side.column)
        query = text(side.broken)
        refuse = f"SELECT RAISE(ABORT, {text(f'CHECK constraint failed: {self.name}')})"
        columns = map(quote, side.columns)
        changes = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        rows = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}
        for event in side.events:
            asked = []
            for row in rows[event]:
                key, source = f"{row}.{column}", ""
                if side.found:
                    source = f" FROM ({side.found.format(key=key)})"
                    key = "one"
                arguments = f"{text(self.name)}, {key}, {query}"
                asked.append(f"  {refuse}{source} WHERE ask_rule({arguments});")
            when = f" WHEN {changes}" if event == "UPDATE" else ""
            name, body = trigger_name(self.name, f"{place}_{event.lower()}"), "\n".join(asked)
            head = f"CREATE TRIGGER {quote(name)} AFTER {event} ON {table}{when}"
            yield name, f"{head} BEGIN\n{body}\nEND"

    def uninstall(self, schema_editor: Any) -> None:
        """Drop the triggers, whatever their tables are called by now."""
        uninstall([self], schema_editor)


def uninstall(rules: Iterable[AcrossRows], schema_editor: Any) -> None:
    """Drop the triggers of rules, whatever their tables are called by now."""
    quote, connection = schema_editor.quote_name, schema_editor.connection
    settle(schema_editor)
    names = {name for rule in rules for name in rule.trigger_names()}
    for name, table in standing(names, schema_editor).items():
        on_table = "" if connection.vendor == "sqlite" else f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER {quote(name)}{on_table}", params=None)


def standing(names: Collection[str], schema_editor: Any) -> dict[str, str]:
    """Return those of the triggers that are there, with the tables on which they stand."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(STANDS_IN_SQLITE)
            return {name: table for name, table in cursor.fetchall() if name in names}
        cursor.execute(STANDS, [list(names)])
        return dict(cursor.fetchall())


def leading(column: str, table: str, reference: str, values: str) -> str:
    """Return the statement that finds the rows in which a column has one of some values."""
    found = Statement(FOUND, column=column, table=table, reference=reference, values=values)
    return str(found)


class Later(NamedTuple):
    """The statement that makes a trigger, once all tables are there."""

    rule: AcrossRows
    model: type[Model]
    schema_editor: Any
    name: str
    # The statements of all triggers of the rule, put together when the first is asked for.
    made: dict[str, str]

    def __str__(self) -> str:
        if not self.made:
            # As it is by now, with the models that lead to it; ``stand`` makes what can't be yet.
            model = self.model._meta.apps.get_model(self.model._meta.label)
            with suppress(*NOT_YET):
                self.made.update(self.rule.statements(model, self.schema_editor))
        return self.made.get(self.name, NOTHING)


@receiver(post_migrate)
def stand(sender: Any, using: str, **state: Any) -> None:
    """Make the triggers that are missing when all migrations are done.

    Those that this project came with make them. What Django writes by itself may add a rule before
    the tables that it reads are there.
    """
    # Whoever only empties the tables gives no state.
    for model in state["apps"].get_models() if "apps" in state else ():
        is_asked = model._meta.app_label == sender.label
        if is_asked and router.allow_migrate_model(using, model):
            complete(model, using)


def complete(model: type[Model], using: str) -> None:
    """Make the triggers of each rule of a model of which one is missing."""
    for rule in model._meta.constraints:
        if isinstance(rule, AcrossRows):
            with connections[using].schema_editor() as schema_editor:
                rule.complete(model, schema_editor)


class AddAcrossRows(Operation):
    """Rules that span rows hold from now on, of the rows that are there too.

    Rows that break one are told, and then none of the rules is there. In a migration that is not
    atomic, others go on writing while rows are asked; if it ends early, it can be run again.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(self, *rules: tuple[str, AcrossRows]) -> None:
        self.rules = rules

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Give the models their rules."""
        for rule in self.rules:
            AddConstraint(*rule).state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, _from_state: Any, to_state: Any
    ) -> None:
        """Make the triggers, then ask the rows: nobody writes unasked in between."""
        rules = [
            (model, rule)
            for name, rule in self.rules
            for model in [to_state.apps.get_model(app_label, name)]
            if self.allow_migrate_model(schema_editor.connection.alias, model)
        ]
        install(rules, schema_editor)

    def database_backwards(
        self, _app_label: str, schema_editor: Any, _from_state: Any, _to_state: Any
    ) -> None:
        """Drop the triggers."""
        for _, rule in self.rules:
            rule.uninstall(schema_editor)

    def describe(self) -> str:
        """Return a line for the list of operations."""
        return f"Create rules that span rows: {', '.join(rule.name for _, rule in self.rules)}"


class RemoveAcrossRows(RemoveConstraint):
    """A rule that spans rows is kept no longer, or until tables that it reads have changed."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, _to_state: Any
    ) -> None:
        """Drop the triggers."""
        model_state = from_state.models[app_label, self.model_name_lower]
        model_state.get_constraint_by_name(self.name).uninstall(schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: Any, _from_state: Any, to_state: Any
    ) -> None:
        """Make the triggers again."""
        model = to_state.apps.get_model(app_label, self.model_name)
        rule = to_state.models[app_label, self.model_name_lower].get_constraint_by_name(self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            install([(model, rule)], schema_editor)


def install(rules: list[tuple[type[Model], Any]], schema_editor: Any) -> None:
    """Make the triggers of rules, if no row breaks one."""
    connection = schema_editor.connection
    is_apart = connection.vendor == "postgresql" and not connection.in_atomic_block
    with transaction.atomic(connection.alias):
        for model, rule in rules:
            # Those of a migration that has ended early.
            rule.uninstall(schema_editor)
            # It waits for all who are writing; those who write later are asked.
            rule.install(model, schema_editor)
        if not is_apart:
            ask([], rules, schema_editor)
    if is_apart:
        try:
            ask([], rules, schema_editor)
        except CommandError:
            with transaction.atomic(connection.alias):
                for _, rule in rules:
                    rule.uninstall(schema_editor)
            raise


def ask_now() -> None:
    """Ask all rules of what the transaction has written so far, instead of at its end."""
    wrapper: Any = connection
    if wrapper.vendor == "sqlite":
        wrapper.ask_rules()
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")

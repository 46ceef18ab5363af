"""Rules that are added to tables which have rows already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.ddl_references import Table
from django.db.migrations.operations import AddConstraint
from django.db.migrations.operations.base import Operation
from django.db.models import BaseConstraint, CheckConstraint, Model, UniqueConstraint

from core.invariants import SHOWN, offending

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState
    from django.db.models import QuerySet

    Rows = QuerySet[Any]
    Rule = tuple[type[Model], BaseConstraint]


class AddRules(Operation):
    """Rules that rows have to follow from now on, those that are there too.

    Rows that break one are told, and then nothing changes. Where PostgreSQL has a way to add a rule
    without keeping others from the table, it is taken: a CHECK is validated while rows are written,
    and the index of a unique rule is made beside them. That needs a migration that is not atomic;
    if it ends before its end, it can be run again.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(self, *rules: tuple[str, BaseConstraint]) -> None:
        self.rules = rules

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Give the models their rules."""
        for name, rule in self.rules:
            state.add_constraint(app_label, name, rule)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Ask the rows, then add every rule, or none."""
        rules = self.about_tables(app_label, schema_editor, to_state)
        ask(rules, schema_editor)
        if schema_editor.connection.vendor != "postgresql":
            with transaction.atomic(schema_editor.connection.alias):
                for operation, before, after in self.one_by_one(app_label, from_state):
                    operation.database_forwards(app_label, schema_editor, before, after)
                finish(schema_editor)
            return
        begun: list[Rule] = []
        try:
            for model, rule in rules:
                begun.append((model, rule))
                remove(model, rule, schema_editor)
                add(model, rule, schema_editor)
        except DatabaseError as error:
            if not schema_editor.connection.in_atomic_block:
                for model, rule in reversed(begun):
                    remove(model, rule, schema_editor)
                if isinstance(error, IntegrityError):
                    # Written since the rows were asked.
                    ask(rules, schema_editor)
            raise

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        _from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove the rules."""
        with transaction.atomic(schema_editor.connection.alias):
            for operation, before, after in reversed(self.one_by_one(app_label, to_state)):
                operation.database_backwards(app_label, schema_editor, after, before)
            finish(schema_editor)

    def one_by_one(
        self, app_label: str, state: ProjectState
    ) -> list[tuple[AddConstraint, ProjectState, ProjectState]]:
        """Return an operation of Django's for each rule, with the states before and after it."""
        steps = []
        for name, rule in self.rules:
            operation, after = AddConstraint(name, rule), state.clone()
            operation.state_forwards(app_label, after)
            steps.append((operation, state, after))
            state = after
        return steps

    def about_tables(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> list[Rule]:
        """Return the rules with the models of that moment, of tables in this database."""
        rules = [(state.apps.get_model(app_label, name), rule) for name, rule in self.rules]
        alias = schema_editor.connection.alias
        return [each for each in rules if self.allow_migrate_model(alias, each[0])]

    def describe(self) -> str:
        """Return a line for the list of operations."""
        return "Add rules to rows: " + ", ".join(rule.name for _, rule in self.rules)


def ask(rules: list[Rule], schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Raise ``CommandError`` that names the rows that break a rule, if there are any."""
    told = []
    for model, rule in rules:
        rows = offending(model, rule).using(schema_editor.connection.alias).order_by("pk")
        count = rows.count()
        if count:
            keys = [str(key) for key in rows.values_list("pk", flat=True)[:SHOWN]]
            more = ", …" if count > len(keys) else ""
            number = "1 row breaks" if count == 1 else f"{count} rows break"
            told.append(
                f"{model._meta.label}: {number} the new rule {rule.name}: {', '.join(keys)}{more}\n"
                f"  {query(rows, schema_editor)}"
            )
    if told:
        told.append("Nothing was changed. Mend these rows, then migrate again.")
        raise CommandError("\n".join(told))


def query(rows: Rows, schema_editor: BaseDatabaseSchemaEditor) -> str:
    """Return the statement that finds the rows, to be run by hand."""
    sql, params = rows.values("pk").query.sql_with_params()
    return sql % tuple(schema_editor.quote_value(param) for param in params)


def finish(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Do now what would wait for the end of the migration, outside of the transaction."""
    for statement in schema_editor.deferred_sql:
        schema_editor.execute(statement, params=None)
    schema_editor.deferred_sql.clear()


def add(model: type[Model], rule: BaseConstraint, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add a rule to a table of PostgreSQL that others go on using, as far as PostgreSQL can."""
    table = Table(model._meta.db_table, schema_editor.quote_name)
    name = schema_editor.quote_name(rule.name)
    is_online = not schema_editor.connection.in_atomic_block
    if is_online and isinstance(rule, CheckConstraint):
        schema_editor.execute(f"{rule.create_sql(model, schema_editor)} NOT VALID", params=None)
        schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}", params=None)
    elif is_online and isinstance(rule, UniqueConstraint):
        index: Any = rule.create_sql(model, schema_editor)
        is_constraint = index.template != schema_editor.sql_create_unique_index
        if is_constraint:
            index.template = "CREATE UNIQUE INDEX %(name)s ON %(table)s (%(columns)s)"
        index.template = index.template.replace("UNIQUE INDEX", "UNIQUE INDEX CONCURRENTLY", 1)
        schema_editor.execute(index, params=None)
        if is_constraint:
            using = f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}"
            schema_editor.execute(using, params=None)
    else:
        with transaction.atomic(schema_editor.connection.alias):
            schema_editor.add_constraint(model, rule)
            finish(schema_editor)


def remove(
    model: type[Model], rule: BaseConstraint, schema_editor: BaseDatabaseSchemaEditor
) -> None:
    """Remove a rule from PostgreSQL, or what a run that ended too early has left of it."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, model._meta.db_table)
    if rule.name not in known:
        return
    if isinstance(rule, CheckConstraint | UniqueConstraint):
        table = Table(model._meta.db_table, schema_editor.quote_name)
        name = schema_editor.quote_name(rule.name)
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}", params=None)
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}", params=None)
    else:
        with transaction.atomic(connection.alias):
            schema_editor.remove_constraint(model, rule)

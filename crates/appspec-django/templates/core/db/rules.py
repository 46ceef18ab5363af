"""Rules that are added to tables which have rows already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.ddl_references import Table
from django.db.backends.utils import names_digest
from django.db.migrations.operations import AddConstraint, AlterField, RemoveConstraint
from django.db.migrations.operations.base import Operation
from django.db.models import BaseConstraint, CheckConstraint, Model, Q, UniqueConstraint

from core.db.asking import Column, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState
    from django.db.models import Field

    Rule = tuple[type[Model], BaseConstraint]
    Step = tuple[Operation, ProjectState, ProjectState]


class AddRules(Operation):
    """Rules that rows have to follow from now on, those that are there too.

    A rule takes the place of one of the same name. ``fields`` are columns that may not be empty, or
    hold a value twice, any more; ``dropped`` are rules that go when the others hold.

    Rows that break one are told, and then nothing changes. Where PostgreSQL has a way to add a rule
    without keeping others from the table, it is taken: a CHECK is validated while rows are written,
    and the index of a unique rule is made beside them, each under another name, while the rule that
    was there stands; then names are exchanged in one transaction. That needs a migration that is
    not atomic; if it ends before its end, it can be run again.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(
        self,
        *rules: tuple[str, BaseConstraint],
        fields: Sequence[tuple[str, str, Field[Any, Any]]] = (),
        dropped: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.rules = rules
        self.fields = fields
        self.dropped = dropped

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Give the models their rules."""
        for operation in self.one_by_one(app_label, state):
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Ask the rows, then do everything, or nothing."""
        columns = [
            Column(before, after, field)
            for (name, field, _) in self.fields
            for before in self.models(app_label, schema_editor, from_state, name)
            for after in self.models(app_label, schema_editor, to_state, name)
        ]
        rules = self.stated(app_label, schema_editor, to_state, self.rules)
        ask(columns, rules, schema_editor)
        connection = schema_editor.connection
        if connection.vendor != "postgresql" or connection.in_atomic_block:
            with transaction.atomic(connection.alias):
                for operation, before, after in self.steps(app_label, from_state):
                    operation.database_forwards(app_label, schema_editor, before, after)
                finish(schema_editor)
            return
        gone = self.named(app_label, schema_editor, from_state, set(self.dropped))
        try:
            exchange(columns, rules, gone, schema_editor)
        except IntegrityError:
            # Written since the rows were asked.
            ask(columns, rules, schema_editor)
            raise

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        _from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Ask the rows whether they keep the rules that there were, then go back to those."""
        names = {(name, rule.name) for name, rule in self.rules} | set(self.dropped)
        ask([], self.named(app_label, schema_editor, to_state, names), schema_editor)
        with transaction.atomic(schema_editor.connection.alias):
            for operation, before, after in reversed(self.steps(app_label, to_state)):
                operation.database_backwards(app_label, schema_editor, after, before)
            finish(schema_editor)

    def one_by_one(self, app_label: str, state: ProjectState) -> list[Operation]:
        """Return operations of Django's that do the same, to models and to tables in no use."""
        steps: list[Operation] = [AlterField(*field) for field in self.fields]
        for name, rule in self.rules:
            constraints = state.models[app_label, name].options["constraints"]
            if any(other.name == rule.name for other in constraints):
                steps.append(RemoveConstraint(name, rule.name))
            steps.append(AddConstraint(name, rule))
        steps += [RemoveConstraint(*rule) for rule in self.dropped]
        return steps

    def steps(self, app_label: str, state: ProjectState) -> list[Step]:
        """Return these operations with the states before and after each."""
        steps = []
        for operation in self.one_by_one(app_label, state):
            after = state.clone()
            operation.state_forwards(app_label, after)
            steps.append((operation, state, after))
            state = after
        return steps

    def models(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        state: ProjectState,
        name: str,
    ) -> list[type[Model]]:
        """Return the model of that moment, if its table is in this database."""
        model = state.apps.get_model(app_label, name)
        alias = schema_editor.connection.alias
        return [model] if self.allow_migrate_model(alias, model) else []

    def stated(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        state: ProjectState,
        rules: Iterable[tuple[str, BaseConstraint]],
    ) -> list[Rule]:
        """Return rules with the models of that moment."""
        return [
            (model, rule)
            for name, rule in rules
            for model in self.models(app_label, schema_editor, state, name)
        ]

    def named(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        state: ProjectState,
        names: Collection[tuple[str, str]],
    ) -> list[Rule]:
        """Return the rules of these names, each beside the name of its model, of that moment."""
        there = [
            (name, rule)
            for name in sorted({name for name, _ in names})
            for rule in state.models[app_label, name].options["constraints"]
            if (name, rule.name) in names
        ]
        return self.stated(app_label, schema_editor, state, there)

    def describe(self) -> str:
        """Return a line for the list of operations."""
        told = [rule.name for _, rule in self.rules]
        told += [f"{name}.{field}" for name, field, _ in self.fields]
        text = "Add rules to rows: " + ", ".join(told)
        gone = ", ".join(name for _, name in self.dropped)
        return f"{text}; drop {gone}" if gone else text


def finish(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Do now what would wait for the end of the migration, outside of the transaction."""
    for statement in schema_editor.deferred_sql:
        schema_editor.execute(statement, params=None)
    schema_editor.deferred_sql.clear()


def exchange(
    columns: list[Column], rules: list[Rule], gone: list[Rule], schema_editor: Any
) -> None:
    """Make rules beside those that stand in PostgreSQL, then let them take their places at once."""
    filled = [filled_rule(column) for column in columns if column.has_to_be_filled()]
    beside = [each for each in (*rules, *filled) if can_stand_beside(each[1])]
    try:
        for model, rule in beside:
            remove(model, beside_name(model, rule), schema_editor)
            add_beside(model, rule, schema_editor)
        with transaction.atomic(schema_editor.connection.alias):
            for column in columns:
                schema_editor.alter_field(column.before, column.was(), column.will_be())
            for model, rule in filled:
                remove(model, beside_name(model, rule), schema_editor)
            for model, rule in rules:
                for name in names(rule):
                    remove(model, name, schema_editor)
                take_place(model, rule, schema_editor)
            for model, rule in gone:
                schema_editor.remove_constraint(model, rule)
            finish(schema_editor)
    except DatabaseError:
        for model, rule in beside:
            remove(model, beside_name(model, rule), schema_editor)
        raise


def names(rule: BaseConstraint) -> list[str]:
    """Return what PostgreSQL calls a rule, or each of its triggers."""
    triggers: Callable[[], Iterable[str]] | None = getattr(rule, "trigger_names", None)
    return list(triggers()) if triggers else [rule.name]


def filled_rule(column: Column) -> Rule:
    """Return the rule that a column is not empty, by which PostgreSQL need not look again."""
    filled = CheckConstraint(
        condition=Q((f"{column.name}__isnull", False)), name=f"{column.name}__required"
    )
    return column.before, filled


def can_stand_beside(rule: BaseConstraint) -> bool:
    """Say whether PostgreSQL can make a rule without keeping others from the table."""
    return isinstance(rule, CheckConstraint | UniqueConstraint)


def beside_name(model: type[Model], rule: BaseConstraint) -> str:
    """Return what a rule is called until it takes its place."""
    return f"new_{names_digest(model._meta.db_table, rule.name, length=12)}"


def add_beside(
    model: type[Model], rule: BaseConstraint, schema_editor: BaseDatabaseSchemaEditor
) -> None:
    """Make a rule beside the one that stands, in a table of PostgreSQL that others go on using."""
    made = rule.clone()
    made.name = beside_name(model, rule)
    name = schema_editor.quote_name(made.name)
    if isinstance(rule, CheckConstraint):
        table = Table(model._meta.db_table, schema_editor.quote_name)
        schema_editor.execute(f"{made.create_sql(model, schema_editor)} NOT VALID", params=None)
        schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}", params=None)
        return
    index: Any = made.create_sql(model, schema_editor)
    if is_constraint(index, schema_editor):
        index.template = "CREATE UNIQUE INDEX %(name)s ON %(table)s (%(columns)s)"
    index.template = index.template.replace("UNIQUE INDEX", "UNIQUE INDEX CONCURRENTLY", 1)
    schema_editor.execute(index, params=None)


def take_place(
    model: type[Model], rule: BaseConstraint, schema_editor: BaseDatabaseSchemaEditor
) -> None:
    """Give a rule its name, or make one that PostgreSQL can't make beside another."""
    quote = schema_editor.quote_name
    table = Table(model._meta.db_table, quote)
    made, name = quote(beside_name(model, rule)), quote(rule.name)
    if isinstance(rule, CheckConstraint):
        statement = f"ALTER TABLE {table} RENAME CONSTRAINT {made} TO {name}"
    elif not can_stand_beside(rule):
        schema_editor.add_constraint(model, rule)
        return
    elif is_constraint(rule.create_sql(model, schema_editor), schema_editor):
        statement = f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {made}"
    else:
        statement = f"ALTER INDEX {made} RENAME TO {name}"
    schema_editor.execute(statement, params=None)


def is_constraint(statement: Any, schema_editor: BaseDatabaseSchemaEditor) -> bool:
    """Say whether a unique rule is more than an index."""
    return bool(statement.template != schema_editor.sql_create_unique_index)


def remove(model: type[Model], name: str, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove a rule from PostgreSQL, or what a run that ended too early has left of it."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, model._meta.db_table)
    if name not in known:
        return
    quote = schema_editor.quote_name
    table, name = Table(model._meta.db_table, quote), quote(name)
    for statement in (
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}",
        f"DROP INDEX IF EXISTS {name}",
    ):
        schema_editor.execute(statement, params=None)

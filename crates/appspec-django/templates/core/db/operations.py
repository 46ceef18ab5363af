"""Operations that migrations of this project use, beside Django's."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connections
from django.db.backends.utils import names_digest
from django.db.migrations import AlterField, RenameField, RenameModel
from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


def settle(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Check foreign keys now: PostgreSQL alters no table whose rows still wait for it."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.connection.check_constraints()


@contextmanager
def unhurried(alias: str) -> Iterator[None]:
    """Let statements take longer than those of a request may."""
    connection = connections[alias]
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        (before,) = cursor.fetchone()
        cursor.execute("SET statement_timeout = 0")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [before])


class RenameTable(RenameModel):
    """A model gets another name, and so do the indexes of its table, as far as Django named them.

    Django leaves them alone, and then another model of the old name can't have its own.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Rename the table, and what hangs on it."""
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        model = to_state.apps.get_model(app_label, self.new_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            rename_indexes(model, schema_editor)


class RenameReference(RenameField):
    """A reference gets another name, and so does its index.

    Django leaves it alone, and then another reference of the old name can't have its own.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Rename the column, or the table of pairs, and what hangs on it."""
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            rename_indexes(model, schema_editor)


def rename_indexes(model: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give new names to the indexes of a model and of its pairs that the model does not name."""
    quote = schema_editor.quote_name
    own = {rule.name for rule in (*model._meta.constraints, *model._meta.indexes)}
    pairs = [field.remote_field.through for field in model._meta.local_many_to_many]
    for each in (model, *(it for it in pairs if it._meta.auto_created)):
        table = each._meta.db_table
        for name, made in indexes(table, schema_editor.connection).items():
            if name in own:
                continue
            renamed = quote(f"{table[:45]}_{names_digest(table, name, length=8)}")
            if made:
                schema_editor.execute(f"DROP INDEX {quote(name)}", params=None)
                schema_editor.execute(made.replace(quote(name), renamed, 1), params=None)
            else:
                statement = f"ALTER INDEX {quote(name)} RENAME TO {renamed}"
                schema_editor.execute(statement, params=None)


def indexes(table: str, connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the indexes of a table but that of its key, with what makes one where it has to be."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master"
                " WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
                [table],
            )
            return dict(cursor.fetchall())
        there = connection.introspection.get_constraints(cursor, table)
    return {
        name: ""
        for name, found in there.items()
        if (found["index"] or found["unique"]) and not found["primary_key"]
    }


class AlterDocumentedField(AlterField):
    """A field changes, and so does the comment of its column.

    Together with a comment, Django tells PostgreSQL the type of a column anew, even where it is the
    same, which is refused as long as a trigger names the column.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Change the field as if it had the new comment already, and then the comment."""
        editor: Any = schema_editor
        model: Any = to_state.apps.get_model(app_label, self.model_name)
        before: Any = from_state.apps.get_model(app_label, self.model_name)
        comment = model._meta.get_field(self.name).db_comment
        before._meta.get_field(self.name).db_comment = comment
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        connection = editor.connection
        if connection.features.supports_comments and self.allow_migrate_model(
            connection.alias, model
        ):
            column = model._meta.get_field(self.name).column
            statement = editor.sql_alter_column_comment % {
                "table": editor.quote_name(model._meta.db_table),
                "column": editor.quote_name(column),
                "comment": editor.quote_value(comment or ""),
            }
            editor.execute(statement, [])


class ReplaceValue(Operation):
    """Rows that hold a text hold another one afterwards: a value was renamed."""

    reduces_to_sql = False
    reversible = True

    def __init__(self, model_name: str, field: str, old: str, new: str) -> None:
        self.model_name = model_name
        self.field = field
        self.old = old
        self.new = new

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the models as they are."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        _to_state: ProjectState,
    ) -> None:
        """Replace the old text by the new one."""
        self.replace(app_label, schema_editor, from_state, (self.old, self.new))
        settle(schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        _to_state: ProjectState,
    ) -> None:
        """Replace the new text by the old one."""
        self.replace(app_label, schema_editor, from_state, (self.new, self.old))
        settle(schema_editor)

    def replace(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        state: ProjectState,
        texts: tuple[str, str],
    ) -> None:
        """Update all rows with one statement."""
        model = state.apps.get_model(app_label, self.model_name)
        rows = model._base_manager.using(schema_editor.connection.alias)
        rows.filter(**{self.field: texts[0]}).update(**{self.field: texts[1]})

    def describe(self) -> str:
        """Return a line for the list of operations."""
        return f"Replace {self.old!r} by {self.new!r} in {self.model_name}.{self.field}"


class ReplaceItem(ReplaceValue):
    """Lists that hold a text hold another one afterwards: a value was renamed."""

    batch = 500

    def replace(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        state: ProjectState,
        texts: tuple[str, str],
    ) -> None:
        """Rewrite the lists that hold the text, some rows at a time."""
        model = state.apps.get_model(app_label, self.model_name)
        rows = model._base_manager.using(schema_editor.connection.alias)
        changed = []
        for row in rows.only("pk", self.field).iterator():
            items = getattr(row, self.field)
            if texts[0] in items:
                renamed = [texts[1] if item == texts[0] else item for item in items]
                setattr(row, self.field, renamed)
                changed.append(row)
            if len(changed) == self.batch:
                rows.bulk_update(changed, [self.field])
                changed.clear()
        rows.bulk_update(changed, [self.field])

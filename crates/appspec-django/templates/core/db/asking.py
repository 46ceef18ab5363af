"""What rows are asked before a rule is added to their table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.management.base import CommandError
from django.db.models import BaseConstraint, Model, UniqueConstraint
from django.db.models.sql import UpdateQuery

from core.invariants import SHOWN, offending

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.models import QuerySet

    Rows = QuerySet[Any]
    Rule = tuple[type[Model], BaseConstraint]


class Column(NamedTuple):
    """A column as it was and as it is to be, each with its model of that moment."""

    before: type[Model]
    after: type[Model]
    name: str

    def was(self) -> Any:
        """Return the field as it was."""
        return self.before._meta.get_field(self.name)

    def will_be(self) -> Any:
        """Return the field as it is to be."""
        return self.after._meta.get_field(self.name)

    def has_to_be_filled(self) -> bool:
        """Say whether it may not be empty any more."""
        return bool(self.was().null and not self.will_be().null)

    def has_to_differ(self) -> bool:
        """Say whether no two rows may have the same any more."""
        return bool(self.will_be().unique and not self.was().unique)


def ask(columns: list[Column], rules: list[Rule], schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Raise ``CommandError`` that names the rows that are in the way, if there are any."""
    alias = schema_editor.connection.alias
    told = []
    for column in columns:
        model, field = column.before, column.will_be()
        if column.has_to_be_filled():
            rows = model._base_manager.using(alias).filter(**{f"{column.name}__isnull": True})
            what = f"no {column.name}, which is required now"
            found = tell(rows, ("has", "have"), what, schema_editor)
            told += [*found, *filling(rows, field, schema_editor)] if found else []
        if column.has_to_differ():
            alone = UniqueConstraint(fields=[field.name], name=f"{field.name}__unique")
            rows = offending(model, alone).using(alias)
            what = f"the {column.name} of another one, which is unique now"
            told += tell(rows, ("has", "have"), what, schema_editor)
    for model, rule in rules:
        rows = offending(model, rule).using(alias)
        told += tell(rows, ("breaks", "break"), f"the new rule {rule.name}", schema_editor)
    if told:
        told.append("Nothing was changed. Mend these rows, then migrate again.")
        raise CommandError("\n".join(told))


def tell(
    rows: Rows, verb: tuple[str, str], what: str, schema_editor: BaseDatabaseSchemaEditor
) -> list[str]:
    """Return what is said of rows that are in the way: their number, the first keys, a query."""
    rows = rows.order_by("pk")
    count = rows.count()
    if not count:
        return []
    keys = [str(key) for key in rows.values_list("pk", flat=True)[:SHOWN]]
    more = ", …" if count > len(keys) else ""
    number = f"1 row {verb[0]}" if count == 1 else f"{count} rows {verb[1]}"
    label = rows.model._meta.label
    return [
        f"{label}: {number} {what}: {', '.join(keys)}{more}",
        f"  {query(rows, schema_editor)}",
    ]


def query(rows: Rows, schema_editor: BaseDatabaseSchemaEditor) -> str:
    """Return the statement that finds the rows, to be run by hand."""
    sql, params = rows.values("pk").query.sql_with_params()
    return sql % tuple(schema_editor.quote_value(param) for param in params)


def filling(rows: Rows, field: Any, schema_editor: BaseDatabaseSchemaEditor) -> list[str]:
    """Return how to fill a column with its default, which is for somebody to decide."""
    if not field.has_default() or callable(field.default):
        return []
    update: Any = rows.query.chain(UpdateQuery)
    update.add_update_values({field.name: field.get_default()})
    sql, params = update.get_compiler(connection=schema_editor.connection).as_sql()
    statement = sql % tuple(schema_editor.quote_value(param) for param in params)
    return [f"  {statement} would fill in the default"]

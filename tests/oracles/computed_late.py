"""Lets Django write migrations that work where a computed column reads a reference.

Django makes a table with its computed columns and adds its references to other tables afterwards, though a computed column
may read whether a reference is there: such a migration fails when it runs. Emitted migrations are compared with Django's own,
so Django's are put in order: a computed column comes after the last reference that it reads.
"""

from django.apps import apps
from django.db.migrations import AddField, CreateModel
from django.db.migrations.autodetector import MigrationAutodetector


def install():
    """Put the operations of every detected change in order."""
    arrange = MigrationAutodetector.arrange_for_graph

    def arranged(self, *args, **kwargs):
        changes = arrange(self, *args, **kwargs)
        for label, migrations in changes.items():
            for wait in [wait for migration in migrations for wait in taken(label, migration)]:
                put_back(migrations, *wait)
        return changes

    MigrationAutodetector.arrange_for_graph = arranged


def taken(label, migration):
    """Take out the computed columns that read what their table does not have yet; return them with what that is."""
    waits = []
    for operation in migration.operations:
        if not isinstance(operation, CreateModel):
            continue
        there = {name for name, _ in operation.fields}
        for name, field in operation.fields:
            if not field.generated:
                continue
            if missing := reads(apps.get_model(label, operation.name), name) - there:
                waits.append((operation.name, name, field, missing))
        late = {name for model, name, *_ in waits if model == operation.name}
        operation.fields = [each for each in operation.fields if each[0] not in late]
    return waits


def reads(model, name):
    """Return the names of the fields that a computed column reads."""
    field = model._meta.get_field(name)
    # Django 6 has `referenced_fields` for this.
    expression = field.expression.resolve_expression(field._query, allow_joins=False)
    return {column.target.name for column in field._query._gen_cols([expression])}


def put_back(migrations, model, name, field, missing):
    """Add a computed column after the last of the references that it waits for."""
    for migration in reversed(migrations):
        for place, operation in reversed(list(enumerate(migration.operations))):
            is_reference = isinstance(operation, AddField) and operation.name in missing
            if is_reference and operation.model_name_lower == model.lower():
                migration.operations.insert(place + 1, AddField(model, name, field))
                return
    raise LookupError(f"nothing adds {missing} to {model}")

"""All rows of the project as plain dictionaries: rules are evaluated over them, and never over the database."""

from accounts.models import User
from django.apps import apps
from django.contrib.auth.models import Group


def model_of(entity):
    return User if entity == "User" else apps.get_model("work", entity)


class World:
    """What the database holds, or would hold if a write had happened."""

    def __init__(self, entities):
        self.rows, self.targets, self.pairs = {}, {}, {}
        for entity in entities:
            model = model_of(entity)
            for field in (*model._meta.fields, *model._meta.many_to_many):
                if field.is_relation:
                    self.targets[entity, field.name] = field.related_model.__name__
            self.rows[entity] = {}
            self.read(entity, model._base_manager.order_by("pk"))
            for field in model._meta.many_to_many:
                if field.name not in {"groups", "user_permissions"}:
                    self.read_pairs(entity, field)
        self.groups = {
            group.name: set(group.user_set.values_list("pk", flat=True)) for group in Group.objects.all()
        }

    def read(self, entity, rows):
        for row in rows:
            values = {field.name: getattr(row, field.attname) for field in row._meta.fields}
            self.rows[entity][row.pk] = values

    def read_pairs(self, entity, field):
        ends = (field.m2m_field_name(), field.m2m_reverse_field_name())
        pairs = field.remote_field.through._base_manager.values_list(*(f"{end}_id" for end in ends))
        self.pairs[entity, field.name] = list(pairs)

    def with_written(self, entity, key):
        """The same world, but for one row and what it is linked to, which are read again."""
        other = object.__new__(World)
        other.targets, other.groups = self.targets, self.groups
        other.rows = {**self.rows, entity: dict(self.rows[entity])}
        other.pairs = dict(self.pairs)
        model = model_of(entity)
        other.read(entity, model._base_manager.filter(pk=key))
        for field in model._meta.many_to_many:
            if field.name not in {"groups", "user_permissions"}:
                other.read_pairs(entity, field)
        through = [it for it in self.pairs if it == ("Ticket", "watchers")]
        if entity == "Watch":
            for owner, name in through:
                other.read_pairs(owner, model_of(owner)._meta.get_field(name))
        return other

    def live(self, entity):
        """The keys of the rows that are not deleted."""
        return [key for key, row in self.rows[entity].items() if row.get("deleted_at") is None]

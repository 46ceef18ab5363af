"""Random rows, drawn from few values so that rules hold of some of them. No rule about access is asked."""

import datetime
import random
import uuid
from decimal import Decimal

from accounts.models import User
from core.db.lifecycles import any_state
from django.contrib.auth.models import Group
from django.db.models import ProtectedError
from world import model_of

TEXTS = ("a", "b", "ab", "ba", "A", "aab")
DAYS = tuple(
    datetime.date.fromisoformat(day)
    for day in ("2019-12-31", "2020-01-01", "2024-02-29", "2031-06-30", "2099-01-01")
)
# In an order in which what is pointed to comes first.
COUNTS = {
    "Firm": 3, "Team": 4, "Member": 11, "Tag": 4, "Project": 5, "Task": 12, "Comment": 11, "Document": 6,
    "Bill": 6, "Shift": 6, "Ticket": 5, "Watch": 6, "Note": 6,
}
# Of the people, the one who may not sign in and the one whom no rule binds.
PEOPLE, INACTIVE, SUPERUSER = 6, 4, 5


class Filling:
    """Draws values for the fields that the spec declares."""

    def __init__(self, rules, seed):
        self.fields = {it["name"]: it["fields"] for it in rules["entities"]}
        self.random = random.Random(seed)
        self.emails = 0

    def keys(self, target):
        return list(target._default_manager.order_by("pk"))

    def value(self, entity, field):
        """A value for a field; nothing where it may stay empty."""
        about = model_of(entity)._meta.get_field(field["name"])
        choose = self.random.choice
        if about.many_to_many:
            return self.random.sample(found := self.keys(about.related_model), min(len(found), self.random.randrange(4)))
        if field["is_optional"] and self.random.random() < 0.3:
            return None
        if about.is_relation:
            found = self.keys(about.related_model)
            return choose(found) if found else None
        if field["choices"]:
            return choose(field["choices"])
        if field["name"] == "email":
            self.emails += 1
            return f"person{self.emails}.{self.random.randrange(10**6)}@example.com"
        if field["name"] == "country":
            return choose(("pt", "ab", "a"))
        if field["name"] == "joined_at":
            return datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
        return {
            "BooleanField": lambda: self.random.random() < 0.5,
            "DateField": lambda: choose(DAYS),
            "DecimalField": lambda: Decimal(self.random.randrange(0, 9)) / 2,
            "IntegerField": lambda: self.random.randrange(6),
        }.get(about.get_internal_type(), lambda: choose(TEXTS))()

    def new(self, model):
        """A row whose key is drawn as well: the same seed makes the same rows."""
        is_drawn = model._meta.pk.get_internal_type() == "UUIDField"
        return model(pk=uuid.UUID(int=self.random.getrandbits(128), version=4)) if is_drawn else model()

    def is_through(self, entity, field):
        about = model_of(entity)._meta.get_field(field["name"])
        return about.many_to_many and not about.remote_field.through._meta.auto_created

    def make(self, entity):
        """One more row with values for all of its fields."""
        model = model_of(entity)
        values = {it["name"]: self.value(entity, it) for it in self.fields[entity] if not self.is_through(entity, it)}
        if values.get("subject_project") and values.get("subject_ticket"):
            values[self.random.choice(("subject_project", "subject_ticket"))] = None
        many = {field.name for field in model._meta.many_to_many} & values.keys()
        row = self.new(model)
        for name in values.keys() - many:
            setattr(row, name, values[name])
        model._base_manager.bulk_create([row])
        for name in many:
            getattr(row, name).set(values[name])
        return row

    def fill(self):
        """Rows of every entity; the people come first, and know each other and their firms."""
        for place in range(PEOPLE):
            person = self.make("User")
            changed = {"is_active": place != INACTIVE, "is_superuser": place == SUPERUSER}
            User._base_manager.filter(pk=person.pk).update(**changed)
        with any_state():
            for entity, count in COUNTS.items():
                for _ in range(count):
                    self.make(entity)
        for person in self.keys(User):
            field = next(it for it in self.fields["User"] if it["name"] == "firm")
            person.firm = self.value("User", field)
            person.save()
        for name in ("Helper", "Boss"):
            group, _ = Group.objects.get_or_create(name=name)
            group.user_set.set(self.random.sample(self.keys(User), 2))
        for entity, count in (("Member", 3), ("Comment", 3), ("Task", 4)):
            for row in self.random.sample(self.keys(model_of(entity)), count):
                try:
                    row.delete()
                except ProtectedError:
                    continue

"""Everybody asks for every row: the list, `has_perm`, each grant and the fields against the rules themselves."""

from collections import Counter

from accounts.models import User
from core.access import allows, fields, marked, permitted, reading, ways
from core.backends import CODENAMES
from core.db.expressions import Holds
from core.roles import SYSTEM as JOB
from django.contrib.auth.models import AnonymousUser
from told import ANONYMOUS, CREATE, DELETE, READ, SYSTEM, UPDATE, Told
from world import World, model_of


class Reading:
    """Compares the answers, and counts what it compared."""

    def __init__(self, rules, differences):
        self.rules = rules
        self.world = World([it["name"] for it in rules["entities"]])
        self.told = Told(rules, self.world)
        self.differences, self.counts = differences, Counter()

    def actors(self):
        people = User._base_manager.order_by("pk")
        return {**{person.pk: person for person in people}, ANONYMOUS: AnonymousUser(), SYSTEM: JOB}

    def compare(self):
        """Ask for everything; pause behind each verb."""
        for name, actor in self.actors().items():
            for entity in self.rules["entities"]:
                actions = [it["name"] for it in entity["actions"]]
                for verb in (READ, CREATE, UPDATE, DELETE, *actions):
                    self.compare_rows(name, actor, entity, verb)
                    yield

    def compare_rows(self, name, actor, entity, verb):
        model = model_of(entity["name"])
        listed = set(model.objects.filter(permitted(model, actor, verb)).values_list("pk", flat=True))
        codename = f"{model._meta.app_label}.{CODENAMES.get(verb, verb)}_{model._meta.model_name}"
        about = [place for place, it in enumerate(entity["grants"]) if verb in it["verbs"]]
        found = ways(model, actor, verb)
        shown = {row.pk for row in marked(model.objects.all(), reading(model, actor) if verb == READ else found)}
        rows = model.objects.order_by("pk").annotate(**{f"way_{at}_": Holds(way.rows) for at, way in enumerate(found)})
        # To whom no rule is said, all rows are one.
        for at, row in enumerate(rows[:1] if self.told.is_boundless(name) else rows):
            where = (entity["name"], row.pk)
            granting = self.told.granting(name, verb, where)
            answers = {"list": row.pk in listed, "shown": row.pk in shown, "rules": bool(granting)}
            # Each costs a query of its own: of what is no reading, every other row is asked for.
            if verb == READ or at % 2 == 0:
                is_allowed = allows(actor, verb, row) if name == SYSTEM else actor.has_perm(codename, row)
                answers["has_perm"] = is_allowed
            self.counts[f"{verb} {answers['rules']}" if verb in CODENAMES else f"action {answers['rules']}"] += 1
            if len(set(answers.values())) > 1:
                self.tell(name, verb, where, answers)
                continue
            if granting != {-1}:
                self.compare_grants(name, verb, where, granting, {
                    place for at, place in enumerate(about) if getattr(row, f"way_{at}_")
                })
            if verb == READ and granting:
                self.compare_fields(name, actor, row, where)

    def compare_grants(self, name, verb, where, granting, held):
        self.counts["grants"] += len(granting)
        if granting != held:
            self.tell(name, verb, where, {"grants that hold": sorted(held), "rules": sorted(granting)})

    def compare_fields(self, name, actor, row, where):
        told = self.told.entities[where[0]]
        spoken = {it["name"] for it in told["fields"]} | told["derived"].keys()
        answers = {
            "fields": sorted(fields(actor, READ, row) & spoken),
            "rules": sorted(self.told.fields(where[0], READ, self.told.granting(name, READ, where))),
        }
        self.counts["fields"] += 1
        if answers["fields"] != answers["rules"]:
            self.tell(name, READ, where, answers)

    def tell(self, name, verb, where, answers):
        self.differences.append("\n".join(explained(self.told, name, verb, where, answers)))


def explained(told, name, verb, where, answers):
    """Who asked for what, of which row, what came of it, and the lines of the spec that are about it."""
    entity, key = where
    yield f"{verb} {entity} by {name}: {answers}"
    yield f"  row: {told.world.rows[entity].get(key)}"
    if name not in {SYSTEM, ANONYMOUS}:
        yield f"  person: {told.world.rows['User'][name]}"
    for wall in told.entities[entity]["walls"]:
        yield f"  {told.is_so(wall['where'], name, where)}: {wall['text']}"
    for grant in told.entities[entity]["grants"]:
        if verb in grant["verbs"] or READ in grant["verbs"]:
            is_meant, is_so = told.is_meant(grant, name, where), told.is_so(grant["where"], name, where)
            yield f"  who {is_meant}, which rows {is_so}: {grant['text']}"
            if grant["who"] in told.roles:
                yield f"    {told.roles[grant['who']]['text']}"

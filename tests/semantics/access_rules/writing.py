"""Everybody tries to write: what comes of it against what the rules say of the row before and after.

Each write is done twice and taken back: past the rules first, so that the row after it can be read, and then through the rules.
"""

import datetime
from collections import Counter

from accounts.models import User
from core import writes
from core.backends import CODENAMES
from core.errors import RefusedError
from core.lifecycles import ActionRefusedError
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from reading import explained
from told import ANONYMOUS, CREATE, DELETE, READ, SYSTEM, UPDATE, Told
from work import services
from world import model_of

UNREADABLE, REFUSED, UNKNOWN_CHOICE, WRONG_STATE = "unreadable", "refused", "unknown choice", "wrong state"


class Writing:
    """Tries writes, compares and counts."""

    def __init__(self, rules, reading, filling):
        self.rules, self.filling, self.random = rules, filling, filling.random
        self.world, self.told, self.actors = reading.world, reading.told, reading.actors()
        self.root = User._base_manager.filter(is_superuser=True, is_active=True).first()
        self.differences, self.counts = reading.differences, Counter()
        tables = connection.introspection.table_names()
        self.asked = " UNION ALL ".join(
            f"SELECT '{name}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{name}\" t"
            for name in tables
            if name.startswith(("work_", "accounts_"))
        )
        self.before = self.contents()

    def compare(self):
        """Try everything; pause behind each attempt."""
        for name, actor in self.actors.items():
            for entity in self.rules["entities"]:
                for verb in (UPDATE, UPDATE, CREATE, DELETE, *["action"] * 4):
                    self.attempt(name, actor, entity, verb)
                    yield

    def attempt(self, name, actor, entity, verb):
        if verb == "action":
            if not entity["actions"]:
                return
            verb = self.random.choice(entity["actions"])["name"]
        model = model_of(entity["name"])
        row = self.filling.new(model) if verb == CREATE else self.some_row(name, verb, entity["name"])
        where = (entity["name"], row.pk)
        for _ in range(4 if verb == UPDATE else 1):
            given = self.given(name, verb, entity, row)
            after, is_possible = self.after(verb, entity["name"], row, given)
            # Most telling are writes that change what allows them.
            if verb != UPDATE or self.changes_grants(name, where, after):
                break
        if not is_possible:
            self.counts["not possible"] += 1
            return
        wanted = self.reasons(name, verb, where, given, after)
        came = self.outcome(actor, verb, entity["name"], row, given)
        self.counts[f"{verb if verb in CODENAMES else 'action'} {came or 'done'}"] += 1
        if came not in (wanted or {None}):
            answers = {"given": given, "came": came, "rules": wanted or "done"}
            lines = [*explained(self.told, name, verb, where, answers)] if verb != CREATE else [f"{verb} {where}: {answers}"]
            if after is not None:
                lines += ["  afterwards:", *explained(Told(self.rules, after), name, verb, (where[0], after.key), answers)]
            self.differences.append("\n".join(lines))

    def changes_grants(self, name, where, after):
        then = after and Told(self.rules, after)
        return then and then.granting(name, UPDATE, where) != self.told.granting(name, UPDATE, where)

    def some_row(self, name, verb, entity):
        """A row, rather one with which the actor may do it."""
        keys = self.world.live(entity)
        allowed = [key for key in keys if self.told.allows(name, verb, (entity, key))]
        key = self.random.choice(allowed if allowed and self.random.random() < 0.6 else keys)
        return model_of(entity)._base_manager.get(pk=key)

    def given(self, name, verb, entity, row):
        """New values: of fields that the actor may write, or of any."""
        fields = {it["name"]: it for it in entity["fields"] if not self.filling.is_through(entity["name"], it)}
        if verb not in {CREATE, UPDATE}:
            return {"paid_on": datetime.date(2024, 2, 29)} if verb == "pay" else {}
        if verb == CREATE:
            places = [place for place, it in enumerate(entity["grants"]) if CREATE in it["verbs"]]
            places = self.random.sample(places, min(1, len(places)))
        else:
            places = self.told.granting(name, verb, (entity["name"], row.pk))
        open_to = sorted(self.told.fields(entity["name"], verb, places) & fields.keys())
        every = sorted(it["name"] for it in fields.values() if it["is_given"] and not (it["is_fixed"] and verb == UPDATE))
        names = open_to if open_to and self.random.random() < 0.8 else every
        decisive = [each for each in names if each in self.decisive(entity)]
        if verb == UPDATE and decisive and self.random.random() < 0.6:
            names = decisive
        chosen = {each for each in names if self.random.random() < (0.5 if verb == CREATE else 1.5 / len(names))}
        if verb == CREATE:
            chosen |= {each for each in every if fields[each]["is_needed"]}
        elif not chosen:
            chosen = {self.random.choice(names)}
        if entity["name"] == "User":
            # Whether somebody may sign in is asked of the person who acts, and not of the row.
            chosen -= {"is_active"}
        return {each: self.value(name, entity["name"], fields[each]) for each in sorted(chosen)}

    def decisive(self, entity):
        """The fields that say whether a row may be changed: another value may end what allows to write it."""
        about = [it for it in entity["grants"] if UPDATE in it["verbs"]]
        ways = [it["at"][0] for it in about if it["at"]]
        return {*ways, *(each for it in (*about, *entity["walls"]) for each in read_first(it["where"]))}

    def value(self, name, entity, field):
        """A new value for a field; most of those that point to rows point to what the actor may read."""
        value = self.filling.value(entity, field)
        for _ in range(4):
            named = self.named(entity, {field["name"]: value})
            if self.random.random() < 0.2 or all(self.told.allows(name, READ, row) for row in named):
                break
            value = self.filling.value(entity, field)
        return value

    def after(self, verb, entity, row, given):
        """The world after a write that no rule about access is asked about; whether there can be such a write."""
        with transaction.atomic():
            try:
                with transaction.atomic():
                    copy = self.copied(row)
                    self.write(verb, entity, copy, given)
                if verb == DELETE:
                    return None, True
                after = self.world.with_written(entity, copy.pk)
                after.key = copy.pk
                return after, True
            except ActionRefusedError:
                return None, True
            except (ValidationError, ProtectedError, DatabaseError):
                return None, False
            finally:
                transaction.set_rollback(True)

    def copied(self, row):
        if row._state.adding:
            copy = type(row)(pk=row.pk)
            if isinstance(copy, User):
                copy.set_unusable_password()
            return copy
        return type(row)._base_manager.get(pk=row.pk)

    def write(self, verb, entity, row, given):
        if verb == DELETE:
            row.delete()
        elif verb in {CREATE, UPDATE}:
            many = {field.name for field in row._meta.many_to_many}
            for name in given.keys() - many:
                setattr(row, name, given[name])
            row.full_clean()
            row.save()
            for name in given.keys() & many:
                getattr(row, name).set(given[name])
        else:
            getattr(services, f"{verb}_{entity.lower()}")(row, by=self.root, **given)

    def reasons(self, name, verb, where, given, after):
        """Why the rules refuse a write; of several reasons, one is told."""
        entity, told = where[0], self.told
        if verb == CREATE:
            before = {-1} if told.is_boundless(name) else set()
            before |= {place for place, it in enumerate(told.entities[entity]["grants"]) if verb in it["verbs"]}
        else:
            before = told.granting(name, verb, where)
            if not before:
                return {REFUSED if told.allows(name, READ, where) else UNREADABLE}
        reasons = set()
        is_about_fields = verb in {CREATE, UPDATE}
        if is_about_fields and given.keys() - told.fields(entity, verb, before):
            reasons.add(REFUSED)
        if any(not told.allows(name, READ, row) for row in self.named(entity, given)):
            reasons.add(UNKNOWN_CHOICE)
        if after is None and verb != DELETE:
            reasons.add(WRONG_STATE)
        elif is_about_fields:
            then = Told(self.rules, after)
            kept = before & then.granting(name, verb, (entity, after.key))
            if not kept or given.keys() - told.fields(entity, verb, kept):
                reasons.add(REFUSED)
        elif verb != DELETE and not Told(self.rules, after).is_inside(name, where):
            reasons.add(REFUSED)
        return reasons

    def named(self, entity, given):
        """The rows to which new values point."""
        for name, value in given.items():
            target = self.world.targets.get((entity, name))
            if target is not None and value is not None:
                yield from ((target, row.pk) for row in (value if isinstance(value, list) else [value]))

    def outcome(self, actor, verb, entity, row, given):
        """Why a write was refused, if it was; nothing has changed then."""
        came = None
        with transaction.atomic():
            copy = self.copied(row)
            try:
                if verb == CREATE:
                    writes.create(actor, copy, given)
                elif verb == UPDATE:
                    writes.update(actor, copy, given)
                elif verb == DELETE:
                    writes.delete(actor, copy)
                else:
                    getattr(services, f"{verb}_{entity.lower()}")(copy, by=actor, **given)
            except RefusedError:
                came = REFUSED
            except ObjectDoesNotExist:
                came = UNREADABLE
            except ActionRefusedError:
                came = WRONG_STATE
            except ValidationError as error:
                codes = {each.code for each in getattr(error, "error_dict", {}).values() for each in each}
                came = UNKNOWN_CHOICE if codes == {"invalid_choice"} else f"{error!r}"
            if came is not None and self.contents() != self.before:
                came += ", and yet something has changed"
            elif came is None and not self.is_written(verb, entity, copy, given):
                came = "done, and yet not all of it is there"
            transaction.set_rollback(True)
        return came

    def is_written(self, verb, entity, row, given):
        """Whether the database holds what a write that was not refused should have left."""
        if verb == DELETE:
            return not model_of(entity).objects.filter(pk=row.pk).exists()
        stored = model_of(entity).objects.filter(pk=row.pk).first()
        if stored is None:
            return False
        many = {field.name for field in row._meta.many_to_many}
        of_many = {name: set(getattr(stored, name).all()) == set(given[name]) for name in given.keys() & many}
        return all(of_many.values()) and all(getattr(stored, name) == given[name] for name in given.keys() - many)

    def contents(self):
        """What all tables hold, as one text for each."""
        with connection.cursor() as cursor:
            cursor.execute(self.asked)
            return sorted(cursor.fetchall())


def read_first(data):
    """The fields of the row itself that a condition reads."""
    if not isinstance(data, list):
        return
    if data[:1] == ["read"] and data[1] in {"row", "own"} and data[2]:
        yield data[2][0]
    for part in data:
        yield from read_first(part)

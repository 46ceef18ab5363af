"""What the rules allow, worked out from the data of the generator over plain rows."""

from dataclasses import dataclass

from says import Place, asks_who, holds

READ, CREATE, UPDATE, DELETE = "read", "create", "update", "delete"
SYSTEM, ANONYMOUS = "system", "anonymous"


@dataclass
class Told:
    """The rules of a spec, asked about the rows of one world."""

    rules: dict
    world: object

    def __post_init__(self):
        self.entities = {it["name"]: it for it in self.rules["entities"]}
        self.roles = {it["name"]: it for it in self.rules["roles"]}
        self.had = {}

    def person(self, actor):
        """The key of the person who acts, if it is one who may sign in."""
        is_known = actor not in {SYSTEM, ANONYMOUS} and self.world.rows["User"][actor]["is_active"]
        return actor if is_known else None

    def is_boundless(self, actor):
        person = self.person(actor)
        return person is not None and self.world.rows["User"][person]["is_superuser"]

    def scopes(self, person, name):
        """Where a person has a role: the keys of its scope, or an empty one where it is had at no row."""
        known = self.had.get((person, name))
        if known is None:
            known = self.had[person, name] = self.scopes_of(person, self.roles[name])
        return known

    def scopes_of(self, person, role):
        if role["kind"] == "signed in":
            return {()}
        if role["kind"] == "granted":
            return {()} if person in self.world.groups.get(role["name"], ()) else set()
        found, entity = set(), role["entity"]
        for key in self.world.live(entity):
            place = Place(self.world, (entity, key))
            if place.read("row", role["person"]) == person and holds(role["where"], place):
                scope = role["scope"]
                found.add(() if scope is None else place.read("row", scope))
        return found

    def has(self, person, name, at):
        """Whether somebody has a role, or one that includes it, at a row; without one, at whatever row."""
        scopes = self.scopes(person, name)
        if scopes if at == () else at in scopes:
            return True
        including = [it["name"] for it in self.roles.values() if name in it.get("includes", ())]
        return any(self.has(person, other, at) for other in including)

    def is_so(self, condition, actor, row):
        """Whether a condition holds; one that asks who acts holds for people alone."""
        person = self.person(actor)
        if person is None and asks_who(condition):
            return False
        return holds(condition, Place(self.world, row, me=("User", person)))

    def is_inside(self, actor, row):
        walls = self.entities[row[0]]["walls"]
        return actor == SYSTEM or self.is_boundless(actor) or all(self.is_so(it["where"], actor, row) for it in walls)

    def is_meant(self, grant, actor, row):
        """Whether the actor is one of those whom a grant is about, at this row."""
        who, person = grant["who"], self.person(actor)
        if who == "anyone":
            return actor != SYSTEM
        if who == "system":
            return actor == SYSTEM
        if person is None or who == "signed in":
            return person is not None
        if grant["at"] is None:
            return self.has(person, who, ())
        at = Place(self.world, row).read("row", grant["at"])
        return at is not None and self.has(person, who, at)

    def granting(self, actor, verb, row):
        """The places of the grants by which somebody may do something with a row."""
        grants = self.entities[row[0]]["grants"]
        if self.is_boundless(actor):
            return {-1}
        if not self.is_inside(actor, row):
            return set()
        found = {
            place
            for place, it in enumerate(grants)
            if verb in it["verbs"] and self.is_meant(it, actor, row) and self.is_so(it["where"], actor, row)
        }
        if verb not in {READ, CREATE} and not self.granting(actor, READ, row):
            # What is not read is not changed, unless the line itself opens it to reading, which would have been found.
            return set()
        return found

    def allows(self, actor, verb, row):
        return bool(self.granting(actor, verb, row))

    def fields(self, entity, verb, places):
        """The fields of several grants together."""
        return {name for place in places for name in self.fields_of(entity, verb, place)}

    def fields_of(self, entity, verb, place):
        told = self.entities[entity]
        possible = {
            it["name"]
            for it in told["fields"]
            if verb not in {CREATE, UPDATE} or (it["is_given"] and not (verb == UPDATE and it["is_fixed"]))
        }
        named = (None if place < 0 else told["grants"][place]["verbs"][verb]) or {"except": []}
        found = possible & set(named["only"]) if "only" in named else possible - set(named["except"])
        if verb == READ:
            # A derived value is seen with the fields that it reads.
            found |= {name for name, reads in told["derived"].items() if found.issuperset(reads)}
        return found

"""Asks the API for what its description promises, and for what it does not, as everybody.

Runs inside an emitted project, on a migrated database that is thrown away. Every operation of
`/api/schema/` is asked with values that schemathesis makes from the description, fitting ones and
others, by a superuser, by somebody of each role and by nobody; most keys are those of rows that are
there. No answer is a failure of the server, and each has the status, the content type and the form
that the description tells.
"""

import logging
import sys
from collections import Counter, defaultdict
from contextlib import suppress

import django
from django.conf import settings

# How often somebody may ask is not the question here.
settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"anon": None, "user": None}
# Failures are answered as in production.
settings.DEBUG_PROPAGATE_EXCEPTIONS = False
settings.ALLOWED_HOSTS = ["*"]
django.setup()
# A failure of the server tells its traceback; what is refused tells nothing.
logging.disable(logging.WARNING)

import hypothesis
import schemathesis
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from config.api import router
from config.wsgi import application
from core.roles import roles_held
from core.testing_access import ROLES, everybody

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
MODELS = {f"/api/{prefix}/": views.queryset.model for prefix, views, _ in router.registry}
# Values of each kind for each operation, in a run of every day and in a long one.
FEW, MANY = 4, 200
SHOWN = 20
schemathesis.openapi.format("time-local", st.times().map(str))


class Person:
    """Somebody in a browser: a name for findings, and what each request sends along."""

    def __init__(self, name, actor=None):
        self.name, client = name, Client()
        if actor:
            client.force_login(actor)
        token = client.get("/api/me/").json()["csrf_token"]
        self.headers = {"X-CSRFToken": token}
        self.cookies = {name: cookie.value for name, cookie in client.cookies.items()}


def people():
    """Everybody who asks; that nobody has a role is a finding."""
    # Making them makes the example rows.
    for _ in everybody():
        pass
    known = list(get_user_model()._base_manager.filter(is_active=True).order_by("pk"))
    found = [Person("a superuser", boundless()), Person("nobody")]
    for role in ROLES:
        holder = next((actor for actor in known if role in roles_held(actor, ROLES)), None)
        if holder is None:
            sys.exit(f"no example row makes anybody {role.name}")
        found.append(Person(role.name, holder))
    return found


def boundless():
    """A superuser."""
    users = get_user_model()
    return users.objects.create_superuser(**{users.USERNAME_FIELD: "root@example.com"})


def keys(model):
    """Keys of rows, most of which are there."""
    there = [str(key) for key in model._base_manager.order_by("pk").values_list("pk", flat=True)[:20]]
    return st.one_of(st.sampled_from(there), st.none()) if there else st.none()


def aimed(case, data):
    """Let keys in an address, and in what is sent, be those of rows where there are any."""
    prefix = next((each for each in MODELS if case.operation.path.startswith(each)), None)
    if prefix is None:
        return
    model = MODELS[prefix]
    if "id" in (case.path_parameters or {}):
        case.path_parameters["id"] = data.draw(keys(model)) or case.path_parameters["id"]
    for name in case.body if isinstance(case.body, dict) else ():
        other = related(model, name)
        if other:
            key = data.draw(keys(other))
            case.body[name] = case.body[name] if key is None else [key] if isinstance(case.body[name], list) else key


def related(model, name):
    """The model that a field refers to."""
    known = {field.name: field for field in (*model._meta.fields, *model._meta.many_to_many)}
    return known[name].related_model if name in known else None


def ask(operation, persons, count, findings, seen):
    """Ask for one operation, with values that fit and with others."""

    def once(data):
        person = data.draw(st.sampled_from(persons))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        aimed(case, data)
        answer = case.call(headers=person.headers, cookies=person.cookies)
        seen[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                told = f"{person.name}: {failure.message}\n{case.as_curl_command()}"
                findings[operation.label, answer.status_code, failure.title].append(told)

    often = hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=count == FEW,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for mode in GenerationMode:
        # What takes no value knows none that does not fit.
        with suppress(hypothesis.errors.Unsatisfiable):
            often(hypothesis.given(data=st.data())(once))()


def main():
    """Ask for everything, and tell what is otherwise than described."""
    count = MANY if "--long" in sys.argv else FEW
    persons = people()
    schema = schemathesis.openapi.from_wsgi("/api/schema/", application)
    findings, seen = defaultdict(list), Counter()
    for found in schema.get_all_operations():
        ask(found.ok(), persons, count, findings, seen)
    for (label, status, title), told in list(findings.items())[:SHOWN]:
        print(f"{label} answered {status}: {title}, {len(told)} times\n  {told[0]}\n")
    if not seen[200] or not seen[201] + seen[204]:
        sys.exit(f"nothing was read, or nothing was written: {dict(seen)}")
    print(f"{len(findings)} findings in {seen.total()} answers: {dict(sorted(seen.items()))}")
    sys.exit(1 if findings else 0)


main()

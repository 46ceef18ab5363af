"""People sign in by the API, and what they type tells them nothing about others."""

from __future__ import annotations

# if first
from dataclasses import replace
# end
# if commands
from io import StringIO
# end
from time import time
# if letters
from typing import TYPE_CHECKING, Any, NoReturn
# else
from typing import TYPE_CHECKING, Any
# end

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
# if letters
from django.core import mail
# end
# if commands
from django.core.management import CommandError, call_command
# end
from django.http import HttpRequest
from django.test import Client

# if invited
from accounts.tests.factories import make_user
# end
# if first
from core.management.commands.first_admin import VARIABLE
# end
from core.sessions import save, session_of
# if open
from core.signing_in import AccountAdapter
# end

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
JSON = "application/json"


def browser() -> Client:
    """Return a browser that has been given the token against forgery."""
    client = Client(enforce_csrf_checks=True)
    token = client.get("/api/me/").json()["csrf_token"]
    client.defaults["HTTP_X_CSRFTOKEN"] = token
    return client


def person() -> User:
    """Return somebody with an account."""
    people: Any = get_user_model().objects
    made: User = people.create_user("ana@example.com", PASSWORD)
    return made


def ask(client: Client, what: str, **given: str) -> Any:
    """Ask for something about signing in."""
    return client.post(f"/api/auth/browser/v1/auth/{what}", given, JSON)


def who(client: Client) -> Any:
    """Return the key of whoever is signed in."""
    return client.get("/api/me/").json()["id"]


def test_a_person_signs_in_and_out() -> None:
    """Upper and lower case of an address are the same; a wrong password says nothing more."""
    client, ana = browser(), person()
    assert ask(client, "login", email="ana@example.com", password="wrong").status_code == 400
    assert who(client) is None
# if open
    mail.outbox.clear()
    answer = ask(client, "login", email="Ana@Example.com", password=PASSWORD)
    assert answer.status_code == 401
    confirm(client)
# else
    answer = ask(client, "login", email="Ana@Example.com", password=PASSWORD)
    assert answer.status_code == 200
# end
    assert who(client) == str(ana.pk)
    client.defaults["HTTP_X_CSRFTOKEN"] = client.get("/api/me/").json()["csrf_token"]
    assert client.delete("/api/auth/browser/v1/auth/session").status_code == 401
    assert who(client) is None


def test_what_can_not_be_read_is_refused() -> None:
    """Deep and broken values are no error of the server."""
    for sent in ("[" * 100_000, '{"email": "ana@example.com", "password": "\\ud800"}'):
        answer = browser().post("/api/auth/browser/v1/auth/login", sent, JSON)
        assert answer.status_code == 400


def test_nobody_goes_around_the_rules() -> None:
    """Who may change an address is for the rules to say, and nobody has a telephone."""
    client = browser()
    client.force_login(person())
    for what in ("email", "phone"):
        assert client.get(f"/api/auth/browser/v1/account/{what}").status_code == 404


def test_signing_in_gives_another_session() -> None:
    """Whoever knew the session of before does not know the one of now."""
    client, ana = browser(), person()
    client.force_login(ana)
    before = client.session.session_key
    client.logout()
    client.force_login(ana)
    assert client.session.session_key != before


def test_whoever_is_switched_off_is_out() -> None:
    """A session of before is worth nothing any more."""
    client, ana = browser(), person()
    client.force_login(ana)
    assert who(client) == str(ana.pk)
    type(ana)._base_manager.filter(pk=ana.pk).update(is_active=False)
    assert who(client) is None


def token_of(person: User) -> str:
    """Return the token of somebody who signs in from an app."""
    session = session_of("")
    request = HttpRequest()
    request.session = session
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    session.save()
    return str(session.session_key)


def test_an_app_shows_a_token() -> None:
    """It names the person, is no cookie, and stands for nothing once it is taken back."""
    client, ana = Client(enforce_csrf_checks=True), person()
    headers = {"X-Session-Token": token_of(ana)}
    answer = client.get("/api/me/", headers=headers)
    assert answer.json()["id"] == str(ana.pk)
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    assert who(client) is None
    sent = client.post("/api/me/", {}, JSON, headers=headers)
    assert sent.status_code == 405
    ended = client.delete("/api/auth/app/v1/auth/session", headers=headers)
    assert ended.status_code == 401
    assert client.get("/api/me/", headers=headers).json()["id"] is None
    for address in ("/api/me/", "/api/auth/app/v1/auth/session"):
        answer = client.get(address, headers={"X-Session-Token": "nothing"})
        assert str(ana.pk) not in answer.content.decode()
    assert Session.objects.count() == 0


def test_a_token_ends_as_a_session_does() -> None:
    """Nobody keeps it who was switched off, or has not used it for too long."""
    client, ana = Client(), person()
    idle, kept = ({"X-Session-Token": token_of(ana)} for _ in range(2))
    session = session_of(idle["X-Session-Token"])
    session["begun"] = session["seen"] = int(time()) - settings.SESSION_IDLE - 1
    session.save()
    assert client.get("/api/me/", headers=idle).json()["id"] is None
    answer = client.get("/api/auth/app/v1/auth/session", headers=idle)
    assert answer.status_code in {401, 410}
    assert client.get("/api/me/", headers=kept).json()["id"] == str(ana.pk)
    type(ana)._base_manager.filter(pk=ana.pk).update(is_active=False)
    assert client.get("/api/me/", headers=kept).json()["id"] is None


# if origins
OURS, THEIRS = "https://app.example.com", "https://evil.example.com"


@pytest.fixture
def front_end(settings: Any) -> None:
    """Let one front end call."""
    settings.CORS_ALLOWED_ORIGINS = settings.CSRF_TRUSTED_ORIGINS = [OURS]


@pytest.mark.usefixtures("front_end")
def test_front_ends_that_are_named_may_call() -> None:
    """A browser shows them the answers, and sends who is signed in."""
    client, asked = browser(), {"Access-Control-Request-Method": "POST"}
    for origin, is_ours in ((OURS, True), (THEIRS, False)):
        answers = [
            client.get("/api/me/", headers={"Origin": origin}),
            client.options("/api/auth/browser/v1/auth/login", headers={"Origin": origin, **asked}),
        ]
        for answer in answers:
            shown = answer.headers.get("Access-Control-Allow-Origin")
            assert shown == (origin if is_ours else None)
            assert ("Access-Control-Allow-Credentials" in answer.headers) == is_ours
    assert "Access-Control-Allow-Origin" not in client.get("/", headers={"Origin": OURS}).headers


@pytest.mark.usefixtures("front_end")
def test_other_front_ends_write_nothing() -> None:
    """Not even with the token against forgery, in a secure page."""
    person()
    client = browser()
    sent = {"email": "ana@example.com", "password": PASSWORD}
    for origin, is_refused in ((THEIRS, True), (OURS, False)):
        answer = client.post(
            "/api/auth/browser/v1/auth/login", sent, JSON, headers={"Origin": origin}
        )
        assert (answer.status_code == 403) == is_refused


# end
# if first
def test_the_first_person_is_let_in_once(settings: Any) -> None:
    """Twice is as good as once, and nobody who was switched off comes back."""
    people, read, field = get_user_model().objects, settings.ENVIRONMENT, VARIABLE.lower()
    settings.ENVIRONMENT = replace(read, **{field: "Eva@example.com"})
    for _ in range(2):
        call_command("first_admin", stdout=StringIO())
    eva: Any = people.get(email="eva@example.com")
    assert not eva.has_usable_password()
    assert eva.is_superuser or eva.groups.count() == 1
    people.filter(pk=eva.pk).update(is_active=False)
    for address in ("eva@example.com", ""):
        settings.ENVIRONMENT = replace(read, **{field: address})
        with pytest.raises(CommandError):
            call_command("first_admin", stdout=StringIO())


# end
def test_nobody_learns_who_has_an_account() -> None:
    """Asking for a new password is answered in the same way, whoever asks."""
    person()
    answers = [
        ask(browser(), "password/request", email=email)
        for email in ("ana@example.com", "nobody@example.com")
    ]
    assert [each.status_code for each in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()


# if letters
def code_of_letter() -> str:
    """Return the code that came by mail."""
    words = mail.outbox[-1].body.split()
    return next(word for word in words if "-" in word and word.isupper())


# end
# if open
def confirm(client: Client) -> None:
    """Type the code that came by mail."""
    client.defaults["HTTP_X_CSRFTOKEN"] = client.get("/api/me/").json()["csrf_token"]
    assert ask(client, "email/verify", key=code_of_letter()).status_code == 200


def test_anyone_signs_up() -> None:
    """The address is verified before anybody is signed in; nobody gives roles to themselves."""
    client = browser()
    given = {"email": "Eva@example.com", "password": PASSWORD, "is_superuser": "true"}
    assert ask(client, "signup", **given).status_code == 401
    assert who(client) is None
    confirm(client)
    eva = get_user_model().objects.get(email="eva@example.com")
    assert who(client) == str(eva.pk)
    assert (eva.is_superuser, eva.is_staff, eva.groups.count()) == (False, False, 0)


def test_a_server_for_mail_may_be_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever signs up reads what the specification says, and signs in when it is back."""
    client = browser()
    given = {"email": "eva@example.com", "password": PASSWORD}
    with monkeypatch.context() as down:
        down.setattr(mail, "get_connection", refuse)
        answer = ask(client, "signup", **given)
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["message"] == settings.MAIL_WHEN_DOWN
    assert ask(client, "login", **given).status_code == 401
    confirm(client)


def refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    """Fail as a connection that nobody accepts."""
    raise ConnectionRefusedError


def test_an_address_is_one() -> None:
    """What the model of people does not take is told at once."""
    for email in (f"{'x' * 300}@example.com", "\u0130x@example.com", "eva"):
        answer = ask(browser(), "signup", email=email, password=PASSWORD)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["param"] == "email"
    assert get_user_model().objects.count() == 0


def test_two_at_once_are_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes second with a new address is told to try again."""
    save = AccountAdapter.save_user

    def save_late(*args: Any, **kwargs: Any) -> Any:
        person()
        return save(*args, **kwargs)

    monkeypatch.setattr(AccountAdapter, "save_user", save_late)
    answer = ask(browser(), "signup", email="ana@example.com", password=PASSWORD)
    assert answer.status_code == 409


def test_nobody_learns_who_has_an_account_while_mail_is_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The answer is the same, whoever asks."""
    person()
    monkeypatch.setattr("core.signing_in.get_connection", refuse)
    for email in ("ana@example.com", "nobody@example.com"):
        assert ask(browser(), "password/request", email=email).status_code == 503


def test_one_address_has_one_account() -> None:
    """Whoever tries the address of somebody else learns nothing, in upper case or lower."""
    person()
    for email in ("ana@example.com", "ANA@example.com"):
        answer = ask(browser(), "signup", email=email, password=PASSWORD)
        assert answer.status_code == 401
    assert get_user_model().objects.count() == 1


# end
# if invited
def test_people_are_invited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter tells of an account, or there is none; whoever reads it sets a password."""
    root, address = make_user(email="root@example.com", is_superuser=True), "/api/accounts/users/"
    root.save()
    client = browser()
    client.force_login(root)
    client.defaults["HTTP_X_CSRFTOKEN"] = client.get("/api/me/").json()["csrf_token"]
    with monkeypatch.context() as down:
        down.setattr("core.inviting.send_mail", refuse)
        assert client.post(address, {"email": "eva@example.com"}, JSON).status_code == 503
    assert get_user_model().objects.count() == 1
    assert client.post(address, {"email": "Eva@example.com"}, JSON).status_code == 201
    assert mail.outbox[-1].to == ["eva@example.com"]
    own = browser()
    assert ask(own, "password/request", email="eva@example.com").status_code == 401
    own.defaults["HTTP_X_CSRFTOKEN"] = own.get("/api/me/").json()["csrf_token"]
    ask(own, "password/reset", key=code_of_letter(), password=PASSWORD)
    assert get_user_model().objects.get(email="eva@example.com").check_password(PASSWORD)


def test_a_command_invites() -> None:
    """Whoever has a letter has an account, also where the next address can't be invited."""
    call_command("invite", "eva@example.com", "Ida@example.com", stdout=StringIO())
    assert [letter.to for letter in mail.outbox] == [["eva@example.com"], ["ida@example.com"]]
    with pytest.raises(CommandError):
        call_command("invite", "new@example.com", "eva@example.com", stdout=StringIO())
    assert mail.outbox[-1].to == ["new@example.com"]
    assert get_user_model().objects.count() == len(mail.outbox) == 3


def refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    """Fail as a connection that nobody accepts."""
    raise ConnectionRefusedError


# end
# if closed
def test_nobody_signs_up() -> None:
    """Accounts are made by those who may."""
    answer = ask(browser(), "signup", email="eva@example.com", password=PASSWORD)
    assert answer.status_code == 403
    assert get_user_model().objects.count() == 0


# end
def test_an_empty_token_is_none() -> None:
    """A cookie is asked for the token against forgery, and grows old, whatever else is sent."""
    client, ana = browser(), person()
    client.force_login(ana)
    forged = client.delete(
        "/api/auth/browser/v1/auth/session",
        headers={"X-Session-Token": " ", "X-CSRFToken": "no"},
    )
    assert forged.status_code == 403
    session = client.session
    session["begun"] = session["seen"] = int(time()) - settings.SESSION_IDLE - 1
    session.save()
    client.get("/api/auth/browser/v1/auth/session", headers={"X-Session-Token": "nothing"})
    assert who(client) is None


def test_a_session_may_end_meanwhile() -> None:
    """Whoever is signed out while a request is answered is told so."""
    session = session_of(token_of(person()))
    assert session.get("begun") is None
    session["begun"] = 0
    Session.objects.all().delete()
    with pytest.raises(SessionInterrupted):
        save(session)


def test_a_session_ends_when_nothing_is_done() -> None:
    """And at its age, whatever is done."""
    client, ana = browser(), person()
    for name, longest in (("seen", settings.SESSION_IDLE), ("begun", settings.SESSION_COOKIE_AGE)):
        client.force_login(ana)
        assert who(client) == str(ana.pk)
        session = client.session
        session[name] -= longest + 1
        session.save()
        assert who(client) is None

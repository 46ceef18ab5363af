"""The audit trail says where writes come from."""

from __future__ import annotations

import pytest

from core.acting import Acting, acting, started, told

STARTED = [
    (["manage.py", "seed", "--dry-run"], Acting("command", "seed")),
    (["/srv/app/manage.py", "migrate"], Acting("command", "migrate")),
    (["/usr/bin/django-admin", "loaddata", "a.json"], Acting("command", "loaddata")),
    (["manage.py", "shell"], Acting("shell")),
    (["manage.py"], Acting("shell")),
    (["gunicorn", "config.wsgi"], Acting("shell")),
    ([], Acting("shell")),
]


@pytest.mark.parametrize(("arguments", "expected"), STARTED)
def test_a_command_is_told_from_a_shell(arguments: list[str], expected: Acting) -> None:
    """By how the process was started."""
    assert started(arguments) == expected


def test_what_acts_inside_is_told_first() -> None:
    """And what is around it afterwards."""
    with acting("job", "remind"):
        with acting("command", "seed"):
            assert (told()["source"], told()["origin"]) == ("command", "seed")
        assert (told()["source"], told()["origin"]) == ("job", "remind")
    assert told()["source"] != "job"

"""What tests of all apps may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.db.lifecycles import any_state

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def rows_in_any_state() -> Iterator[None]:
    """Let rows begin in any state: rules about rows are asked of all of them."""
    with any_state():
        yield

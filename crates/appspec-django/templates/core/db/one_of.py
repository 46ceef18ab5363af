"""References to a row of one of several models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast, overload

if TYPE_CHECKING:
    from django.db.models import ForeignKey

_Row = TypeVar("_Row")
_Other = TypeVar("_Other")


class OneOf(property, Generic[_Row]):
    """The row that a record points to by one of several references, whichever is set.

    Setting it empties the others. A row that is loaded already is not asked for again. Queries
    name the references themselves: each is a column of its own.
    """

    def __init__(self, *references: ForeignKey[Any, _Row | None]) -> None:
        super().__init__()
        self.references = references

    def or_(self, reference: ForeignKey[Any, _Other | None]) -> OneOf[_Row | _Other]:
        """Add a reference to another model."""
        references = cast("Any", (*self.references, reference))
        return OneOf(*references)

    @overload
    def __get__(self, record: None, owner: type | None = None) -> Self: ...

    @overload
    def __get__(self, record: object, owner: type | None = None) -> _Row | None: ...

    def __get__(self, record: object | None, owner: type | None = None) -> Self | _Row | None:
        """Give the row, or nothing where none of the references is set."""
        if record is None:
            return self
        rows = (getattr(record, reference.name) for reference in self.references)
        return next((row for row in rows if row is not None), None)

    def __set__(self, record: object, row: _Row | None) -> None:
        """Point to a row by the reference to its model, and by no other."""
        models = [cast("type", reference.related_model) for reference in self.references]
        if row is not None and not isinstance(row, tuple(models)):
            names = ", ".join(model.__name__ for model in models)
            message = f"{row!r} is none of these: {names}"
            raise TypeError(message)
        for reference, model in zip(self.references, models, strict=True):
            setattr(record, reference.name, row if isinstance(row, model) else None)

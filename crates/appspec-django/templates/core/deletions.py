"""Rows that are marked when they are deleted, hidden from then on, and can be restored."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models, transaction
from django.db.models.deletion import CASCADE, Collector, get_candidate_relations_to_delete
from django.utils import timezone

from core.db.across import ask_now
from core.errors import REFUSALS, explain
from core.lifecycles import StatefulQuerySet, StatefulRecord
from core.models import Record, RecordManager, RecordQuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    Deleted = tuple[int, dict[str, int]]
    Rows = models.QuerySet[Any]

_Restorable = TypeVar("_Restorable", bound="RestorableRecord")
_Stateful = TypeVar("_Stateful", bound="RestorableStatefulRecord")

# So many keys are named in one statement at most.
BATCH = 500


class Restorable:
    """What rows can do that are marked when they are deleted: a part of their query sets."""

    def delete(self: Any) -> Deleted:
        """Mark the rows, and what goes with them; empty the references that are to be emptied.

        Rows that are marked already keep their mark.
        """
        with transaction.atomic(using=self.db):
            marks = Marks(using=self.db)
            marks.collect(self.filter(deleted_at=None).order_by())
            return marks.write()

    def deleted(self: Any) -> Any:
        """Return those of the rows that are deleted."""
        return self.filter(deleted_at__isnull=False)

    def restore(self: Any) -> int:
        """Restore the rows, and what was deleted together with them; return how many.

        Raise ``ValidationError`` if a rule is in the way by now: somebody has taken what is unique,
        or a row that one of them points to was deleted.
        """
        keys: dict[datetime, list[Any]] = {}
        for moment, key in self.deleted().order_by().values_list("deleted_at", "pk"):
            keys.setdefault(moment, []).append(key)
        try:
            with transaction.atomic(using=self.db):
                restored = sum(unmark(self.model, keys[at], at, self.db) for at in keys)
                ask_now()
        except REFUSALS as error:
            raise explain(error) from error
        return restored

    def purge(self: Any) -> Deleted:
        """Delete for good what is deleted already, and what goes with it."""
        return models.QuerySet.delete(self.deleted().order_by())

    for _writes in (delete, restore, purge):
        # No template may call it.
        vars(_writes)["alters_data"] = True


class RestorableQuerySet(Restorable, RecordQuerySet[_Restorable]):
    """Rows that are marked when they are deleted."""


class LiveManager(RecordManager[_Restorable]):
    """Finds records that are not deleted."""

    def get_queryset(self) -> RecordQuerySet[_Restorable]:
        """Return the rows that are not deleted."""
        return super().get_queryset().filter(deleted_at=None)


class RestorableRecord(Record):
    """A row that is marked when it is deleted."""

    queryset_class: ClassVar[type[RecordQuerySet[Any]]] = RestorableQuerySet
    deleted_at: Any

    objects: ClassVar[RecordManager[Self]] = LiveManager()
    # Those that are deleted, too.
    all_objects: ClassVar[RecordManager[Self]] = RecordManager()

    class Meta:
        abstract = True

    def delete(self, using: str | None = None, *_args: Any, **_kwargs: Any) -> Deleted:
        """Mark the row, and what goes with it."""
        rows = type(self).all_objects.using(using or self._state.db)
        deleted = rows.filter(pk=self.pk).delete()
        self.refresh_from_db(using=using, fields=["deleted_at"])
        return deleted


class RestorableStatefulQuerySet(Restorable, StatefulQuerySet[_Stateful]):
    """Rows that are marked when they are deleted, and whose states change by actions alone."""


class RestorableStatefulRecord(RestorableRecord, StatefulRecord):
    """A row that is marked when it is deleted, and whose state changes by actions alone."""

    queryset_class = RestorableStatefulQuerySet

    class Meta:
        abstract = True


class Marks(Collector):
    """Finds what a deletion marks along with its rows, as Django finds what it deletes.

    What is deleted already refuses nothing. Pairs of rows, and what only Django knows of, stay.
    """

    def can_fast_delete(self, *_args: Any, **_kwargs: Any) -> bool:
        """Look at every row."""
        return False

    def related_objects(
        self, related_model: type[models.Model], related_fields: Iterable[Any], objs: Any
    ) -> Rows:
        """Return the live rows that point to some rows."""
        rows: Rows = super().related_objects(related_model, related_fields, objs)
        if issubclass(related_model, RestorableRecord):
            return rows.filter(deleted_at=None)
        goes = any(field.remote_field.on_delete is CASCADE for field in related_fields)
        return rows.none() if goes else rows

    def write(self) -> Deleted:
        """Empty references and mark rows; return how many, for each model."""
        moment = timezone.now()
        emptied: Mapping[Any, Any] = self.field_updates
        for (field, _), rows in emptied.items():
            keys = [row.pk for some in rows for row in some]
            for batch in batches(field.model, keys, self.using):
                batch.update(**{field.name: None})
        marked: Counter[str] = Counter()
        for model, found in self.data.items():
            for batch in batches(model, [row.pk for row in found], self.using):
                live = batch.filter(deleted_at=None)
                marked[model._meta.label] += live.update(deleted_at=moment)
        return marked.total(), dict(marked)


def unmark(model: type[models.Model], keys: Sequence[Any], moment: datetime, using: str) -> int:
    """Restore rows that were deleted at a moment, and what went with them; return how many."""
    waiting, restored = [(model, keys)], 0
    while waiting:
        model, keys = waiting.pop()
        for batch in batches(model, keys, using):
            batch.filter(deleted_at=moment).update(deleted_at=None)
            # Also those that have no name on this side.
            relations: Iterable[Any] = get_candidate_relations_to_delete(model._meta)
            for relation in relations:
                related, field = relation.related_model, relation.field
                if relation.on_delete is CASCADE and issubclass(related, RestorableRecord):
                    with_them = related.all_objects.using(using).filter(
                        **{f"{field.name}__in": batch, "deleted_at": moment}
                    )
                    waiting.append((related, list(with_them.values_list("pk", flat=True))))
        restored += len(keys)
    return restored


def batches(model: type[models.Model], keys: Sequence[Any], using: str) -> list[Rows]:
    """Return the rows with these keys, some at a time."""
    rows: Rows = model._base_manager.using(using)
    starts = range(0, len(keys), BATCH)
    return [rows.filter(pk__in=keys[start : start + BATCH]) for start in starts]

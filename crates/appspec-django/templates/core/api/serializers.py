"""Rows as JSON: what of them may be read, and what is given to write them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import UTC
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db.models import (
    BinaryField,
    BooleanField,
    DateTimeField,
    DecimalField,
    GeneratedField,
    Model,
)
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import empty
from rest_framework.utils.field_mapping import ClassLookupDict
from rest_framework.validators import UniqueValidator

from core.access import READ, permitted, seen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

_Row = TypeVar("_Row", bound=Model)

NO_BASE64 = gettext_lazy("This is no Base64 text.")
UNKNOWN = gettext_lazy("There is no such field.")
MAINTAINED = gettext_lazy("Nobody gives a value to this field.")


class TruthField(serializers.BooleanField):
    """True or false. A form that leaves it out says nothing about it."""

    default_empty_html = empty


class MomentField(serializers.DateTimeField):
    """A moment, shown in UTC: the offset of a zone had seconds once, which JSON has no form for."""

    def to_representation(self, value: Any) -> str:
        """Return the text."""
        return cast("str", value.astimezone(UTC).isoformat().replace("+00:00", "Z"))


class Base64Field(serializers.CharField):
    """Bytes, as Base64 text."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the bytes."""
        try:
            return b64decode(super().to_internal_value(data), validate=True)
        except ValueError as error:
            raise serializers.ValidationError(NO_BASE64, code="invalid") from error

    def to_representation(self, value: Any) -> str:
        """Return the text."""
        return b64encode(bytes(value)).decode()


class ReadableKeyField(serializers.PrimaryKeyRelatedField[Model]):
    """The key of another row. One that may not be read is answered as one that is not there."""

    def get_queryset(self) -> QuerySet[Model]:
        """Return the rows that may be named."""
        rows: Any = super().get_queryset()
        readable = permitted(rows.model, self.context["request"].user, READ)
        return cast("QuerySet[Model]", rows.filter(readable).order_by())


class RowSerializer(serializers.ModelSerializer[_Row]):
    """Shows the fields of a row that may be read, and takes those that people give a row.

    Here a value gets its type. The rules about it are the model's, which is validated as a whole
    when it is written, and who may give it is asked then, too.
    """

    serializer_related_field = ReadableKeyField
    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        BinaryField: Base64Field,
        BooleanField: TruthField,
        DateTimeField: MomentField,
    }

    def get_validators(self) -> list[Any]:
        """Return none: the model knows which values are unique together."""
        return []

    def build_standard_field(self, field_name: str, model_field: Any) -> tuple[Any, dict[str, Any]]:
        """Return how a field is read, without asking whether its value is unique."""
        if isinstance(model_field, GeneratedField):
            return self.build_derived_field(model_field.output_field)
        kind, options = super().build_standard_field(field_name, model_field)
        asked = options.get("validators", ())
        options["validators"] = [each for each in asked if not isinstance(each, UniqueValidator)]
        return kind, options

    def build_property_field(self, field_name: str, model_class: Any) -> Any:
        """Return how a value is shown that the query derives."""
        derived = model_class._default_manager.all().query.annotations[field_name]
        return self.build_derived_field(derived.output_field)

    def build_derived_field(self, computed: Any) -> tuple[Any, dict[str, Any]]:
        """Return how a derived value is shown: by its type."""
        options: dict[str, Any] = {"read_only": True, "allow_null": True}
        if isinstance(computed, DecimalField):
            options["max_digits"] = computed.max_digits
            options["decimal_places"] = computed.decimal_places
        kinds: Any = ClassLookupDict(self.serializer_field_mapping)
        return kinds[computed], options

    def to_internal_value(self, data: Mapping[str, Any]) -> Any:
        """Return what is given. Nothing of it is left out silently."""
        strange = {}
        for name in data if isinstance(data, dict) else ():
            field = self.fields.get(name)
            if field is None:
                strange[name] = [ErrorDetail(str(UNKNOWN), "unknown_field")]
            elif field.read_only:
                strange[name] = [ErrorDetail(str(MAINTAINED), "read_only")]
        if strange:
            raise serializers.ValidationError(strange)
        return super().to_internal_value(data)

    def to_representation(self, instance: _Row) -> dict[str, Any]:
        """Return the key of a row, and what of it may be read."""
        readable = seen(instance, self.context["ways"]) | {instance._meta.pk.name}
        shown = super().to_representation(instance)
        return {name: value for name, value in shown.items() if name in readable}

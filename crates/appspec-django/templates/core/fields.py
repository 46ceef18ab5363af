"""Model fields that keep a promise of the specification."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import EmptyResultSet, FullResultSet, ValidationError
from django.db import models
from django.db.models import Value
from django.db.models.lookups import IsNull
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy

from core.files import upload_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.checks import CheckMessage
    from django.db.models import Model

_Set_contra = TypeVar("_Set_contra", contravariant=True)
_Get_co = TypeVar("_Get_co", covariant=True)

if TYPE_CHECKING:

    class _EmailField(models.EmailField[_Set_contra, _Get_co]):
        """Django's field, as type checkers see it."""
else:

    class _EmailField(models.EmailField):
        """Django's field, which takes no type arguments when it runs."""

        def __class_getitem__(cls, _types: object) -> type:
            """Ignore the types."""
            return cls


class LowercaseEmailField(_EmailField[_Set_contra, _Get_co]):
    """An e-mail address, stored in lower case so that it can be compared and kept unique."""

    def to_python(self, value: Any) -> Any:
        """Return the value as Python holds it."""
        value = super().to_python(value)
        return value.lower() if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        """Return the value as the database holds it."""
        value = super().get_prep_value(value)
        return value.lower() if isinstance(value, str) else value

    def pre_save(self, model_instance: Model, *args: Any, **kwargs: Any) -> Any:
        """Return the value to be written, and let the row hold it too."""
        value = self.to_python(super().pre_save(model_instance, *args, **kwargs))
        setattr(model_instance, self.attname, value)
        return value


# SQLite reads a thousand levels; Python and PostgreSQL read as many as they have memory for.
DEEPEST = 100


def is_document(text: str) -> bool:
    """Say whether a text is JSON that can be stored and shown again.

    Python reads more than that: numbers that are none, and halves of a character.
    """
    try:
        level = [json.loads(text)]
        json.dumps(level, ensure_ascii=False, allow_nan=False).encode()
    except (RecursionError, ValueError):
        return False
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in parts(each)]
    return not any(isinstance(each, dict | list) for each in level)


def parts(value: Any) -> Iterable[Any]:
    """Return what a JSON value is made of."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


class DocumentInput(forms.JSONField):
    """JSON, typed as text."""

    def to_python(self, value: Any) -> Any:
        """Return the value as Python holds it."""
        typed = isinstance(value, str) and not self.disabled
        if typed and value not in self.empty_values and not is_document(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what the form shows again."""
        if self.disabled or data is None or is_document(data):
            return super().bound_data(data, initial)
        return InvalidJSONInput(data)


class DocumentField(models.JSONField):
    """A JSON value in which an empty list or object is a value, not a missing one."""

    empty_values = [None, ""]

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        """Return the field of a form."""
        field = super().formfield(*args, **{"form_class": DocumentInput, **kwargs})
        if field is not None:
            field.empty_values = self.empty_values
        return field


class Base64Input(forms.CharField):
    """Bytes, typed as Base64 text."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Return what the form shows."""
        return base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else value

    def to_python(self, value: Any) -> Any:
        """Return the value as Python holds it."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return base64.b64decode(text, validate=True)
        except ValueError as error:
            # No Base64, or letters that ASCII does not have.
            message = gettext_lazy("Enter bytes as Base64 text.")
            raise ValidationError(message, code="invalid") from error


if TYPE_CHECKING:
    _BinaryField = models.BinaryField[Any, Any]
else:
    _BinaryField = models.BinaryField


class BytesField(_BinaryField):
    """Bytes that can be edited, as Base64 text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"editable": True, **kwargs})

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        """Return the field of a form."""
        return super().formfield(*args, **{"form_class": Base64Input, **kwargs})


if TYPE_CHECKING:
    _AddressField = models.GenericIPAddressField[Any, Any]
else:
    _AddressField = models.GenericIPAddressField


class CopiedAddressField(_AddressField):
    """An IP address that may be missing in a form, but never in a row: another row has it."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Leave out that a missing address would be NULL: it is filled in before that."""
        found = super().check(**kwargs)
        return [message for message in found if message.id != "fields.E150"]


class IsMissing(IsNull):
    """Whether there is no file, also of a row that is being validated.

    A row without a file holds a false ``FieldFile``, never None: Django would call it present.
    """

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        """Return the condition, or its answer where the value is at hand."""
        if isinstance(self.lhs, Value) and not self.lhs.value:
            raise FullResultSet if self.rhs else EmptyResultSet
        return super().as_sql(*args, **kwargs)


class PrivateFileField(models.FileField):
    """A file that is stored outside the web root; no file is NULL."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"upload_to": upload_path, **kwargs})

    def get_prep_value(self, value: Any) -> Any:
        """Return the value as the database holds it."""
        return super().get_prep_value(value) or None

    def get_lookup(self, lookup_name: str) -> Any:
        """Return what compares the field."""
        return IsMissing if lookup_name == "isnull" else super().get_lookup(lookup_name)


class PrivateImageField(models.ImageField):
    """An image that is stored outside the web root; no image is NULL."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"upload_to": upload_path, **kwargs})

    def get_prep_value(self, value: Any) -> Any:
        """Return the value as the database holds it."""
        return super().get_prep_value(value) or None

    def get_lookup(self, lookup_name: str) -> Any:
        """Return what compares the field."""
        return IsMissing if lookup_name == "isnull" else super().get_lookup(lookup_name)

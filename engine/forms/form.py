"""One form of a process.

Owns: `Form`, the door to reading, filling in, checking and laying out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.forms.faults import FieldError
from engine.forms.views import FieldView

#: A check registered by name for `properties.validator`: takes the value, returns the fault or None.
Validator = Callable[[Any], FieldError | None]


class Form:
    """A form, read once, immutable, shared by threads.

    key: "application". problems: what could not be read.
    """

    key: str

    @classmethod
    def read(cls, key: str, data: bytes, texts: Mapping[str, Any] | None = None, file: str = "") -> Form:
        """Read form-js JSON. `texts` are the English ones of this form. Never raises: see `problems`."""
        raise NotImplementedError

    def parse(self, post: Mapping[str, str | Sequence[str]]) -> dict[str, Any]:
        """Turn a flat form post (`organisation.name=…`, `sites.0.city=…`) into typed nested data; unknown names are left out.

        What cannot be read as its type stays the text that was typed, for `validate` to name and the page to show again.
        """
        raise NotImplementedError

    def validate(self, data: Mapping[str, Any], context: Mapping[str, Any], *, validators: Mapping[str, Validator] | None = None,
                 functions: Mapping[str, Callable[..., Any]] | None = None) -> dict[str, Any]:
        """Check data (of `parse`, or JSON) and return it clean: typed, hidden fields left out.

        Args:
            context: variables the conditions and checks may read besides the form's own data.
            validators: checks by name. functions: `today` and `now` for FEEL.
        Raises: FormInvalid, naming every fault; unknown fields are faults.
        """
        raise NotImplementedError

    def fields(self, context: Mapping[str, Any], data: Mapping[str, Any] | None = None, *,
               errors: Mapping[str, Sequence[FieldError]] | None = None,
               functions: Mapping[str, Callable[..., Any]] | None = None) -> tuple[FieldView, ...]:
        """The visible components in order, with values from `data` and defaults from `context`."""
        raise NotImplementedError

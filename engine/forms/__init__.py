"""Forms drawn by process owners: read from form-js JSON, filled in, checked, and laid out for a page."""

from engine.forms.faults import FieldError, FormInvalid
from engine.forms.form import Form
from engine.forms.views import FieldView, Option

__all__ = ["FieldError", "FieldView", "Form", "FormInvalid", "Option"]

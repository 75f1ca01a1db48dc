"""The form that everybody may send."""

"""Filling a DOCX template (letters, notices) with values."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import ChainableUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from gongkai.kernel.documents.errors import DocumentRefused, refusal
from gongkai.kernel.documents.packing import repack


def render_docx(template: Path | bytes, context: Mapping[str, Any]) -> bytes:
    """Fill ``template`` (a DOCX file with ``{{ name }}`` places) with ``context`` and return the new file.

    Values are escaped and the template runs in a sandbox. The same template and context give the same bytes. A value
    that may be absent is passed as None or an empty string; one that is not passed at all is an error.

    Raises DocumentRefused naming *all* missing values, or when the template is damaged or not understood.
    """
    missing: set[str] = set()
    environment = SandboxedEnvironment(undefined=_recorder(missing), autoescape=True)
    try:
        source = BytesIO(template.read_bytes() if isinstance(template, Path) else template)
        document = DocxTemplate(source)
        missing |= document.get_undeclared_template_variables(environment, dict(context))
        if not missing:
            source.seek(0)
            document.render(dict(context), environment, autoescape=True)
        if missing:
            raise refusal("document.template.missing_values", values="、".join(sorted(missing)))
        target = BytesIO()
        document.save(target)
    except DocumentRefused:
        raise
    except TemplateError as error:
        raise refusal("document.template.syntax", reason=str(error.message or error)) from error
    except Exception as error:
        # Template files are edited by hand in a word processor: whatever breaks is the template's fault.
        raise refusal("document.template.damaged") from error
    return repack(target.getvalue())


def _recorder(missing: set[str]) -> type[ChainableUndefined]:
    """Build an undefined type that notes the names that were asked for in vain."""

    class Recorder(ChainableUndefined):
        """Stands for a missing value; using it in any way puts its name on the list."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            if self._undefined_name is not None:
                missing.add(str(self._undefined_name))

    return Recorder

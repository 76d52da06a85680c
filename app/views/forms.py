"""The form of a kind of source, made from the options that its connector takes."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

from integrations import CONNECTORS

FIRST = {
    "zendesk": ("subdomain", "client_id", "client_secret"),
    "github": ("owner", "repo", "token"),
}
"""What nearly everybody fills in; the rest is for a closer look."""
FROM_PAGES = tuple(sorted(set(CONNECTORS) - {"file"}))
"""A file's path is one on the server: whoever may name it has the server's command."""
NAMES = {"zendesk": "Zendesk", "github": "GitHub"}
Shape = Literal["text", "secret", "number", "day", "check"]


class FieldLine(BaseModel):
    """One field; a secret's value is never shown again."""

    name: str
    label: str
    help: str
    shape: Shape
    required: bool
    first: bool
    value: str = ""


class SourceForm(BaseModel):
    """What to fill in to connect a source of a kind, and what was wrong with it."""

    kind: str
    title: str
    kinds: list[str]
    name: str
    noun: str
    fields: list[FieldLine] = Field(default_factory=list)
    error: str = ""
    back: str = "/sources"


def source_form(
    kind: str, given: Mapping[str, str] | None = None, *, error: str = "", back: str = "/sources"
) -> SourceForm:
    """Return the form of a kind, with what was typed into it before, secrets excepted."""
    typed, options = given or {}, options_of(kind).model_fields
    return SourceForm(
        kind=kind,
        title=NAMES.get(kind, kind),
        kinds=list(FROM_PAGES),
        name=typed.get("name", kind),
        noun=_connector(kind).noun,
        fields=_ordered(kind, [_field(kind, n, f, given) for n, f in options.items()]),
        error=error,
        back=back,
    )


def _ordered(kind: str, fields: list[FieldLine]) -> list[FieldLine]:
    order = {name: place for place, name in enumerate(FIRST.get(kind, ()))}
    return sorted(fields, key=lambda each: order.get(each.name, len(order)))


def _field(kind: str, name: str, field: FieldInfo, given: Mapping[str, str] | None) -> FieldLine:
    shape = _shape(str(field.annotation))
    usual = "" if field.default is None or field.is_required() else _text(field.default)
    if given is None:
        value = usual
    elif shape == "check":
        value = "true" if name in given else ""
    else:
        value = given.get(name, "")
    return FieldLine(
        name=name,
        label=name.replace("_", " ").capitalize(),
        help=field.description or "",
        shape=shape,
        required=field.is_required(),
        first=name in FIRST.get(kind, ()) or field.is_required(),
        value="" if shape == "secret" else value,
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return str(value) if isinstance(value, str | int) else ""


def _shape(annotation: str) -> Shape:
    if "SecretStr" in annotation:
        return "secret"
    if "bool" in annotation:
        return "check"
    if "date" in annotation:
        return "day"
    return "number" if "int" in annotation else "text"


def split(kind: str, typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what was filled in: plain options, and secrets; empty fields were not."""
    plain: dict[str, str] = {}
    secret: dict[str, str] = {}
    for field in source_form(kind).fields:
        value = typed.get(field.name, "").strip()
        if field.shape == "check":
            plain[field.name] = "true" if value else "false"
        elif value:
            (secret if field.shape == "secret" else plain)[field.name] = value
    return plain, secret


def secret_names(kind: str) -> list[str]:
    """Return the names of a kind's secrets, but for the one that signs webhooks."""
    if kind not in CONNECTORS:
        return []
    names = [field.name for field in source_form(kind).fields if field.shape == "secret"]
    return [name for name in names if name != "webhook_secret"]


def option_default(kind: str, name: str) -> object:
    """Return what an option of a kind is when nothing is said; None where it has none."""
    if kind not in CONNECTORS:
        return None
    field = options_of(kind).model_fields.get(name)
    return None if field is None or field.is_required() else field.default


def options_of(kind: str) -> type[BaseModel]:
    """Return the options that a kind of source takes."""
    made: type[BaseModel] = _connector(kind).Options
    return made


def _connector(kind: str) -> Any:
    module, _, name = CONNECTORS[kind].partition(":")
    return getattr(import_module(module), name)

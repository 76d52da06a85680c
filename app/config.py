"""Settings, read once at the door and passed on as values."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from app.core.errors import Invalid

PREFIX = "BUGSPRINT_"


def _split(value: object) -> object:
    return (
        [part for part in value.replace(",", " ").split() if part]
        if isinstance(value, str)
        else value
    )


Names = Annotated[frozenset[str], BeforeValidator(_split)]


class Settings(BaseModel):
    """Every knob; the environment name is BUGSPRINT_ + the field in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str = Field(
        "sqlite:///var/bugsprint.db",
        description="Where the data lives: sqlite:/// or postgresql://.",
    )
    secret_key: SecretStr | None = Field(
        None, min_length=16, description="Encrypts connector secrets; needed outside the demo."
    )
    old_secret_keys: SecretStr | None = Field(
        None, description="Keys that were used before, with commas; `bugsprint rekey` ends that."
    )
    base_url: str = Field(
        "http://127.0.0.1:8400", pattern="^https?://[^/]+$", description="The public address."
    )
    allowed_private_hosts: Names = Field(
        frozenset(), description="host:port list on private networks that sources may connect to."
    )
    sync_seconds: int = Field(
        300, ge=5, le=86_400, description="How often each source is read, in seconds."
    )
    log_level: str = Field(
        "info", pattern="^(debug|info|warning|error)$", description="How much is logged."
    )

    @property
    def secret_keys(self) -> tuple[str | None, list[str]]:
        """The key that seals, and the older ones that still open.

        An older key may hold a comma itself, so the whole text counts as one as well.
        """
        new = self.secret_key.get_secret_value() if self.secret_key else None
        whole = self.old_secret_keys.get_secret_value() if self.old_secret_keys else ""
        parts = [part.strip() for part in whole.split(",")]
        old = dict.fromkeys([*parts, whole] if len(parts) > 1 else parts)
        return new, [key for key in old if key and key != new]

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read known names; a misspelt BUGSPRINT_ name is an error, not a default."""
        given = {k.removeprefix(PREFIX).lower(): v for k, v in env.items() if k.startswith(PREFIX)}
        for name in given.keys() - cls.model_fields.keys():
            raise Invalid(_misspelt(name, list(cls.model_fields)))
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            name = PREFIX + str(first["loc"][0]).upper()
            raise Invalid(f"{name} is not usable: {first['msg']}.") from None


def read_env(env: Mapping[str, str], file: Path) -> dict[str, str]:
    """Return the environment, with names from a `.env` file where it does not set them."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs} | dict(env)


def _misspelt(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f"; did you mean {PREFIX}{near[0].upper()}?" if near else "."
    return f"There is no setting {PREFIX}{name.upper()}{hint}"

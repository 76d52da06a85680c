"""What the GitHub connector may be told."""

import re
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

Severity = Literal["S1", "S2", "S3", "S4"]
NAME = re.compile(r"(?!\.+$)[A-Za-z0-9._-]{1,100}")


class Options(BaseModel):
    """Which repositories are read, as whom, and what their labels mean."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    owner: str = Field(description="The user or organisation that owns the repositories.")
    repo: str = Field(description="The repository, or several with commas between them.")
    token: SecretStr | None = Field(
        default=None, description="A fine-grained token that may read issues and metadata."
    )
    webhook_secret: SecretStr | None = Field(
        default=None, description="The secret GitHub signs its webhooks with."
    )
    base_url: str = Field(
        default="https://api.github.com",
        description="The API's address; for Enterprise Server https://HOST/api/v3.",
    )
    severity_labels: dict[str, Severity] = Field(
        default_factory=dict,
        description="Labels that mean a severity, as “crash=S1, cosmetic=S4”.",
    )
    requests_per_minute: int = Field(
        default=60, ge=1, le=900, description="The most requests sent in a minute."
    )
    enabled: bool = Field(default=True, description="Whether the repositories are read at all.")
    keep_text: bool = Field(default=True, description="Whether descriptions are kept.")

    @property
    def repositories(self) -> tuple[str, ...]:
        """Each as owner/repo."""
        names = (name.strip() for name in self.repo.split(","))
        return tuple(dict.fromkeys(f"{self.owner}/{name}" for name in names if name))

    @model_validator(mode="before")
    @classmethod
    def _no_app_yet(cls, given: Any) -> Any:
        if isinstance(given, dict) and {"app_id", "installation_id", "private_key"} & given.keys():
            raise ValueError("signing in as a GitHub App is not supported yet, give a token")
        return given

    @field_validator("severity_labels", mode="before")
    @classmethod
    def _from_text(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        pairs = [pair.rpartition("=") for pair in given.split(",") if pair.strip()]
        return {label.strip(): level.strip().upper() for label, _, level in pairs}

    @field_validator("owner")
    @classmethod
    def _owner_is_a_name(cls, given: str) -> str:
        if not NAME.fullmatch(given.strip()):
            raise ValueError("give the owner's name alone, without address or slash")
        return given.strip()

    @field_validator("repo")
    @classmethod
    def _repos_are_names(cls, given: str) -> str:
        names = [name.strip() for name in given.split(",") if name.strip()]
        if not names or not all(NAME.fullmatch(name) for name in names):
            raise ValueError("give the repository's name alone, or several with commas between")
        return given

    @field_validator("token", "webhook_secret")
    @classmethod
    def _blank_is_none(cls, given: SecretStr | None) -> SecretStr | None:
        text = given.get_secret_value().strip() if given else ""
        return SecretStr(text) if text else None

"""The settings of one Zendesk account."""

import re
from datetime import UTC, date, datetime, time
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

_SUBDOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class Options(BaseModel):
    """How to reach the account, how to sign in, and which of its own fields mean what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subdomain: str | None = Field(None, description="The NAME in https://NAME.zendesk.com.")
    base_url: str | None = Field(None, description="The whole address, instead of a subdomain.")
    client_id: str | None = Field(None, description="Identifier of a confidential OAuth client.")
    client_secret: SecretStr | None = Field(None, description="Secret of that client.")
    email: str | None = Field(None, description="Legacy: e-mail of the API token's owner.")
    api_token: SecretStr | None = Field(None, description="Legacy: API token, ends 2027-04-30.")
    start: date | None = Field(None, description="Leave out tickets unchanged since this day.")
    arr_field: str | None = Field(None, description="Organisation field with the yearly revenue.")
    plan_field: str | None = Field(None, description="Organisation field with the plan or tier.")
    renewal_field: str | None = Field(None, description="Organisation field with the renewal day.")
    area_field: int | None = Field(
        None, description="Ticket field (id) whose value is added as tag."
    )
    bug_field: int | None = Field(None, description="Ticket field (id) that names bugs.")
    webhook_secret: SecretStr | None = Field(None, description="Signing secret of the webhook.")
    keep_text: bool = Field(default=True, description="Keep the text of the first message.")
    enabled: bool = Field(default=True, description="Whether this source is read at all.")
    requests_per_minute: int = Field(
        10, ge=1, le=1000, description="Limit of the incremental exports together."
    )

    @field_validator("subdomain")
    @classmethod
    def _only_a_name(cls, value: str | None) -> str | None:
        if value is not None and not _SUBDOMAIN.fullmatch(value.lower()):
            raise ValueError("give only the NAME of https://NAME.zendesk.com")
        return value and value.lower()

    @field_validator("base_url")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"https?://[^/@\s]+", value):
            raise ValueError("it must look like https://support.example.com")
        return value and value.rstrip("/")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.subdomain) == bool(self.base_url):
            raise ValueError("give either subdomain or base_url")
        oauth = [bool(self.client_id), bool(self.client_secret)]
        legacy = [bool(self.email), bool(self.api_token)]
        if not any(oauth + legacy):
            raise ValueError("give client_id and client_secret of an OAuth client")
        if any(oauth) and not all(oauth):
            raise ValueError("client_id and client_secret belong together")
        if not any(oauth) and not all(legacy):
            raise ValueError("email and api_token belong together")
        return self

    @property
    def address(self) -> str:
        """The account's address without a slash at its end."""
        return self.base_url or f"https://{self.subdomain}.zendesk.com"

    @property
    def start_seconds(self) -> int:
        """The first moment asked for, in epoch seconds; 0 for all there is."""
        return int(datetime.combine(self.start, time(), UTC).timestamp()) if self.start else 0

    @property
    def legacy(self) -> bool:
        """Whether the API token is used, for want of an OAuth client."""
        return not self.client_id

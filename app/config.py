"""Settings, read once at the door and passed on as values."""

from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
)

from app.core.complaints import complaint
from app.core.errors import Invalid
from app.core.groups import read_role_map
from app.core.vocabulary import Role
from integrations.oidc.client import Client

PREFIX = "BUGSPRINT_"
INSIDE = {
    "localhost",
    "local",
    "internal",
    "lan",
    "intranet",
    "corp",
    "home",
    "arpa",
    "test",
    "example",
}
"""Endings of names that no public server of names knows."""
FROM_FILES = {"secret_key", "old_secret_keys", "database_url", "oidc_client_secret"}
"""Settings with secrets: each may be named with _FILE behind it, and then says where it stands."""

OUR_ADDRESS, ADDRESS, HEADER = "^https?://[^/]+$", r"^https?://[^\s?#]+$", "^[A-Za-z][A-Za-z0-9-]*$"
PATTERNS = {
    OUR_ADDRESS: "it has to look like https://bugs.example.com, with no slash behind it",
    ADDRESS: "it has to look like https://sso.example.com",
    HEADER: "it has to be the name of a header, such as X-Forwarded-Email",
}


def _split(value: object) -> object:
    return (
        [part for part in value.replace(",", " ").split() if part]
        if isinstance(value, str)
        else value
    )


def _role_map(value: object) -> object:
    return read_role_map(value) if isinstance(value, str) else value


Names = Annotated[frozenset[str], BeforeValidator(_split)]
Networks = Annotated[tuple[IPvAnyNetwork, ...], BeforeValidator(_split)]
RoleMap = Annotated[dict[str, Role], BeforeValidator(_role_map)]


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
        "http://127.0.0.1:8400", pattern=OUR_ADDRESS, description="The public address."
    )
    allowed_private_hosts: Names = Field(
        frozenset(), description="host:port list on private networks that sources may connect to."
    )
    oidc_issuer: str | None = Field(
        None, pattern=ADDRESS, description="The identity provider's address."
    )
    oidc_client_id: str | None = Field(None, min_length=1, description="Who we are there.")
    oidc_client_secret: SecretStr | None = Field(
        None, min_length=1, description="What proves that; without one PKCE alone does."
    )
    oidc_role_map: RoleMap = Field(
        default_factory=dict, description="GROUP=ROLE list; the first group one is in decides."
    )
    trusted_proxies: Networks = Field(
        (), description="Addresses or networks whose word on who asks is taken."
    )
    identity_header: str | None = Field(
        None,
        pattern=HEADER,
        description="In which header a trusted proxy says who is signed in.",
    )
    second_factor: bool = Field(
        default=False,
        description="Whether everybody who signs in with a password needs a second factor.",
    )
    hsts_subdomains: bool = Field(
        default=True, description="Whether names below the host are served over TLS only as well."
    )
    sync_seconds: int = Field(
        300, ge=5, le=86_400, description="How often each source is read, in seconds."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much is logged."
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
        _read_files(given)
        for name in given.keys() - cls.model_fields.keys():
            raise Invalid(_misspelt(name, list(cls.model_fields)))
        try:
            settings = cls.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            name = PREFIX + str(first["loc"][0]).upper()
            raise Invalid(f"{name} is not usable: {complaint(first, PATTERNS)}.") from None
        settings.check_together()
        return settings

    @property
    def oidc_client(self) -> Client | None:
        """Who we are at the identity provider, where there is one."""
        if not self.oidc_issuer or not self.oidc_client_id:
            return None
        secret = self.oidc_client_secret
        return Client(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id,
            client_secret=secret.get_secret_value() if secret else None,
            redirect_uri=f"{self.base_url}/sign-in/oidc/back",
        )

    def check_together(self) -> None:
        """Refuse settings that make no sense without others."""
        for name in ("oidc_client_id", "oidc_role_map"):
            if self.oidc_issuer and not getattr(self, name):
                raise Invalid(f"BUGSPRINT_OIDC_ISSUER needs {PREFIX}{name.upper()} as well.")
        for name in ("oidc_client_id", "oidc_client_secret", "oidc_role_map"):
            if getattr(self, name) and not self.oidc_issuer:
                raise Invalid(f"{PREFIX}{name.upper()} needs BUGSPRINT_OIDC_ISSUER as well.")
        if self.base_url.startswith("http:") and is_public(_host(self.base_url)):
            raise Invalid(
                f"BUGSPRINT_BASE_URL is not usable: {self.base_url} is a public address without "
                "TLS, so passwords and cookies would travel in the open; let a reverse proxy serve "
                "it with https:// and say so here."
            )
        if self.identity_header and not self.trusted_proxies:
            raise Invalid(
                "BUGSPRINT_IDENTITY_HEADER needs BUGSPRINT_TRUSTED_PROXIES as well: "
                "anybody could name themselves otherwise."
            )


def _read_files(given: dict[str, str]) -> None:
    """Take the secrets that stand in files, as vaults and orchestrators hand them out."""
    for name in FROM_FILES & {each.removesuffix("_file") for each in given}:
        place = given.pop(f"{name}_file", None)
        if place is None:
            continue
        setting = PREFIX + name.upper()
        if name in given:
            raise Invalid(f"{setting} and {setting}_FILE are both set; set one of them.")
        try:
            given[name] = Path(place).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise Invalid(f"{setting}_FILE is not usable: {place} cannot be read.") from None


def is_public(host: str) -> bool:
    """Say whether a host may be reached from the internet: an address that is, or any full name."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host.rstrip(".") and host.rstrip(".").rpartition(".")[2] not in INSIDE


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        raise Invalid(f"BUGSPRINT_BASE_URL is not usable: {url} is no address.") from None


def read_env(env: Mapping[str, str], file: Path) -> dict[str, str]:
    """Return the environment, with names from a `.env` file where it does not set them."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    except UnicodeDecodeError:
        raise Invalid(f"The settings file {file} is not UTF-8 text.") from None
    # A file that a shell reads as well says `export` before each name.
    pairs = (
        line.strip().removeprefix("export ").split("=", 1)
        for line in lines
        if "=" in line and not line.lstrip().startswith("#")
    )
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs} | dict(env)


def _misspelt(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f"; did you mean {PREFIX}{near[0].upper()}?" if near else "."
    return f"There is no setting {PREFIX}{name.upper()}{hint}"

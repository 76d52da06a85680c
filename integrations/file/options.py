"""What the file connector may be told."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Options(BaseModel):
    """Where the file is, what it holds, and how its columns are called."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path = Field(description="The CSV or JSON Lines file, as the server sees it.")
    noun: Literal["bugs", "customers"] = Field(description="What one row is: bugs or customers.")
    mapping: Path | None = Field(
        default=None,
        description="A YAML or JSON file that names their column for each of our fields.",
    )
    enabled: bool = Field(default=True, description="Whether the file is read at all.")
    keep_text: bool = Field(default=True, description="Whether descriptions are kept.")

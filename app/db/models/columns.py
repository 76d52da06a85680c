"""How Python values are kept in both databases."""

from enum import Enum
from typing import Any

from sqlalchemy import JSON, MetaData
from sqlalchemy import Enum as SAEnum
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


def words(kind: type[Enum]) -> Any:
    """Store an enum by its value, as plain text: readable, portable, free to grow."""
    return SAEnum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=24,
        values_callable=lambda k: [word.value for word in k],
        validate_strings=True,
    )


json_type = JSON().with_variant(JSONB(), "postgresql")
# The same, where None is no value at all instead of JSON's null.
unset_json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

"""The settings of storage, with their defaults and units."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class StorageSettings(BaseModel):
    """Where records are kept, and how patiently."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: SecretStr = Field(
        default=SecretStr(""),
        description="PostgreSQL as postgresql://user:password@host:port/name; "
        "empty: SQLite files in the state folder",
    )
    deadline_s: float = Field(
        default=2.0, gt=0, description="longest time for one transaction, in seconds"
    )
    batch_facts: int = Field(
        default=500, gt=0, description="facts of calls written in one transaction, at most"
    )
    linger_s: float = Field(
        default=0.2,
        ge=0,
        description="time that facts wait for company before they are written, in seconds",
    )
    waiting_facts: int = Field(
        default=20_000, gt=0, description="facts that may wait in memory; more are lost and counted"
    )
    retry_first_s: float = Field(
        default=0.5, gt=0, description="first pause after the database failed, in seconds; doubles"
    )
    retry_longest_s: float = Field(
        default=15.0, gt=0, description="longest pause between two tries, in seconds"
    )
    spool_mb: int = Field(
        default=512,
        gt=0,
        description="facts kept in a file while the database is away, in megabytes; "
        "more are lost and counted",
    )

"""The tables, as the newest migration leaves them; a test holds the two to be the same.

Two groups with promises of their own: the ledger (what a caller was told is kept) survives a power
cut, the record of calls survives this process. In SQLite each is a file, in PostgreSQL both are in
one database.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

calls_metadata = MetaData()
ledger_metadata = MetaData()

call_facts = Table(
    "call_facts",
    calls_metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("call_id", String(64), nullable=False),
    Column("at", Double, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("digest", String(32), nullable=False, comment="of the body: makes equal facts one"),
    Column("body", Text, nullable=False, comment="the fact as a line of JSON"),
    UniqueConstraint("call_id", "at", "digest", name="call_facts_once"),
)

calls = Table(
    "calls",
    calls_metadata,
    Column("call_id", String(64), primary_key=True),
    Column("started_at", Double, nullable=False),
    Column("answered_at", Double, nullable=False),
    Column("ended_at", Double, nullable=False),
    Column("caller", Text, nullable=False),
    Column("dialled", Text, nullable=False),
    Column("trunk", Text, nullable=False),
    Column("caller_class", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("ended_by", Text, nullable=False),
    Column("recordings", Text, nullable=False, comment="names as a JSON array"),
    Column("outgoing", Boolean, nullable=False, server_default=false()),
    Index("calls_by_start", "started_at"),
    Index("calls_by_caller", "caller", "started_at"),
    Index("calls_by_agent", "agent", "started_at"),
)

tallies = Table(
    "tallies",
    calls_metadata,
    Column("batch", String(40), primary_key=True, comment="what was closed together"),
    Column("kind", String(16), primary_key=True, comment="queue, agent, trunk or resolution"),
    Column("subject", String(64), primary_key=True),
    Column("begin_s", Integer, primary_key=True, comment="of the interval, epoch seconds"),
    Column("body", Text, nullable=False, comment="the tally as JSON, to be added to others"),
    Index("tallies_by_begin", "begin_s"),
)

tickets = Table(
    "tickets",
    ledger_metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("number", String(16), nullable=False, unique=True),
    Column("recording", String(128), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("caller", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("call_id", String(64), nullable=False),
    Column("kept_at", Double, nullable=False),
    Index("tickets_by_time", "kept_at"),
)

ratings = Table(
    "ratings",
    ledger_metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("call_id", String(64), nullable=False),
    Column("agent", String(64), nullable=False),
    Column("score", Integer, nullable=False),
    Column("rated_at", Double, nullable=False),
    UniqueConstraint("call_id", "agent", name="ratings_once"),
    Index("ratings_by_time", "rated_at"),
)

wrong_pins = Table(
    "wrong_pins",
    ledger_metadata,
    Column("number", Text, primary_key=True, comment="as a caller keyed it"),
    Column("in_a_row", Integer, nullable=False),
    Column("last_at", Double, nullable=False),
    Index("wrong_pins_by_time", "last_at"),
)

"""The history of the tables: one Alembic environment for each group."""

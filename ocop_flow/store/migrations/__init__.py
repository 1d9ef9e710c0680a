"""Alembic environment; imported by ``ocop init`` alone."""

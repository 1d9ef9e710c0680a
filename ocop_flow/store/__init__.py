"""SQLAlchemy behind the ports: engine, schema, unit of work, migrations."""

"""The database: column types, tables, connections, migrations."""

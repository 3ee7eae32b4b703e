"""The process that faces the internet, and the only place that imports fastapi and sqlalchemy."""

"""Our sweep beside what others use, and beside what PostgreSQL can do at all."""

"""Keeps organizations, people, answers and events in SQLite or PostgreSQL; the only SQL."""

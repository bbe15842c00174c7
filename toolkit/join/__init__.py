"""The server that phones use to join a workshop and fill in its worksheet."""

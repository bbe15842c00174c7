"""The policy workshop toolkit."""

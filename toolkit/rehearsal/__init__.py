"""Made-up people who fill in a workshop for practice."""

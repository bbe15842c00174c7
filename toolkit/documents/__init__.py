"""A document as values, and what draws it: Word files, HTML and charts."""

"""One workshop in one folder: what every page, command and server asks."""

"""HALL: the floors of the hall, each standing on the one below; `toolkit.workshop` is the top of it."""

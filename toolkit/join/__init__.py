"""The join page: a door to the hall for everybody's phones; no kernel behind it, and nothing runs what people send."""

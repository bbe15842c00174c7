"""The join page, the participants' own door."""

"""The book of settlements: what was settled is recorded for good, and a correction is a new record."""

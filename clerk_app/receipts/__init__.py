"""What is on the paper: persons, receipts, claims, and the check digits of their numbers."""

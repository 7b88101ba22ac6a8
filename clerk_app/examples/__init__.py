"""Worked examples: what a policy officer writes beside a policy, and the program proves."""

"""What the program's exit code means."""

#: Everything asked for was done, and what was to be proved holds.
DONE = 0
#: A case does not hold, or something could not be computed.
FAILED = 1
#: The words of the command or a file could not be used.
UNUSABLE = 2

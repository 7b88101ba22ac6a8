"""Local rules as dated, cited values: reading them, checking them, and which version was in force."""

"""The window: widgets that copy fields into the counter's drafts and show its answers; they decide nothing."""

"""What a clerk does, one class a screen, without a window: what is typed, what is wrong, what it pays."""

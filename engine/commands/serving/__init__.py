"""What `serve` is made of: flows as they are now, their runs, the loop that wakes them, and the web side."""

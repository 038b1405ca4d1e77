"""Looking after what is remembered: backups, and what comes of putting one back."""

"""What people do with flows while they make them: drafts, publishing, starters, what a record becomes. For commands and studio."""

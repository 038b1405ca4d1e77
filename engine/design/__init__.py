"""What people do with flows while they make them: drafts, publishing, starters, previews. For commands and studio."""

"""What support sees: a search, what it finds, and the story of one record with its ways out."""

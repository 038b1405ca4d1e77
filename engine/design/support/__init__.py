"""What support does: find a record by what a caller says, tell its story, mend what is wrong, and send it once."""

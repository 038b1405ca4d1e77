"""What holds for a whole workspace: how long things are kept, who is told, what is connected, backups, who did what."""

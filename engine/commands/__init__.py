"""The command line: one module for each command, none imported before it is called."""

"""The headless engine: reads records from one system, reshapes them, writes them to another, remembers everything.

Formulas compute, connectors speak to systems, mappings reshape records, flows say what should happen, runs do it and
remember. The public names for scripts and the studio are imported from the packages below; see ARCHITECTURE.md.
"""

__version__ = "0.1.0"

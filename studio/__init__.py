"""The screen of Mapping Studio: it shows what the engine knows, and asks the engine for everything."""

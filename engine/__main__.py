"""`python -m engine`: the command line."""

from engine.commands.main import main

raise SystemExit(main())

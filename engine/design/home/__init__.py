"""How everything is, as data: each flow's health, what needs somebody, what runs next, and what came of the records."""

"""Runs on screen: started, watched, stopped, and told afterwards; and the days of both sides compared."""

"""Flows at work, as data for whoever shows them: bindings and their forms, schedules in words, checklists.

What a screen or a command asks for stands in `overview`, `forms`, `changing`, `checks` and `exporting`.
"""

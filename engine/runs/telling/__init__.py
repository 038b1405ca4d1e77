"""Telling somebody outside what is wrong: a new cause, a flow that stopped or goes on, a run that was missed.

What is wrong is written into the ledger where it happens (`causes`); now and then what nobody was told yet becomes one
message of our own words (`texts`, `grouping`), which is sent by a process of its own (`sending`, `apprise_door`).
"""

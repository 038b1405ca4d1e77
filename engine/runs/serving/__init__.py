"""Flows that run by themselves: due by the clock or woken by a webhook, one thread a flow, stopped well."""

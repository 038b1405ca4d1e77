"""Mappings reshape records: field by field, finished by the target's schema. No disk, no clock, no network."""

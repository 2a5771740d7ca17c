"""Saved queries: what they match, when their owners are told, and how a delivery goes on."""

"""Telegram in: one folder a route, each wire (raw shapes), parse (pure) and source (the port)."""

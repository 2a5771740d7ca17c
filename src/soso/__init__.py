"""Soso finds things on Telegram and gives each of them a lasting page."""

__version__ = "0.1.0"

"""What a Telegram bot answers."""

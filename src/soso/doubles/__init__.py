"""Local doubles of Telegram: real servers on this machine, for tests and for a first look."""

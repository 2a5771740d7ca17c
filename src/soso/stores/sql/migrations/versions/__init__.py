"""One step a file. A step never changes once it was released, and never imports tables.py."""

"""How a followed source is doing and when it is visited next: pure."""

"""Loops beside the front doors: call one flow, wait, back off."""

"""How good are the results? Labelled sets through the real flows, beside named baselines.

A door like the web and the worker: opens archives through bootstrap, knows no adapter.
"""

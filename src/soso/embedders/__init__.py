"""Texts to vectors: a model on this machine (e5, fast), or an endpoint (openai).

Each fills ports.embedder.Embedder. None downloads anything. The packages that they need are
imported when an embedder is made, so that an installation without one of them still runs.
"""

"""Measurements, each run by hand: ``python -m benchmarks.clock``. Figures never decide whether a test passes."""

"""The parts of ``tools/bootstrap.py``: what the machine offers, the virtual environment, the browser, the tasks."""

"""Background and periodic work over procrastinate.

The queue holds no truth: a job finds its work by a query on tables, so it may run late, twice, or again after its worker
died, and must then do the right thing. Public names:

- ``@job("feature.verb", retries=5)`` declares a job in a feature's ``tasks.py`` (imported by itself when Django starts);
- ``@periodic("0 * * * *", name="feature.sweep")`` declares one that the worker starts by the clock;
- ``enqueue("feature.verb", argument=1)`` defers it in the transaction that causes it;
- ``gongkai.kernel.jobs.testing.run_jobs()`` runs what waits, inside a test.
"""

from gongkai.kernel.jobs.queue import JobError, enqueue, job, periodic

__all__ = ["JobError", "enqueue", "job", "periodic"]

"""Celery's way: one task per reminder with an ETA, a real worker, connections used again.

With Celery's own defaults otherwise, which are the quickest: acknowledged early, no results kept.
"""

import os

from celery import Celery

from tests.benchmarks.clocks.peers import write_all, write_one

QUEUE = "bench-clocks"
app = Celery("bench", broker=os.environ.get("REDIS_URL"), set_as_current=False)
app.conf.update(
    task_ignore_result=True,
    task_default_queue=QUEUE,
    broker_connection_retry_on_startup=True,
    CELERY_DB_REUSE_MAX=1_000_000,
)


@app.task(name="bench.fire")
def fire(agency: int, reader: int, key: str, *, everything: bool = False) -> None:
    """Write the row that counts as fired, or everything that ours writes, and commit."""
    (write_all if everything else write_one)(agency, reader, key)

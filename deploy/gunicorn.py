"""gunicorn in production: sync workers, two a core (the steadiest of the set-ups measured)."""

import os

bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_WORKERS") or 2 * len(os.sched_getaffinity(0)))
worker_tmp_dir = "/dev/shm"  # noqa: S108 — the heartbeat must not wait for a disk
timeout = 60
graceful_timeout = 30
max_requests = 5_000
max_requests_jitter = 500
accesslog = "-"
# Without the query: searches hold names and numbers of citizens.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(b)s %(M)sms'
control_socket_disable = True

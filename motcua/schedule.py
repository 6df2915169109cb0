"""What the worker does by itself, and when (Celery beat); seconds, or an hour of the day."""

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, object]] = {
    "sweep-imports": {"task": "dossiers.tasks.sweep_imports", "schedule": 15},
    "sweep-builds": {"task": "reports.tasks.sweep_builds", "schedule": 15},
    "send-messages": {"task": "notifications.tasks.sweep_messages", "schedule": 20},
    "fold-counts": {"task": "reports.tasks.fold_counts", "schedule": 3},
    "recount": {"task": "reports.tasks.recount_all", "schedule": crontab(hour=2, minute=30)},
    "sweep-jobs": {"task": "dossiers.tasks.sweep_jobs", "schedule": 15},
    "hand-over-closed-agencies": {
        "task": "dossiers.tasks.hand_over_closed_agencies",
        "schedule": crontab(hour=0, minute=5),
    },
    "sweep-drafts": {"task": "dossiers.tasks.sweep_drafts", "schedule": crontab(hour=3, minute=20)},
    "follow-calendars": {
        "task": "dossiers.tasks.recalculate_changed_calendars",
        "schedule": 60,
    },
    "archive-papers": {"task": "dossiers.tasks.archive_papers", "schedule": 30},
    "sweep-uploads": {
        "task": "dossiers.tasks.sweep_uploads",
        "schedule": crontab(hour=3, minute=10),
    },
    # Every quarter of an hour of any office's day; who is at work the act itself looks up.
    "warn-of-due-dates": {
        "task": "dossiers.tasks.warn_of_due_dates",
        "schedule": crontab(hour="6-18", minute="*/15"),
    },
    "mark-risks": {
        "task": "dossiers.tasks.mark_risks",
        "schedule": crontab(hour="6-18", minute="10,40"),
    },
    "draft-apologies": {
        "task": "dossiers.tasks.draft_apologies",
        "schedule": crontab(hour=5, minute=30),
    },
    "forget-warnings": {
        "task": "dossiers.tasks.forget_warnings",
        "schedule": crontab(hour=3, minute=30),
    },
    "recalculate": {
        "task": "dossiers.tasks.recalculate_all_calendars",
        "schedule": crontab(hour=1, minute=0),
    },
}

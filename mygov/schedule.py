"""What happens by itself, and how often (seconds). The database is the truth: a missed round only delays.

`expires` keeps rounds from piling up while no worker runs.
"""


def every(seconds: float, job: str) -> dict[str, object]:
    return {"task": job, "schedule": seconds, "options": {"expires": max(seconds, 1)}}


SCHEDULE = {
    "add votes to counters": every(1, "commons.comments.jobs.fold_tallies"),
    "add support to ideas": every(1, "discussions.jobs.fold_support"),
    "count ballots": every(1, "polls.jobs.fold_ballots"),
    "publish the counts of closed polls": every(10, "polls.jobs.seal_closed_polls"),
    "keep the ideas' calendar": every(3600, "discussions.jobs.keep_the_calendar"),
    "answer whoever responded to a draft law": every(15, "consultations.jobs.answer_people"),
    "scan attachments that wait": every(15, "consultations.jobs.scan_files"),
    "announce the steps of consultations": every(300, "consultations.jobs.announce_steps"),
    "age the trending sort": every(300, "commons.comments.jobs.refresh_trending"),
    "announce what opened and closed": every(30, "commons.activities.jobs.announce_phases"),
    "send what is waiting": every(15, "mygov.notifications.jobs.sweep"),
    "send daily and weekly mails": every(300, "mygov.notifications.jobs.send_digests"),
    "go on with bulk decisions": every(2, "mygov.moderation.jobs.go_on_with_bulk"),
    "drop previews nobody confirmed": every(3600, "mygov.moderation.jobs.drop_old_drafts"),
    "count what moderators did": every(3600, "mygov.moderation.jobs.fold_figures"),
    "forget sign-ups nobody finished": every(3600, "commons.people.jobs.forget_sign_ups"),
    "learn from moderators' decisions": every(6 * 3600, "mygov.moderation.jobs.train_filters"),
    "look for votes of one hand": every(600, "commons.integrity.jobs.find_clusters"),
    "forget where votes came from": every(24 * 3600, "commons.integrity.jobs.forget_traces"),
    "say that the worker lives": every(10, "mygov.pages.jobs.heartbeat"),
}

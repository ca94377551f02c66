"""What must hold of a case at any moment, whatever was done to it."""


def replay(events):
    """Where a case stands, read from its events alone.

    :param events: ``lapor.event`` of one case
    :returns: tuple (phase, outcome, SOP step id, owner's user id), None for what there is not
    """
    phase, outcome, step, owner = "intake", None, None, None
    for event in events.sorted("sequence"):
        data = event.data
        if event.code == "step_opened":
            phase, outcome, step, owner = data["phase"], None, data["step"], data["owner"]
        elif event.code == "reassigned":
            owner = data["to"]
        elif event.code == "reopened":
            phase, outcome = data["phase"], None
        elif event.code == "promise_kept" and data["outcome"]:
            outcome = data["outcome"]
        elif event.code == "closed":
            phase, outcome, step, owner = "closed", data["outcome"], None, None
    return phase, outcome, step, owner


def standing(complaint):
    """Where the case stands by its fields, as :func:`replay` says it by its events."""
    visit = complaint.current_step_id
    return (
        complaint.phase,
        complaint.outcome or None,
        visit.sop_step_id.id or None,
        visit.user_id.id or None,
    )


def unsound(complaint):
    """What is wrong with a case, in words; an empty list when nothing is.

    :param complaint: one ``lapor.complaint``, as the system
    :rtype: list[str]
    """
    complaint.invalidate_recordset()
    found = unproved(complaint)
    open_visits = complaint.step_ids.filtered(lambda visit: visit.state == "open")
    if complaint.phase == "closed" and open_visits:
        found.append("closed, with an open step")
    if complaint.phase != "closed" and len(open_visits) != 1:
        found.append(f"open, with {len(open_visits)} open steps")
    if open_visits and open_visits[:1] != complaint.current_step_id:
        found.append("the current step is not the open one")
    if bool(complaint.closed_at) != (complaint.phase == "closed"):
        found.append("closing date and phase disagree")
    for visit in complaint.step_ids:
        activities = visit.activity_ids.filtered("active")
        expected = visit.state == "open" and not complaint._is_step_paused()
        if len(activities) != expected:
            found.append(f"{len(activities)} activities of a step that is {visit.state}")
        if activities and activities.user_id != visit.user_id:
            found.append("the activity is not the step's owner's")
    for line in complaint.disposition_line_ids:
        activities = line.activity_ids.filtered("active")
        if len(activities) != line._has_open_activity():
            found.append(f"{len(activities)} activities of a part that is {line.state}")
        if complaint.phase == "closed" and line._has_open_activity():
            found.append("closed, with an open part")
    if complaint.supporter_count != len(complaint.supporter_ids):
        found.append("supporters are not counted right")
    if complaint.main_id.main_id or (complaint.main_id and complaint.supporter_ids):
        found.append("a supporter of a supporter")
    events = complaint.event_ids.sorted("sequence")
    if events.mapped("sequence") != list(range(1, len(events) + 1)):
        found.append("events are not numbered from 1 without gaps")
    if replay(events) != standing(complaint):
        found.append(f"events say {replay(events)}, the case {standing(complaint)}")
    if complaint.env["lapor.event"]._verify_chains(complaint):
        found.append("the chain of events is broken")
    return found


def gaps(numbers):
    """Whether running numbers taken by one counter have gaps or doubles.

    :param numbers: integers, in any order
    """
    return sorted(numbers) != list(range(1, len(numbers) + 1))


def unproved(complaint):
    """Rows of a case that its events do not prove, in words."""
    env = complaint.sudo().env
    env["lapor.event"]._prove_rest()
    env["lapor.event"]._seal_rest()
    found = []
    for name in env["lapor.event"]._evidence_models():
        if env[name]._lapor_proved:
            compared = env[name].with_context(lang="en_US")._compare_proofs([complaint.sudo()])
            found += [f"{name} {row}: {reason}" for _case, row, _name, reason in compared]
    return found

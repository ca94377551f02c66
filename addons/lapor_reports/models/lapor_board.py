from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

TREND_DAYS = 30
MOST_ROWS = 10


class LaporBoard(models.AbstractModel):
    """The figures of the managers' start page.

    Counted with the reader's own rights by a fixed number of grouped queries, so that it shows
    what its lists show and costs the same whatever there is.
    """

    _name = "lapor.board"
    _description = "Board of Complaints"

    @api.model
    @api.readonly
    def get_figures(self):
        """Everything that the board shows; each figure has the domain of its list.

        :returns: dict with ``cards``, ``trend``, ``units``, ``categories``, ``steps`` and
            ``oldest``
        """
        Complaint = self.env["lapor.complaint"]
        Complaint.check_access("read")
        today = datetime.now(self._zone()).date()
        tomorrow = self._midnight(today + timedelta(days=1))
        now = fields.Datetime.now()
        open_now = Domain("phase", "!=", "closed")
        late = open_now & Domain("due_at", "<", now)
        domains = {
            "new": self._day_domain("received_at", today),
            "waiting": open_now & Domain("sp4n_status", "=", "waiting"),
            "due": open_now & Domain("due_at", ">=", now) & Domain("due_at", "<", tomorrow),
            "late": late,
            "held": open_now & Domain("is_on_hold", "=", True),
            "open": open_now,
        }
        words = {
            "new": self.env._("New Today"),
            "waiting": self.env._("Not Disposed"),
            "due": self.env._("Due Today"),
            "late": self.env._("Late"),
            "held": self.env._("On Hold"),
            "open": self.env._("Open"),
        }
        return {
            "cards": [
                {
                    "key": key,
                    "label": words[key],
                    "count": Complaint.search_count(domain),
                    "domain": list(domain),
                }
                for key, domain in domains.items()
            ],
            "trend": self._trend(today),
            "units": self._groups("unit_id", self.env._("Not Passed On"), open_now, late),
            "categories": self._groups(
                "category_id", self.env._("Without Category"), open_now, late
            ),
            "steps": self._steps(),
            "oldest": self._oldest(open_now),
        }

    def _zone(self):
        """The time zone of the reader's own office."""
        user = self.env.user
        # The reader's own office.
        unit = (user.lapor_coordinated_unit_ids or user.lapor_unit_ids)[:1].sudo()
        return pytz.timezone(unit._get_tz() if unit else user.tz or "Asia/Jakarta")

    def _midnight(self, day):
        """The moment (naive UTC) at which a day of the office begins."""
        local = self._zone().localize(datetime.combine(day, time()))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _day_domain(self, name, day):
        """What happened on a day of the office, by a field of moments."""
        following = day + timedelta(days=1)
        return Domain(name, ">=", self._midnight(day)) & Domain(
            name, "<", self._midnight(following)
        )

    def _trend(self, today):
        """Complaints received and closed on each of the last days, with the domains of both."""
        Complaint = self.env["lapor.complaint"].with_context(tz=self._zone().zone)
        first = today - timedelta(days=TREND_DAYS - 1)
        counts = {}
        for name in ("received_at", "closed_at"):
            for moment, count in Complaint._read_group(
                [(name, ">=", self._midnight(first))], [f"{name}:day"], ["__count"]
            ):
                counts[name, moment.date()] = count
        days = [first + timedelta(days=number) for number in range(TREND_DAYS)]
        return [
            {
                "day": fields.Date.to_string(day),
                "label": f"{day.day}/{day.month}",
                "received": counts.get(("received_at", day), 0),
                "closed": counts.get(("closed_at", day), 0),
                "received_domain": list(self._day_domain("received_at", day)),
                "closed_domain": list(self._day_domain("closed_at", day)),
            }
            for day in days
        ]

    def _groups(self, field, nothing, open_now, late):
        """Open complaints by a field, the most first, and how many of them are late."""
        Complaint = self.env["lapor.complaint"]
        missed = dict(Complaint._read_group(late, [field], ["__count"]))
        rows = sorted(
            Complaint._read_group(open_now, [field], ["__count"]), key=lambda row: -row[1]
        )
        return [
            {
                "id": record.id or 0,
                # Names of offices and categories are no secret inside a government.
                "label": record.sudo().display_name or nothing,
                "count": count,
                "late": missed.get(record, 0),
                "domain": list(open_now & Domain(field, "=", record.id or False)),
            }
            for record, count in rows[:MOST_ROWS]
        ]

    def _steps(self):
        """Steps at which complaints stand, the fullest first, and since when the oldest."""
        now = fields.Datetime.now()
        rows = self.env["lapor.complaint.step"]._read_group(
            [("state", "=", "open")], ["sop_step_id"], ["__count", "started_at:min", "due_at:min"]
        )
        # The name of a step, perhaps of an SOP out of the reader's reach.
        return [
            {
                "id": step.id,
                "label": step.sudo().display_name,
                "count": count,
                "days": (now - oldest).days,
                "late": bool(due and due < now),
                "domain": [
                    ("phase", "!=", "closed"),
                    ("current_step_id.sop_step_id", "=", step.id),
                ],
            }
            for step, count, oldest, due in sorted(rows, key=lambda row: -row[1])[:MOST_ROWS]
        ]

    def _oldest(self, open_now):
        now = fields.Datetime.now()
        found = self.env["lapor.complaint"].search_fetch(
            open_now,
            ["number", "name", "received_at", "unit_id", "due_state"],
            limit=MOST_ROWS,
            order="received_at, id",
        )
        # The short name of an office.
        return [
            {
                "id": complaint.id,
                "number": complaint.number,
                "name": complaint.name,
                "days": (now - complaint.received_at).days,
                "unit": complaint.unit_id.sudo().code or "",
                "state": complaint.due_state or "",
            }
            for complaint in found
        ]

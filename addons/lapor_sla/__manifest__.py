{
    "name": "Lapor: Time",
    "summary": "Clocks in real office time: deadlines, calendars, reminders and escalation",
    "version": "19.0.1.0.0",
    "category": "Services/Complaints",
    "author": "Lapor",
    "license": "LGPL-3",
    "depends": ["lapor_base"],
    "data": [
        "security/ir.model.access.csv",
        "security/lapor_rules.xml",
        "data/resource_calendar_data.xml",
        "data/lapor.holiday.csv",
        "data/lapor_time_rule_data.xml",
        "data/ir_cron_data.xml",
        "data/lapor_escalation_rule_data.xml",
    ],
}

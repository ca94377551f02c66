{
    "name": "Lapor: Old Registers",
    "summary": "Finished complaints of an old register as history: closed, searchable, no alarms",
    "version": "19.0.1.3.0",
    "category": "Services/Complaints",
    "author": "Lapor",
    "license": "LGPL-3",
    "depends": ["lapor_base"],
    "data": [
        "security/ir.model.access.csv",
        "security/lapor_rules.xml",
        "data/ir_cron_data.xml",
        "views/lapor_history_views.xml",
        "views/lapor_history_import_views.xml",
        "views/lapor_menus.xml",
    ],
    # What tests and ./lapor roles read.
    "oca_data_manual": ["security/roles.csv"],
}

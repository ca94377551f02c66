{
    "name": "Lapor: Old Registers in Reports",
    "summary": "Periodic reports tell of the old register, marked, if the office wants",
    "version": "19.0.1.3.0",
    "category": "Services/Complaints",
    "author": "Lapor",
    "license": "LGPL-3",
    "depends": ["lapor_history", "lapor_reports"],
    "data": ["views/lapor_unit_views.xml"],
    "auto_install": True,
}

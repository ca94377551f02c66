{
    "name": "Lapor: Kabupaten Kapuas",
    "summary": "The complaint SOP of Kabupaten Kapuas, with its offices and positions",
    "version": "19.0.1.0.0",
    "category": "Services",
    "author": "Lapor",
    "license": "LGPL-3",
    "depends": ["lapor_base"],
    "data": [
        "data/res_company_data.xml",
        "data/lapor_unit_data.xml",
        "data/lapor_position_data.xml",
        "data/lapor_sop_data.xml",
        "data/lapor_sop_step_data.xml",
        "data/lapor_sop_transition_data.xml",
    ],
    "demo": [
        "demo/mail_alias_domain_demo.xml",
        "demo/res_users_demo.xml",
        "demo/lapor_unit_demo.xml",
        "demo/lapor_position_demo.xml",
        "demo/lapor_category_demo.xml",
    ],
}

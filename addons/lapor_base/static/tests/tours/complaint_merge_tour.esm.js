import {registry} from "@web/core/registry";

// Two complaints of a list are merged, and the supporter is separated again on its form.
registry.category("web_tour.tours").add("lapor_complaint_merge", {
    steps: () => [
        {
            content: "choose the first complaint of the list",
            trigger: ".o_data_row:contains('Lubang di pasar') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "and the second one",
            trigger: ".o_data_row:contains('Jalan rusak pasar') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "open the menu of actions",
            trigger: ".o_cp_action_menus .dropdown-toggle:has(.fa-cog)",
            run: "click",
        },
        {
            content: "merge them",
            trigger: ".o-dropdown--menu .dropdown-item:contains('Merge Complaints')",
            run: "click",
        },
        {
            content: "the older one is proposed as the main complaint",
            trigger: ".modal .o_field_widget[name=main_name]:contains('Lubang di pasar')",
        },
        {
            trigger: ".modal .modal-footer .btn-primary:contains('Merge')",
            run: "click",
        },
        {
            content: "the dialog is closed; open the supporter",
            trigger:
                "body:not(:has(.modal)) .o_data_row:contains('Jalan rusak pasar') td[name=name]",
            run: "click",
        },
        {
            content: "its form says what it supports",
            trigger: ".o_lapor_acts:contains('is answered with it')",
        },
        {
            content: "undo it",
            trigger: ".o_lapor_act_others",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o_lapor_act_separate",
            run: "click",
        },
        {
            content: "it goes on by itself",
            trigger: ".o_lapor_acts_mine:contains('Your step now')",
        },
    ],
});

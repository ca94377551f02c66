import {registry} from "@web/core/registry";

// A complaint keyed in at the counter, registered with the one primary button.
registry.category("web_tour.tours").add("lapor_complaint_counter", {
    steps: () => [
        {
            trigger: ".o_kanban_button_new, .o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] textarea, .o_field_widget[name=name] input",
            run: "edit Lampu jalan padam",
        },
        {
            trigger: ".o_field_widget[name=description] textarea",
            run: "edit Lampu di depan pasar padam sejak Senin.",
        },
        {
            trigger: ".o_field_widget[name=is_anonymous] input",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "the first step opens and is this officer's",
            trigger: ".o_lapor_acts_mine .o_lapor_act_primary",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=category_id] input",
            run: "edit Jalan Uji",
        },
        {
            trigger: ".ui-autocomplete a:contains('Jalan Uji')",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary:visible",
            run: "click",
        },
        {
            content: "the step is done and the next one is somebody else's",
            trigger: ".o_lapor_path_done + .o_lapor_path_open",
        },
        {
            trigger: ".o_lapor_acts_waiting",
        },
    ],
});

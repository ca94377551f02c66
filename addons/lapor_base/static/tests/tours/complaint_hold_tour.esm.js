import {registry} from "@web/core/registry";

// Tunda: the complainant is asked for what is missing, the case waits, and is resumed.
registry.category("web_tour.tours").add("lapor_complaint_hold", {
    steps: () => [
        {
            trigger: ".o_lapor_acts_mine .o_lapor_act_others",
            run: "click",
        },
        {
            trigger: ".o_lapor_act_hold",
            run: "click",
        },
        {
            content: "tick what is missing",
            trigger: ".modal .o_field_widget[name=item_ids] input[type=checkbox]:first",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=delivery_note] textarea",
            run: "edit Ditelepon pukul 9",
        },
        {
            trigger: ".modal .modal-footer .btn-primary:visible",
            run: "click",
        },
        {
            content: "the case waits, and nothing but the hold can be done",
            trigger: ".o_lapor_act_primary[data-kind=resume]",
        },
        {
            trigger: ".o_lapor_act_primary[data-kind=resume]",
            run: "click",
        },
        {
            content: "the step is back",
            trigger: ".o_lapor_acts_mine .o_lapor_act_primary:not([data-kind=resume])",
        },
    ],
});

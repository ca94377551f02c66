import {registry} from "@web/core/registry";

// A head disposes: whom, which instructions, who must help, and what became of it.
registry.category("web_tour.tours").add("lapor_disposition", {
    steps: () => [
        {
            content: "what to do now is one button",
            trigger: ".o_lapor_acts_mine .o_lapor_act_primary",
            run: "click",
        },
        {
            content: "who the SOP names next is filled in; choose another",
            trigger: ".modal .o_field_widget[name=lead_position_id] input",
            run: "edit Admin DPUPR",
        },
        {
            trigger: ".ui-autocomplete a:contains('Admin DPUPR')",
            run: "click",
        },
        {
            content: "tick an instruction",
            trigger: ".modal .o_field_widget[name=instruction_ids] .form-check input:eq(4)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=disposition_note] textarea",
            run: "edit Tinjau dan laporkan",
        },
        {
            content: "somebody else has to do a part",
            trigger: ".modal .o_field_widget[name=addressee_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=addressee_ids] div[name=position_id] input",
            run: "edit Dinkes",
        },
        {
            trigger: ".ui-autocomplete a:contains('Admin Dinkes')",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary:visible",
            run: "click",
        },
        {
            content: "the step is done",
            trigger: ".o_lapor_acts_waiting",
        },
        {
            trigger: "a[name=dispositions]",
            run: "click",
        },
        {
            content: "the chain shows both addressees",
            trigger: ".o_lapor_tree_line[data-state=open]:contains('Admin DPUPR')",
        },
        {
            trigger: ".o_lapor_tree_line:contains('Admin Dinkes') .badge",
        },
    ],
});

// On a phone: read, take what is proposed, tick an instruction, issue. Four taps.
registry.category("web_tour.tours").add("lapor_disposition_phone", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('Jalan berlubang')",
            run: "click",
        },
        {
            trigger: ".o_lapor_acts_mine .o_lapor_act_primary",
            run: "click",
        },
        {
            content: "whom the SOP names next is proposed",
            trigger: ".modal .o_field_widget[name=lead_position_id] input:value(Kabid Bina Marga)",
        },
        {
            content: "what is to be done",
            trigger: ".modal .o_field_widget[name=instruction_ids] .form-check input:eq(0)",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary:visible",
            run: "click",
        },
        {
            trigger: ".o_lapor_acts_waiting",
        },
    ],
});

// What is handed to one is found in the inbox, and its result reported there.
registry.category("web_tour.tours").add("lapor_disposition_inbox", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('Jalan berlubang') .fa-circle",
        },
        {
            trigger: ".o_kanban_record:contains('Jalan berlubang')",
            run: "click",
        },
        {
            trigger: "button[name=action_open_report]:visible",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note] textarea:visible",
            run: "edit Sudah disemprot",
        },
        {
            trigger: ".modal .modal-footer .btn-primary:visible",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=result_note]:contains('Sudah disemprot')",
        },
    ],
});

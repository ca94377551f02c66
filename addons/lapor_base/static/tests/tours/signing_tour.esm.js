import {registry} from "@web/core/registry";

const OPEN_FROM_INBOX = [
    {
        content: "what waits for the head is in the inbox",
        trigger: ".o_kanban_record:contains('Jalan berlubang')",
        run: "click",
    },
    {
        trigger: ".o_lapor_acts_mine .o_lapor_act_primary",
    },
];

// A head reads the answer and signs it.
registry.category("web_tour.tours").add("lapor_signing", {
    steps: () => [
        ...OPEN_FROM_INBOX,
        {
            trigger: ".o_lapor_acts_mine .o_lapor_act_primary",
            run: "click",
        },
        {
            content: "the text that is signed is there to read",
            trigger: ".modal .o_field_widget[name=response_body]:contains('Sudah kami tambal')",
        },
        {
            trigger: ".modal .modal-footer .btn-primary:visible",
            run: "click",
        },
        {
            content: "it has gone on",
            trigger: ".o_lapor_acts_waiting",
        },
    ],
});

// Or returns it with what has to be changed.
registry.category("web_tour.tours").add("lapor_signing_return", {
    steps: () => [
        ...OPEN_FROM_INBOX,
        {
            trigger: ".o_lapor_act_others",
            run: "click",
        },
        {
            trigger: ".o_lapor_act_return",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Sebutkan tanggal penambalan",
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

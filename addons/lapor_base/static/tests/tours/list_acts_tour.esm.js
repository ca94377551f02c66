import {registry} from "@web/core/registry";

// An entry of the menu of actions is known by its words alone: in either language.
function fromMenu(...labels) {
    return {
        trigger: labels
            .map((label) => `.o-dropdown--menu .o_menu_item:contains('${label}')`)
            .join(", "),
        run: "click",
    };
}

// Two complaints of a list are chosen by hand, and what the menu of actions offers is opened.
function fromList(first, second, ...labels) {
    const choose = (title) => ({
        content: `choose ${title}`,
        trigger: `.o_data_row:contains('${title}') .o_list_record_selector input`,
        run: "click",
    });
    return [
        choose(first),
        choose(second),
        {
            content: "both are chosen",
            trigger: ".o_selection_container:contains('2')",
        },
        {
            content: "open the menu of actions",
            trigger: ".o_selection_container .o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        fromMenu(...labels),
    ];
}

// On a phone there are cards: a finger that rests on one chooses it, a tap chooses another.
function fromCards(first, second, ...labels) {
    return [
        {
            content: `rest on ${first}`,
            trigger: `.o_kanban_record:contains('${first}')`,
            run: ({anchor}) => anchor.dispatchEvent(new TouchEvent("touchstart", {bubbles: true})),
        },
        {
            content: `tap ${second}`,
            trigger: `.o_kanban_renderer:has(.o_record_selected) .o_kanban_record:contains('${second}')`,
            run: "click",
        },
        {
            content: "both are chosen",
            trigger: ".o_selection_container:contains('2')",
        },
        {
            content: "open the menu of actions",
            trigger: ".o_control_panel .o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        fromMenu(...labels),
    ];
}

const MERGE = ["Merge Complaints", "Gabungkan Aduan"];
const DISPOSE = ["Dispose…", "Disposisikan…"];

// The dialog of merging proposes, is confirmed, and closes.
const CONFIRM_MERGE = [
    {
        content: "the older one is proposed as the main complaint",
        trigger: ".modal .o_field_widget[name=main_name]:contains('Lubang di pasar')",
    },
    {
        trigger: ".modal .modal-footer button[name=action_confirm]",
        run: "click",
    },
];

const CONFIRM_DISPOSITION = [
    {
        trigger: ".modal .modal-footer .btn-primary:visible",
        run: "click",
    },
    {
        content: "what was done is told",
        trigger: "body:not(:has(.modal)) .o_notification:contains('2')",
    },
];

registry.category("web_tour.tours").add("lapor_list_merge", {
    steps: () => [
        ...fromList("Lubang di pasar", "Jalan rusak pasar", ...MERGE),
        ...CONFIRM_MERGE,
        {
            content: "the dialog is closed; open the supporter",
            trigger:
                "body:not(:has(.modal)) .o_data_row:contains('Jalan rusak pasar') td[name=name]",
            run: "click",
        },
        {
            content: "its form offers the undo",
            trigger: ".o_lapor_acts_waiting .o_lapor_act_others",
            run: "click",
        },
        {
            trigger: ".o_lapor_act_separate",
            run: "click",
        },
        {
            content: "it goes on by itself",
            trigger: ".o_lapor_acts_mine .o_lapor_act_primary",
        },
    ],
});

registry.category("web_tour.tours").add("lapor_list_disposition", {
    steps: () => [
        ...fromList("Lubang di pasar", "Jalan rusak pasar", ...DISPOSE),
        {
            trigger: ".modal .o_field_widget[name=lead_position_id] input",
            run: "edit Kabid Bina",
        },
        {
            trigger: ".ui-autocomplete a:contains('Kabid Bina Marga')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=instruction_ids] .form-check input:eq(0)",
            run: "click",
        },
        ...CONFIRM_DISPOSITION,
    ],
});

registry.category("web_tour.tours").add("lapor_cards_merge", {
    steps: () => [
        ...fromCards("Lubang di pasar", "Jalan rusak pasar", ...MERGE),
        ...CONFIRM_MERGE,
        {
            content: "what was done is told",
            trigger: "body:not(:has(.modal)) .o_notification:contains('1')",
        },
    ],
});

registry.category("web_tour.tours").add("lapor_cards_disposition", {
    steps: () => [
        ...fromCards("Lubang di pasar", "Jalan rusak pasar", ...DISPOSE),
        {
            content: "a field that one chooses from opens on the whole screen",
            trigger: ".modal .o_field_widget[name=lead_position_id] input",
            run: "click",
        },
        {
            trigger: ".modal .o_kanban_record:contains('Kabid Bina Marga')",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name=lead_position_id] input:value('Kabid Bina Marga')",
        },
        {
            trigger: ".modal .o_field_widget[name=instruction_ids] .form-check input:eq(0)",
            run: "click",
        },
        ...CONFIRM_DISPOSITION,
    ],
});

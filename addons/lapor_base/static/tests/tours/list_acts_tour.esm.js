import {registry} from "@web/core/registry";

// Two complaints of a list are chosen by hand, and what the menu of actions offers is opened.
// An entry of that menu is known by its words alone: in either language.
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
        {
            trigger: labels
                .map((label) => `.o-dropdown--menu .o_menu_item:contains('${label}')`)
                .join(", "),
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("lapor_list_merge", {
    steps: () => [
        ...fromList("Lubang di pasar", "Jalan rusak pasar", "Merge Complaints", "Gabungkan Aduan"),
        {
            content: "the older one is proposed as the main complaint",
            trigger: ".modal .o_field_widget[name=main_name]:contains('Lubang di pasar')",
        },
        {
            trigger: ".modal .modal-footer button[name=action_confirm]",
            run: "click",
        },
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
        ...fromList("Lubang di pasar", "Jalan rusak pasar", "Dispose…", "Disposisikan…"),
        {
            trigger: ".modal .o_field_widget[name=lead_position_id] input",
            run: "edit Kabid Bina",
        },
        {
            trigger: ".ui-autocomplete a:contains('Kabid Bina Marga')",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary:visible",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal .o_field_widget[name=lead_position_id])) .o_list_view",
        },
    ],
});

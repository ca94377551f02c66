import {registry} from "@web/core/registry";

// Each number of the board opens its list, and the way back leads to the board.
registry.category("web_tour.tours").add("lapor_reports_board", {
    steps: () => [
        {
            content: "the number of what came in today opens its list",
            trigger: ".o_lapor_board .o_lapor_card:first .o_lapor_number:contains('2')",
            run: "click",
        },
        {
            content: "the list has as many lines",
            trigger: ".o_list_view .o_data_row:eq(1)",
        },
        {
            content: "and no more",
            trigger: ".o_list_view:not(:has(.o_data_row:eq(2)))",
        },
        {
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "the board again: read it anew",
            trigger: ".o_control_panel button .fa-refresh",
            run: "click",
        },
        {
            content: "the numbers are there, and the oldest case",
            trigger: ".o_lapor_board:contains('Jalan berlubang')",
        },
    ],
});
registry.category("web_tour.tours").add("lapor_reports_board_empty", {
    steps: () => [
        {
            content: "an empty board says what it will show",
            trigger: ".o_lapor_board .alert-info",
        },
        {
            trigger: ".o_lapor_board .o_lapor_card:first .o_lapor_number:contains('0')",
            run: "click",
        },
        {
            content: "its list is empty",
            trigger: ".o_list_view, .o_view_nocontent",
        },
    ],
});
// Each other number opens its list too; from a list lead kanban, graph and pivot.
const back = [
    {
        content: "back to the board",
        trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a",
        run: "click",
    },
    {trigger: ".o_lapor_board .o_lapor_card"},
];
const oneCase = {
    content: "the list of one case",
    trigger: ".o_list_view:not(:has(.o_data_row:eq(1))) .o_data_row:contains('Terlambat')",
};
registry.category("web_tour.tours").add("lapor_reports_board_numbers", {
    steps: () => [
        ...[4, 6].flatMap((place) => [
            {
                content: "a card (late, open)",
                trigger: `.o_lapor_board .col-6:nth-child(${place}) .o_lapor_card:contains('1')`,
                run: "click",
            },
            oneCase,
            ...back,
        ]),
        // Where they stand, units, categories
        ...[2, 3, 4].flatMap((place) => [
            {
                content: "a bar",
                trigger: `.o_lapor_board section:nth-child(${place}) .o_lapor_row:contains('1')`,
                run: "click",
            },
            oneCase,
            ...back,
        ]),
        {
            content: "the oldest case",
            trigger: ".o_lapor_board section:last-child .o_lapor_row:contains('Terlambat')",
            run: "click",
        },
        {trigger: ".o_form_view:contains('Terlambat')"},
        ...back,
        {
            content: "the last day",
            trigger: ".o_lapor_board .o_lapor_day:last-child",
            run: "click",
        },
        {trigger: ".o_list_view:not(:contains('Terlambat'))"},
        ...back,
        {
            content: "the analysis is a graph",
            trigger: ".o_lapor_board section:first-child .btn-link",
            run: "click",
        },
        {trigger: ".o_graph_view .o_graph_renderer"},
        {trigger: ".o_switch_view.o_pivot", run: "click"},
        {trigger: ".o_pivot_view .o_pivot table"},
        {trigger: ".o_switch_view.o_kanban", run: "click"},
        {trigger: ".o_kanban_view .o_kanban_record:contains('Terlambat')"},
        {trigger: ".o_switch_view.o_list", run: "click"},
        oneCase,
    ],
});
// Many sheets are printed in the background; the dialog shows how far they are.
registry.category("web_tour.tours").add("lapor_reports_print_job", {
    steps: () => [
        {
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel .o_cp_action_menus .dropdown-toggle:has(.fa-print)",
            run: "click",
        },
        {
            content: "the receipt, in whatever language the officer reads",
            trigger:
                ".o-dropdown--menu .dropdown-item:contains('Receipt'), .o-dropdown--menu .dropdown-item:contains('Tanda Terima')",
            run: "click",
        },
        {
            content: "the job and its progress",
            trigger: ".modal .o_form_view .o_field_widget[name=progress]",
        },
    ],
});

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

import {registry} from "@web/core/registry";

// A drag along an arrow opens its dialog; a drag where no arrow leads is refused in words.
registry.category("web_tour.tours").add("lapor_complaint_board", {
    steps: () => [
        {
            content: "drag the card to the column of the next step",
            trigger: ".o_kanban_group[data-id]:eq(0) .o_kanban_record:contains('Jalan berlubang')",
            run: "drag_and_drop(.o_kanban_group:eq(2))",
        },
        {
            content: "the dialog of the move is there",
            trigger: ".modal .modal-title:contains('Laporkan')",
        },
        {
            content: "confirm it",
            trigger: ".modal .modal-footer .btn-primary:visible",
            run: "click",
        },
        {
            content: "the card stands in the column of dispositions",
            trigger: ".o_kanban_group:eq(2) .o_kanban_record:contains('Jalan berlubang')",
        },
        {
            content: "drag it to a column to which no arrow leads",
            trigger: ".o_kanban_group:eq(2) .o_kanban_record:contains('Jalan berlubang')",
            run: "drag_and_drop(.o_kanban_group:eq(5))",
        },
        {
            content: "the refusal says what can follow",
            trigger: ".modal .modal-body:contains('Disposisikan')",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "the card has not moved",
            trigger: ".o_kanban_group:eq(2) .o_kanban_record:contains('Jalan berlubang')",
        },
    ],
});

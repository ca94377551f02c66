import {registry} from "@web/core/registry";

// The identity of an anonymous complainant is masked, and opened with a reason.
registry.category("web_tour.tours").add("lapor_reveal", {
    steps: () => [
        {
            content: "who complained is masked",
            trigger: ".o_field_widget[name=complainant_contact]:contains('••••••')",
        },
        {
            trigger: ".o_lapor_act_others",
            run: "click",
        },
        {
            trigger: ".o_lapor_act_reveal",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Menelepon pelapor tentang letak kerusakan",
        },
        {
            trigger: ".modal .modal-footer .btn-primary:visible",
            run: "click",
        },
        {
            content: "the identity shows",
            trigger: ".o_field_widget[name=complainant_contact]:contains('081298765432')",
        },
    ],
});

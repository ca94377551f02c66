import {ActivityMenu} from "@mail/core/web/activity_menu";
import {patch} from "@web/core/utils/patch";

/* What is due first, to the minute: the core's menu counts days. */
patch(ActivityMenu.prototype, {
    openLaporCase(id) {
        this.dropdown.close();
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "lapor.complaint",
            res_id: id,
            views: [[false, "form"]],
        });
    },
});

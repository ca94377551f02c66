import {MailCoreWeb} from "@mail/core/web/mail_core_web_service";
import {debounce} from "@web/core/utils/timing";
import {patch} from "@web/core/utils/patch";

/**
 * The counter of activities counts records, the core's messages about it single activities: a case
 * that is closed with three open tasks would leave -2. After each message the server counts anew.
 */
patch(MailCoreWeb.prototype, {
    setup() {
        super.setup(...arguments);
        const recount = debounce(() => this.store.fetchStoreData("systray_get_activities"), 500);
        this.busService.subscribe("mail.activity/updated", () => {
            this.store.activityCounter = Math.max(this.store.activityCounter, 0);
            recount();
        });
    },
});

import {_t} from "@web/core/l10n/translation";
import {download} from "@web/core/network/download";
import {getReportUrl} from "@web/webclient/actions/reports/utils";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";

// More sheets than this are printed in the background, with their progress.
const MOST_AT_ONCE = 25;

/**
 * Reports that WeasyPrint prints need no wkhtmltopdf: without this, Odoo would look for it and
 * show HTML instead when it is missing.
 */
registry
    .category("ir.actions.report handlers")
    .add("lapor_weasyprint", async (action, options, env) => {
        if (action.report_type !== "qweb-pdf" || action.lapor_engine !== "weasyprint") {
            return false;
        }
        const ids = (action.context && action.context.active_ids) || [];
        if (ids.length > MOST_AT_ONCE && !action.lapor_whole) {
            const job = await env.services.orm.call("lapor.print.job", "start_report", [
                action.report_name,
                ids,
            ]);
            await env.services.action.doAction(job);
            return true;
        }
        env.services.ui.block({message: _t("Printing…")});
        try {
            await download({
                url: "/report/download",
                data: {
                    data: JSON.stringify([
                        getReportUrl(action, "pdf", user.context),
                        action.report_type,
                    ]),
                    context: JSON.stringify(user.context),
                },
            });
        } finally {
            env.services.ui.unblock();
        }
        return true;
    });

import {onWillUnmount} from "@odoo/owl";
import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

const PAUSE = 2000;

/** Shows how far a job is, until it is done. */
export class PrintJobFormController extends FormController {
    setup() {
        super.setup();
        const timer = setInterval(async () => {
            const root = this.model.root;
            if (root && ["waiting", "running"].includes(root.data.state)) {
                await root.load();
            } else if (root && root.data.state) {
                clearInterval(timer);
            }
        }, PAUSE);
        onWillUnmount(() => clearInterval(timer));
    }
}

registry.category("views").add("lapor_print_job_form", {
    ...formView,
    Controller: PrintJobFormController,
});

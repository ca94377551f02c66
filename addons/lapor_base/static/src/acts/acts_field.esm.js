import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * What this user should do now: one primary button, the other ways on in a menu.
 * Reads the JSON of `lapor.complaint.act_state`; the server checks every move again.
 */
export class ActsField extends Component {
    static template = "lapor_base.ActsField";
    static components = {Dropdown, DropdownItem};
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({busy: false});
    }

    get value() {
        return this.props.record.data[this.props.name] || {acts: [], message: ""};
    }

    get primary() {
        return this.value.acts.find((act) => act.primary);
    }

    get others() {
        return this.value.acts.filter((act) => !act.primary);
    }

    async take(act) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        const record = this.props.record;
        try {
            if ((await record.isDirty()) && !(await record.save())) {
                return;
            }
            const action = act.method
                ? await this.orm.call(record.resModel, act.method, [[record.resId]])
                : await this.orm.call(record.resModel, "action_start_transition", [
                      [record.resId],
                      act.id,
                  ]);
            if (action === true) {
                await record.model.load();
                return;
            }
            await this.action.doAction(action, {
                onClose: () => record.model.load(),
            });
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("fields").add("lapor_acts", {
    component: ActsField,
    displayName: _t("What to do now"),
    supportedTypes: ["json"],
});

import {Component} from "@odoo/owl";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const STATES = {
    done: {icon: "fa-check", label: _t("Done")},
    returned: {icon: "fa-undo", label: _t("Returned")},
    open: {icon: "fa-play", label: _t("Now")},
    coming: {icon: "", label: _t("Coming")},
    skipped: {icon: "", label: _t("Not needed")},
};

/**
 * The SOP's steps with what became of them: done, now, still to come.
 * Reads the JSON of `lapor.complaint.sop_path`.
 */
export class SopPathField extends Component {
    static template = "lapor_base.SopPathField";
    static props = {...standardFieldProps};

    get steps() {
        return (this.props.record.data[this.props.name] || []).map((step) => ({
            ...step,
            icon: STATES[step.state].icon,
            label: STATES[step.state].label.toString(),
            when: step.done ? toLocaleDateTimeString(deserializeDateTime(step.done)) : "",
        }));
    }
}

registry.category("fields").add("lapor_sop_path", {
    component: SopPathField,
    displayName: _t("Path along the SOP"),
    supportedTypes: ["json"],
});

import {Component, useState} from "@odoo/owl";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const STATES = {
    done: {icon: "fa-check", label: _t("Done")},
    returned: {icon: "fa-undo", label: _t("Returned")},
    stopped: {icon: "fa-stop", label: _t("Left undone")},
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

    setup() {
        this.ui = useService("ui");
        this.state = useState({all: false});
    }

    /**
     * On a phone only what was done last, the step of now and what comes next, until asked for
     * more: whoever decides on a phone wants to read the complaint.
     */
    get steps() {
        const steps = this.all;
        if (!this.isFolded) {
            return steps;
        }
        const now = steps.findIndex((step) => step.state === "open");
        return now < 0 ? steps.slice(-1) : steps.slice(Math.max(0, now - 1), now + 2);
    }

    get isFolded() {
        return this.ui.isSmall && !this.state.all && this.all.length > 3;
    }

    get moreLabel() {
        return _t("All %s steps", this.all.length);
    }

    get all() {
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

import {Component} from "@odoo/owl";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const ICONS = {
    open: "fa-inbox text-muted",
    accepted: "fa-hand-o-right text-primary",
    returned: "fa-reply text-warning",
    passed: "fa-share text-info",
    done: "fa-check text-success",
    dropped: "fa-ban text-muted",
};
const SHORT = {showSeconds: false};

/**
 * The chain of dispositions of a case: who handed it to whom, and what became of it.
 * Reads the JSON of `lapor.complaint.disposition_tree`.
 */
export class DispositionTreeField extends Component {
    static template = "lapor_base.DispositionTreeField";
    static props = {...standardFieldProps};

    get dispositions() {
        return (this.props.record.data[this.props.name] || []).map((disposition) => ({
            ...disposition,
            issued: this.moment(disposition.issued),
            lines: disposition.lines.map((line) => ({
                ...line,
                icon: line.copy ? "fa-files-o text-muted" : ICONS[line.state],
                times: this.times(line),
                due: this.moment(line.due),
            })),
        }));
    }

    moment(text) {
        return text ? toLocaleDateTimeString(deserializeDateTime(text), SHORT) : "";
    }

    times(line) {
        const times = [];
        if (line.read) {
            times.push(_t("read %s", this.moment(line.read)));
        } else if (line.received) {
            times.push(_t("received %s, not read yet", this.moment(line.received)));
        } else {
            times.push(_t("vacant: not received yet"));
        }
        if (line.accepted) {
            times.push(_t("accepted %s", this.moment(line.accepted)));
        }
        if (line.ended) {
            times.push(`${line.state_label} ${this.moment(line.ended)}`);
        }
        return times.map((time) => time.toString()).join(" · ");
    }
}

registry.category("fields").add("lapor_disposition_tree", {
    component: DispositionTreeField,
    displayName: _t("Chain of dispositions"),
    supportedTypes: ["json"],
});

import {Component} from "@odoo/owl";
import {formatDateTime} from "@web/core/l10n/dates";
import {localization} from "@web/core/l10n/localization";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/* The names by which offices know their zones; browsers in other languages say GMT+8. */
const ZONES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
};

/**
 * A moment in the time of the office that it concerns, and which time that is: a deadline is at
 * four o'clock there, wherever the reader's computer thinks it is.
 */
export class OfficeTimeField extends Component {
    static template = "lapor_sla.OfficeTimeField";
    static props = {...standardFieldProps};

    get text() {
        const moment = this.props.record.data[this.props.name];
        if (!moment) {
            return "";
        }
        const tz = this.props.record.data.due_zone || "default";
        const format = `${localization.dateFormat} HH:mm`;
        const zone = ZONES[tz] || moment.setZone(tz).offsetNameShort;
        return `${formatDateTime(moment, {format, tz})} ${zone}`;
    }
}

registry.category("fields").add("lapor_office_time", {
    component: OfficeTimeField,
    displayName: _t("Time of the Office"),
    supportedTypes: ["datetime"],
    fieldDependencies: [{name: "due_zone", type: "char", readonly: true}],
});

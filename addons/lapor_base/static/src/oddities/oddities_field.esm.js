import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What the checker found in an SOP document: a list to read, nothing to mend by itself. */
export class OdditiesField extends Component {
    static template = "lapor_base.OdditiesField";
    static props = {...standardFieldProps};

    get oddities() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("lapor_oddities", {
    component: OdditiesField,
    displayName: _t("Oddities of an SOP"),
    supportedTypes: ["json"],
});

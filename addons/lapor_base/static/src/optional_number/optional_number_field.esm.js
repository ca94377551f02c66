import {floatField} from "@web/views/fields/float/float_field";
import {floatTimeField} from "@web/views/fields/float_time/float_time_field";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * Numbers that need not be known: where nothing was entered, nothing is shown, instead of a
 * midnight or a place in the Gulf of Guinea that nobody wrote down.
 */
const optional = (Base) =>
    class extends Base {
        static template = "lapor_base.OptionalNumberField";
        static props = {...Base.props, placeholder: {type: String, optional: true}};

        get formattedValue() {
            return this.value ? super.formattedValue : "";
        }

        get value() {
            return this.props.record.data[this.props.name];
        }

        parse(value) {
            return value.trim() ? super.parse(value) : 0;
        }
    };

const described = (field, displayName) => ({
    ...field,
    component: optional(field.component),
    displayName,
    isEmpty: (record, fieldName) => !record.data[fieldName],
    extractProps: (info, dynamicInfo) => ({
        ...field.extractProps(info, dynamicInfo),
        placeholder: info.attrs.placeholder,
    }),
});

registry
    .category("fields")
    .add("lapor_optional_number", described(floatField, _t("Number, if known")))
    .add("lapor_optional_time", described(floatTimeField, _t("Time, if known")));

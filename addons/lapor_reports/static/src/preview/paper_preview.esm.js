import {Component, onMounted, onWillUnmount, useRef, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useDebounced} from "@web/core/utils/timing";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

const PAUSE = 900;
const VIEWER = "/web/static/lib/pdfjs/web/viewer.html";

/**
 * The paper that the form makes, beside it: printed anew when whoever types pauses. What cannot be
 * printed says why, and the last good paper stays.
 */
export class PaperPreview extends Component {
    static template = "lapor_reports.PaperPreview";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        this.state = useState({url: "", error: "", busy: false});
        this.asked = 0;
        this.refresh = useDebounced(() => this.print(), PAUSE);
        useRecordObserver((record) => {
            // Read, so that a change of any of them prints anew.
            Object.values(record.data);
            this.refresh();
        });
        const typed = () => this.refresh();
        onMounted(() => {
            this.form = this.root.el.closest(".o_form_view") || document.body;
            this.form.addEventListener("input", typed);
        });
        onWillUnmount(() => {
            this.form.removeEventListener("input", typed);
            this.gone = true;
            this.forget();
        });
    }

    async print() {
        if (this.gone) {
            return;
        }
        const record = this.props.record;
        const number = ++this.asked;
        this.state.busy = true;
        try {
            const values = await record.getChanges();
            const answer = await this.orm.silent.call(
                record.resModel,
                "preview_paper",
                [record.resId || false, values],
                {context: record.context}
            );
            // An answer that a newer question has overtaken is of no use.
            if (number === this.asked && !this.gone) {
                this.show(answer);
            }
        } finally {
            if (number === this.asked) {
                this.state.busy = false;
            }
        }
    }

    show(answer) {
        this.state.error = answer.error || "";
        if (!answer.pdf) {
            return;
        }
        const bytes = Uint8Array.from(atob(answer.pdf), (char) => char.charCodeAt(0));
        const before = this.url;
        this.url = URL.createObjectURL(new Blob([bytes], {type: "application/pdf"}));
        this.state.url = `${VIEWER}?file=${encodeURIComponent(this.url)}#zoom=page-width&pagemode=none`;
        if (before) {
            URL.revokeObjectURL(before);
        }
    }

    forget() {
        if (this.url) {
            URL.revokeObjectURL(this.url);
        }
    }
}

registry.category("view_widgets").add("lapor_paper_preview", {component: PaperPreview});

import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const REFRESH = 5 * 60 * 1000;

/**
 * Start page of managers: what is new, due, late and waiting, where it stands, and how it goes.
 * Each number opens its list; numbers are those of the reader's own rights.
 */
export class LaporBoard extends Component {
    static template = "lapor_reports.Board";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({figures: null});
        onWillStart(() => this.load());
        const timer = setInterval(() => {
            if (document.visibilityState === "visible") {
                this.load();
            }
        }, REFRESH);
        onWillUnmount(() => clearInterval(timer));
    }

    async load() {
        this.state.figures = await this.orm.silent.call("lapor.board", "get_figures", []);
    }

    get display() {
        return {controlPanel: {}};
    }

    get highest() {
        const values = this.state.figures.trend.flatMap((day) => [day.received, day.closed]);
        return Math.max(1, ...values);
    }

    get isEmpty() {
        const {cards, trend} = this.state.figures;
        return !cards.some((card) => card.count) && !trend.some((day) => day.received);
    }

    share(count, rows) {
        return (100 * count) / Math.max(1, ...rows.map((row) => row.count));
    }

    open(label, domain, view = "list") {
        const views = ["list", "kanban", "graph", "pivot", "form"];
        views.sort((a, b) => (b === view) - (a === view));
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: label || _t("Complaints"),
            res_model: "lapor.complaint",
            views: views.map((type) => [false, type]),
            domain,
        });
    }

    openDay(day, what) {
        return this.open(day.label, day[`${what}_domain`]);
    }

    openCase(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "lapor.complaint",
            res_id: row.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("lapor_reports.board", LaporBoard);

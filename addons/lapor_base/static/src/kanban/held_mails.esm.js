import {Component, onWillStart, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/** How many held mails wait for a decision of this user; the number opens exactly these. */
export class HeldMails extends Component {
    static template = "lapor_base.HeldMails";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({waiting: false});
        onWillStart(async () => {
            this.state.waiting = await this.orm.call("lapor.mail.held", "waiting_for_me", []);
        });
    }

    open() {
        return this.action.doAction(this.state.waiting.action);
    }
}

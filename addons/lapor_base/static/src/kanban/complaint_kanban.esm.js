import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {HeldMails} from "./held_mails.esm";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";

/**
 * A card dropped on another phase is a move along the SOP: the server says which, its dialog
 * asks for what the move needs, and a phase to which no arrow leads is refused with a reason.
 */
export class ComplaintKanbanRenderer extends KanbanRenderer {
    setup() {
        super.setup();
        this.orm = useService("orm");
    }

    get isGroupedByPhase() {
        return this.props.list.isGrouped && this.props.list.groupByField.name === "phase";
    }

    get canMoveRecords() {
        return this.isGroupedByPhase;
    }

    async sortRecordDrop(dataRecordId, dataGroupId, {element, parent}) {
        parent?.classList.remove("o_kanban_hover");
        const list = this.props.list;
        const source = list.groups?.find((group) => group.id === dataGroupId);
        const target = list.groups?.find((group) => group.id === parent?.dataset.id);
        const record = source?.list.records.find(({id}) => id === dataRecordId);
        if (
            !this.isGroupedByPhase ||
            !record ||
            !target ||
            parent.dataset.id === element.parentElement.dataset.id
        ) {
            return;
        }
        this.toggleProcessing(dataRecordId, true);
        try {
            const action = await this.orm.call(list.resModel, "action_move_to_phase", [
                [record.resId],
                target.value,
            ]);
            await this.env.services.action.doAction(action, {
                onClose: () => list.model.load(),
            });
        } finally {
            this.toggleProcessing(dataRecordId, false);
        }
    }
}

export class ComplaintKanbanController extends KanbanController {
    static template = "lapor_base.ComplaintKanbanView";
    static components = {...KanbanController.components, HeldMails};
}

registry.category("views").add("lapor_complaint_kanban", {
    ...kanbanView,
    Controller: ComplaintKanbanController,
    Renderer: ComplaintKanbanRenderer,
});

import {SuggestionService} from "@mail/core/common/suggestion_service";
import {patch} from "@web/core/utils/patch";

const CASES = ["lapor.complaint"];

/** In the thread of a case only those are offered who may read it: the server says who. */
patch(SuggestionService.prototype, {
    async fetchPartnersRoles(term, thread, {abortSignal} = {}) {
        if (!CASES.includes(thread?.model)) {
            return super.fetchPartnersRoles(...arguments);
        }
        const data = await this.makeOrmCall(
            "res.partner",
            "get_mention_suggestions_of_case",
            [],
            {search: term, thread_model: thread.model, thread_id: thread.id},
            {abortSignal}
        );
        this.caseReaders = this.caseReaders || {};
        const readers = (this.caseReaders[thread.localId] ||= new Set());
        for (const partner of data["res.partner"] || []) {
            readers.add(partner.id);
        }
        this.store.insert(data);
    },
    isSuggestionValid(partner, thread) {
        const known =
            !CASES.includes(thread?.model) || this.caseReaders?.[thread.localId]?.has(partner.id);
        return Boolean(known) && super.isSuggestionValid(...arguments);
    },
});

/* Answers of the ledger's process about invoices and bills: of a month, of one contract, of all. What was issued is
 * shown as it was issued. */
#pragma once

#include "main/ledger_outlook.h"

/* Why the desk has no answer. */
void ledger_answer_desk(const struct ledger_asker *asker, struct control_answer *answer,
			enum ledger_desk_answer why);

void ledger_answer_invoices(const struct ledger_asker *asker,
			    const struct ledger_question *question, enum view_ledger_form form,
			    struct control_answer *answer);
void ledger_answer_blends(const struct ledger_asker *asker, const struct ledger_question *question,
			  enum view_ledger_form form, struct control_answer *answer);
/* Of who is named, or of all, one contract a piece. */
void ledger_answer_bill(const struct ledger_asker *asker, const struct ledger_question *question,
			enum view_ledger_form form, struct control_answer *answer);

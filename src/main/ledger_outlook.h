/* Answers of the ledger's process that take many invoices: forecasts and revenue. They are made one contract and month at
 * a turn, so that bins are taken in and other questions answered meanwhile. */
#pragma once

#include "ledger/ledger_desk.h"
#include "ledger/ledger_question.h"
#include "main/ledger_books.h"
#include "main/role.h"
#include "view/view_ledger.h"

/* Who is asked: all live as long as the room. *desk and *store are NULL while the store is not open. */
struct ledger_asker {
	struct ledger_desk *const *desk;
	const struct role_context *context;
	struct ledger_store *const *store;
	struct ledger_books *const *books;
};

void ledger_answer_forecast(const struct ledger_asker *asker,
			    const struct ledger_question *question, enum view_ledger_form form,
			    struct control_answer *answer);
void ledger_answer_revenue(const struct ledger_asker *asker, const struct ledger_question *question,
			   enum view_ledger_form form, struct control_answer *answer);

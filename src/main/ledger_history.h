/* The ledger's answer to what traffic was over time. It takes a month of sums
 * (ledger_reading.h). */
#pragma once

#include "ledger/ledger_question.h"
#include "ledger/ledger_store.h"
#include "main/role.h"
#include "view/view_ledger.h"

/* *store lives as long as the room, and is NULL or another while and after it is not open. */
void ledger_answer_history(struct ledger_store *const *store, const struct role_context *context,
			   const struct ledger_question *question, enum view_ledger_form form,
			   struct control_answer *answer);

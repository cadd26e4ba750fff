/* The states of a dispute. */
#include "ledger/ledger_dispute.h"

#include <stddef.h>
#include <string.h>

static const char *const names[LEDGER_DISPUTE_STATES] = {
	[LEDGER_DISPUTE_OPEN] = "open",         [LEDGER_DISPUTE_ANSWERED] = "answered",
	[LEDGER_DISPUTE_ACCEPTED] = "accepted", [LEDGER_DISPUTE_SETTLED] = "settled",
	[LEDGER_DISPUTE_REJECTED] = "rejected", [LEDGER_DISPUTE_WITHDRAWN] = "withdrawn",
};

static const struct {
	const char *action;
	enum ledger_dispute_state next;
} actions[] = {
	{"answer", LEDGER_DISPUTE_ANSWERED},    {"accept", LEDGER_DISPUTE_ACCEPTED},
	{"settle", LEDGER_DISPUTE_SETTLED},     {"reject", LEDGER_DISPUTE_REJECTED},
	{"withdraw", LEDGER_DISPUTE_WITHDRAWN},
};

const char *
ledger_dispute_state_name(enum ledger_dispute_state state)
{
	return names[state];
}

bool
ledger_dispute_next(enum ledger_dispute_state *next, enum ledger_dispute_state state,
		    const char *action)
{
	if (ledger_dispute_is_closed(state))
		return false;
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (strcmp(actions[i].action, action) != 0)
			continue;
		*next = actions[i].next;
		return true;
	}
	return false;
}

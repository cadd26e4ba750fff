/* Learning what sequence numbers count. Loss makes every rule fail at once, so it teaches nothing; a
 * rule that holds time and again where the one in force fails is the exporter's. */
#include "meter/numbering.h"

enum { CONVINCED = 3 }; /* so often */

static bool
holds(const struct numbering *n, enum numbering_rule rule, struct numbered message)
{
	uint32_t step = message.number - n->before;
	switch (rule) {
	case NUMBERING_RECORDS:
		return step == n->records;
	case NUMBERING_FLOWS:
		return step == n->flows;
	case NUMBERING_FLOWS_AFTER:
		return step == message.flows;
	case NUMBERING_MESSAGES:
		return step == 1;
	case NUMBERING_NONE:
		return step == 0 && n->records && message.records;
	case NUMBERING_TOGETHER:
	case NUMBERING_RULES:
		break;
	}
	return false;
}

/* Compares the rule in force with the others; true when one of them has won. */
static bool
compare(struct numbering *n, struct numbered message)
{
	bool good = holds(n, n->rule, message);
	for (int i = 0; i < NUMBERING_RULES; i++) {
		bool other = holds(n, (enum numbering_rule)i, message);
		/* By chance a rule holds now and then, where datagrams overtake each other; never
		 * always. */
		if (!other)
			n->score[i] = 0;
		if (good || !other || ++n->score[i] < CONVINCED)
			continue;
		*n = (struct numbering){.rule = (enum numbering_rule)i};
		return true;
	}
	return false;
}

bool
numbering_learn(struct numbering *n, struct numbered message)
{
	bool changed = n->known && compare(n, message);
	n->known = true;
	n->before = message.number;
	n->records = message.records;
	n->flows = message.flows;
	return changed;
}

void
numbering_forget(struct numbering *n)
{
	n->known = false;
}

uint32_t
numbering_units(const struct numbering *n, struct numbered message, uint32_t *count)
{
	*count = n->rule == NUMBERING_RECORDS || n->rule == NUMBERING_TOGETHER ? message.records
		 : n->rule == NUMBERING_MESSAGES                               ? 1
									       : message.flows;
	return n->rule == NUMBERING_FLOWS_AFTER ? message.number - message.flows : message.number;
}

const char *
numbering_rule_text(enum numbering_rule rule)
{
	static const char *const text[NUMBERING_RULES] = {
		[NUMBERING_RECORDS] = "records",
		[NUMBERING_FLOWS] = "flows, without records of options",
		[NUMBERING_FLOWS_AFTER] = "flows, those of the message included",
		[NUMBERING_MESSAGES] = "messages",
		[NUMBERING_NONE] = "nothing: the number stands still",
		[NUMBERING_TOGETHER] = "records of all its domains together",
	};
	return text[rule];
}

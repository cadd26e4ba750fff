/* Learning what sequence numbers count. Loss makes every rule fail at once, so it teaches little; a
 * rule that holds time and again where the one in force fails is the exporter's. */
#include "meter/numbering.h"

#include <string.h>

enum {
	EXPLAINED = 2,             /* a message that the rule in force does not */
	CONVINCED = 3 * EXPLAINED, /* so often */
};

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

/* By chance a rule holds now and then, where datagrams overtake each other; never always. */
static void
weigh(struct numbering *n, struct numbered message)
{
	bool good = holds(n, n->rule, message);
	bool back = (int32_t)(message.number - n->before) < 0;
	n->quiet += n->quiet < NUMBERING_DOUBT;
	n->mixed = back ? NUMBERING_MIXED : n->mixed - (n->mixed > 0);
	for (int i = 0; i < NUMBERING_RULES; i++) {
		bool other = holds(n, (enum numbering_rule)i, message);
		if (back || (good && !other)) {
			n->score[i] = 0;
			n->refuted[i] += good && !other && n->refuted[i] < NUMBERING_REFUTED;
		} else if (!good && other) {
			n->score[i] += EXPLAINED;
			n->quiet = 0;
		} else if (!other && n->score[i]) {
			n->score[i]--; /* something was lost */
		}
	}
}

/* Compares the rule in force with the others; true when one of them has won. Where several did as well,
 * as they do while each message has one flow, the first is followed; a message that tells them apart decides. */
static bool
compare(struct numbering *n, struct numbered message)
{
	int best = 0;
	weigh(n, message);
	for (int i = 1; i < NUMBERING_RULES; i++)
		if (n->score[i] > n->score[best])
			best = i;
	if (n->score[best] < CONVINCED)
		return false;
	uint8_t most = n->score[best];
	for (int i = 0; i < NUMBERING_RULES; i++)
		n->score[i] = i != best && n->score[i] == most ? CONVINCED - EXPLAINED : 0;
	memset(n->refuted, 0, sizeof(n->refuted));
	n->rule = (enum numbering_rule)best;
	n->quiet = NUMBERING_DOUBT;
	return true;
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

bool
numbering_in_doubt(const struct numbering *n)
{
	bool rivals = false;
	for (int i = 0; i < NUMBERING_RULES; i++)
		rivals |= n->score[i] > (n->refuted[i] == NUMBERING_REFUTED ? EXPLAINED : 0);
	return rivals && n->quiet < NUMBERING_DOUBT && !n->mixed;
}

uint32_t
numbering_units(enum numbering_rule rule, struct numbered message, uint32_t *count)
{
	*count = rule == NUMBERING_RECORDS || rule == NUMBERING_TOGETHER ? message.records
		 : rule == NUMBERING_MESSAGES                            ? 1
									 : message.flows;
	return rule == NUMBERING_FLOWS_AFTER ? message.number - message.flows : message.number;
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

/* What an exporter's sequence numbers count. The standards say it (records: RFC 7011 section 3.1 and
 * version 5; messages: RFC 3954 section 5.1), but many exporters do otherwise, and loss can only be told
 * by the rule that they follow: so it is learnt. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum numbering_rule {
	NUMBERING_RECORDS,     /* data records before this message, those of options too */
	NUMBERING_FLOWS,       /* the same without options */
	NUMBERING_FLOWS_AFTER, /* flows up to the end of this message (softflowd, IPFIX) */
	NUMBERING_MESSAGES,    /* messages (softflowd, version 5) */
	NUMBERING_NONE,        /* nothing: always the same number */
	NUMBERING_TOGETHER,    /* records of all domains before this message (Open vSwitch): seen
				* only where several are looked at, so never learnt here */
	NUMBERING_RULES,       /* how many there are */
};

struct numbering {
	enum numbering_rule rule;        /* set by the caller at first, to what the standard says */
	bool known;                      /* there is a message before */
	uint32_t before, records, flows; /* its number, and what was in it */
	uint8_t score[NUMBERING_RULES];  /* of rivals: 0 when refuted */
	uint8_t refuted[NUMBERING_RULES]; /* how often, up to NUMBERING_REFUTED */
	uint32_t quiet; /* messages since one that only a rival explains; from NUMBERING_DOUBT on
			 * they are not counted */
	uint32_t mixed; /* for so many messages order says nothing: one was overtaken */
};

/* A rival that explains what the rule in force does not leaves it in doubt, until it is refuted, or for so
 * many messages that do not tell the two apart. Where messages overtake each other that is chance, and once
 * where it was refuted as often as NUMBERING_REFUTED before. */
enum { NUMBERING_DOUBT = 256, NUMBERING_MIXED = 16, NUMBERING_REFUTED = 3 };

/* A message: its number and how many data records it had, `flows` of which were flows. */
struct numbered {
	uint32_t number, records, flows;
};

/* Takes the next message. True when another rule is followed from here on, because it alone explains
 * what came lately: what was counted as lost by the rule before, since it was in doubt, was not. */
bool numbering_learn(struct numbering *n, struct numbered message);
/* What came next could not be counted: nothing is learnt from the message after it. */
void numbering_forget(struct numbering *n);
/* The rule in words: "flows, without records of options". Static text. */
const char *numbering_rule_text(enum numbering_rule rule);
/* What the rule in force says is lost may not be so. */
bool numbering_in_doubt(const struct numbering *n);
/* The units of a message by a rule: the first one's number; *count is how many. */
uint32_t numbering_units(enum numbering_rule rule, struct numbered message, uint32_t *count);

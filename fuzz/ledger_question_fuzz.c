/* Any words as a question to the ledger, one a line: no word breaks it, and what is understood names
 * members and contracts that exist. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_question.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hub_member members[] = {{.asn = {64501}, .name = "First Member"}};
	static struct hub_contract contracts[] = {{.id = "c1", .member = 0}};
	static const struct hub hub = {
		.members = members,
		.member_count = 1,
		.contracts = contracts,
		.contract_count = 1,
	};
	char *text = malloc(size + 1);
	const char *words[32];
	size_t count = 0;
	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = 0;
	for (char *rest = text; rest && count < 32;) {
		words[count++] = rest;
		rest = strchr(rest, '\n');
		if (rest)
			*rest++ = 0;
	}
	struct ledger_question question;
	char complaint[LEDGER_COMPLAINT];
	int status = ledger_question_parse(&question, &hub, (struct utc_s){1795262400}, words,
					   count, complaint);
	assert(status == 0 || status == 400 || status == 404);
	if (status)
		assert(strlen(complaint) < LEDGER_COMPLAINT);
	else
		assert((question.member == HUB_NONE || question.member < 1) &&
		       (question.contract == HUB_NONE || question.contract < 1) &&
		       question.from.s < question.to.s && question.what < TRAFFIC_WHATS &&
		       question.limit <= LEDGER_LIMIT_MAX && question.month <= 12 &&
		       /* 0 is a whole year, of revenue */
		       question.month >= (question.kind == LEDGER_ASKS_REVENUE ? 0 : 1));
	free(text);
	return 0;
}

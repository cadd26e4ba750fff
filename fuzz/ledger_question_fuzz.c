/* Any words as a question to the ledger, one a line: no word breaks it, and what is understood names
 * members and contracts that exist. */
#include <assert.h>
#include <string.h>

#include "ledger/ledger_question.h"
#include "words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct words w = words_of(data, size);
	if (!w.text)
		return 0;
	struct ledger_question question;
	char complaint[LEDGER_COMPLAINT];
	int status = ledger_question_parse(&question, words_hub(), (struct utc_s){1795262400},
					   w.list, w.count, complaint);
	assert(status == 0 || status == 400 || status == 404);
	if (status)
		assert(strlen(complaint) < LEDGER_COMPLAINT);
	else
		assert((question.member == HUB_NONE || question.member < 1) &&
		       (question.contract == HUB_NONE || question.contract < 1) &&
		       /* of a month that is to come nothing is known */
		       (question.from.s < question.to.s || question.kind == LEDGER_ASKS_FORECAST) &&
		       question.what < TRAFFIC_WHATS && question.limit <= LEDGER_LIMIT_MAX &&
		       question.month <= 12 &&
		       /* 0 is a whole year, of revenue */
		       question.month >= (question.kind == LEDGER_ASKS_REVENUE ? 0 : 1));
	free(w.text);
	return 0;
}

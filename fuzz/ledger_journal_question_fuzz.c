/* Any words as a question to the journal, one a line: no word breaks it, and what is understood
 * names members and contracts that exist. */
#include <assert.h>
#include <string.h>

#include "ledger/ledger_journal_question.h"
#include "words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct words w = words_of(data, size);
	if (!w.text)
		return 0;
	struct ledger_journal_question question;
	char complaint[LEDGER_JOURNAL_COMPLAINT];
	int status =
		ledger_journal_question_parse(&question, words_hub(), w.list, w.count, complaint);
	assert(status == 0 || status == 400 || status == 404);
	if (status)
		assert(strlen(complaint) < LEDGER_JOURNAL_COMPLAINT);
	else
		assert((question.member == HUB_NONE || question.member < 1) &&
		       (question.contract == HUB_NONE || question.contract < 1) &&
		       question.subject && question.reason && question.key);
	free(w.text);
	return 0;
}

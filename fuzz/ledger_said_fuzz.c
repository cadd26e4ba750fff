/* What an entry of the journal of ways says of itself, by any words: from when (the first eight octets), until when, and
 * since which entry. What is understood is said in the same words again, and ends no sooner than it begins. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "ledger/ledger_said.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_MAX = 200 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ledger_said said = {.since = 7};
	char words[WORDS_MAX] = "", again[LEDGER_SAID_ACTION];
	if (size < sizeof(said.from.s) || size - sizeof(said.from.s) >= sizeof(words))
		return 0;
	memcpy(&said.from.s, data, sizeof(said.from.s));
	memcpy(words, data + sizeof(said.from.s), size - sizeof(said.from.s));
	const struct ledger_said before = said;
	if (ledger_said_parse(&said, words) < 0) {
		assert(memcmp(&said, &before, sizeof(said)) == 0);
		return 0;
	}
	assert(said.until.s >= said.from.s && said.from.s == before.from.s);
	assert(strcmp(ledger_said_action(again, &said), words) == 0);
	return 0;
}

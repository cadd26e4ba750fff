/* An input as the words of a question, one a line. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "hub/hub.h"

enum { WORDS_MAX = 32 };

struct words {
	char *text; /* owned, NULL without memory */
	const char *list[WORDS_MAX];
	size_t count;
};

static struct words
words_of(const uint8_t *data, size_t size)
{
	struct words w = {.text = malloc(size + 1)};
	if (!w.text)
		return w;
	memcpy(w.text, data, size);
	w.text[size] = 0;
	for (char *rest = w.text; rest && w.count < WORDS_MAX;) {
		w.list[w.count++] = rest;
		rest = strchr(rest, '\n');
		if (rest)
			*rest++ = 0;
	}
	return w;
}

/* A picture of one member with one contract, and one party. */
static const struct hub *
words_hub(void)
{
	static struct hub_member members[] = {{.asn = {64501}, .name = "First Member"}};
	static struct hub_contract contracts[] = {{.id = "c1", .member = 0}};
	static struct hub_party parties[] = {{.id = "a", .name = "A"}};
	static const struct hub hub = {
		.members = members,
		.member_count = 1,
		.contracts = contracts,
		.contract_count = 1,
		.parties = parties,
		.party_count = 1,
	};
	return &hub;
}

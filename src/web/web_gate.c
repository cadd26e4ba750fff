/* Names and passwords. */
#include "web/web_gate.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ip.h"

struct key {
	uint32_t asn;
	char *password;
};

struct web_gate {
	bool open;
	size_t count;
	struct key keys[]; /* by AS number */
};

static int
by_asn(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	return x->asn < y->asn ? -1 : x->asn > y->asn;
}

struct web_gate *
web_gate_new(bool open, const struct web_key *keys, size_t count)
{
	assert(keys || count == 0);
	struct web_gate *gate = calloc(1, sizeof(*gate) + count * sizeof(gate->keys[0]));
	if (!gate)
		return NULL;
	gate->open = open;
	for (; gate->count < count; gate->count++) {
		struct key *key = &gate->keys[gate->count];
		key->asn = keys[gate->count].asn;
		key->password = strdup(keys[gate->count].password);
		if (!key->password) {
			web_gate_free(gate);
			return NULL;
		}
	}
	qsort(gate->keys, gate->count, sizeof(gate->keys[0]), by_asn);
	return gate;
}

void
web_gate_free(struct web_gate *gate)
{
	if (!gate)
		return;
	for (size_t i = 0; i < gate->count; i++) {
		explicit_bzero(gate->keys[i].password, strlen(gate->keys[i].password));
		free(gate->keys[i].password);
	}
	free(gate);
}

bool
web_gate_same(const char *given, const char *secret)
{
	size_t length = strlen(given), wanted = strlen(secret);
	unsigned differ = length != wanted;
	for (size_t i = 0; i < length; i++)
		differ |= (unsigned)(given[i] ^ secret[wanted ? i % wanted : 0]);
	return !differ;
}

/* The AS number of a name, 0 of the operator; false when it is no name. */
static bool
read_name(uint32_t *out, const char *name)
{
	struct asn asn;
	*out = 0;
	if (strcmp(name, "operator") == 0)
		return true;
	if (strncasecmp(name, "AS", 2) == 0)
		name += 2;
	if (!*name || strspn(name, "0123456789") != strlen(name) || asn_parse(&asn, name) < 0)
		return false;
	*out = asn.number;
	return asn.number != 0;
}

int
web_gate_who(struct web_who *out, const struct web_gate *gate, const char *name,
	     const char *password)
{
	assert(out && gate);
	/* Where there are no passwords names are not for us, but for a proxy before us. */
	if (!name || (gate->open && gate->count == 0)) {
		*out = (struct web_who){gate->open ? WEB_OPERATOR : WEB_VISITOR, 0};
		return 0;
	}
	struct key wanted = {0};
	bool known = read_name(&wanted.asn, name);
	const struct key *key =
		known ? bsearch(&wanted, gate->keys, gate->count, sizeof(gate->keys[0]), by_asn)
		      : NULL;
	/* A name that is not known is compared with something as well. */
	bool same = web_gate_same(password ? password : "", key ? key->password : "nobody's");
	if (!key || !same)
		return -1;
	*out = (struct web_who){key->asn ? WEB_MEMBER : WEB_OPERATOR, key->asn};
	return 0;
}

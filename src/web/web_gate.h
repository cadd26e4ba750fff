/* Who somebody is that asks by HTTP, by name and password (RFC 7617): the operator, a member under its AS
 * number, or a visitor without a name. What each may ask is a column of the table in web_routes.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum web_role {
	WEB_VISITOR, /* sees what is for everybody */
	WEB_MEMBER,  /* and its own accounts */
	WEB_OPERATOR /* sees all */
};

struct web_who {
	enum web_role role;
	uint32_t asn; /* of a member; else 0 */
};

/* Whose password it is. */
struct web_key {
	uint32_t asn; /* 0: the operator's */
	const char *password;
};

struct web_gate;

/* `open`: who comes without a name is an operator. Keys are copied; each AS number is there once. NULL
 * without memory. */
struct web_gate *web_gate_new(bool open, const struct web_key *keys, size_t count);
void web_gate_free(struct web_gate *gate);

/* `name` and `password` NULL: none was given; where all is open and there are no keys they are not looked
 * at. "operator" or an AS number, with or without "AS" before it.
 * 0; or -1 when the name is not known or the password is not its own, which takes as long to find out. */
int web_gate_who(struct web_who *out, const struct web_gate *gate, const char *name,
		 const char *password);
/* Compares in a time that tells only how long `given` is. */
bool web_gate_same(const char *given, const char *secret);

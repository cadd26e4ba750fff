/* Who somebody is that asks by HTTP. */
#include "web/web_gate.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

static const struct web_key keys[] = {
	{64513, "third password"}, {0, "operator's own"}, {64501, "first password"}};

static void
is_who(struct web_gate *gate, const char *name, const char *password, const char *expected,
       const char *says)
{
	static const char *const roles[] = {"visitor", "member", "operator"};
	struct web_who who = {WEB_VISITOR, 7};
	char got[64] = "nobody";
	if (web_gate_who(&who, gate, name, password) == 0)
		snprintf(got, sizeof(got), "%s %u", roles[who.role], (unsigned)who.asn);
	is_str(got, expected, says);
}

int
main(void)
{
	struct web_gate *gate = web_gate_new(false, keys, 3);
	is_who(gate, NULL, NULL, "visitor 0", "without a name one is a visitor");
	is_who(gate, "operator", "operator's own", "operator 0", "the operator has a name");
	is_who(gate, "64501", "first password", "member 64501", "a member has its number");
	is_who(gate, "AS64513", "third password", "member 64513", "with AS before it, too");
	is_who(gate, "64513", "first password", "nobody", "another's password is wrong");
	is_who(gate, "64501", "operator's own", "nobody", "also the operator's");
	is_who(gate, "operator", "first password", "nobody", "and a member's for the operator");
	is_who(gate, "64501", "first passwor", "nobody", "a password has to be whole");
	is_who(gate, "64501", "first password1", "nobody", "and no longer");
	is_who(gate, "64501", "", "nobody", "an empty one is wrong");
	is_who(gate, "64501", NULL, "nobody", "so is none");
	is_who(gate, "0", "operator's own", "nobody", "0 is no member");
	is_who(gate, "64502", "nobody's", "nobody", "who has no password cannot come in");
	is_who(gate, "", "", "nobody", "an empty name is none");
	is_who(gate, "64501 ", "first password", "nobody", "a name is only digits");
	is_who(gate, "4294967297", "first password", "nobody", "that fit");
	web_gate_free(gate);
	gate = web_gate_new(true, NULL, 0);
	is_who(gate, NULL, NULL, "operator 0", "where all is open one sees all");
	is_who(gate, "somebody", "x", "operator 0", "and names are for a proxy before us");
	web_gate_free(gate);
	gate = web_gate_new(true, keys, 3);
	is_who(gate, NULL, NULL, "operator 0", "with passwords one still does");
	is_who(gate, "64501", "first password", "member 64501", "but under a name what it sees");
	is_who(gate, "somebody", "x", "nobody", "and a name has to be one of ours");
	web_gate_free(gate);
	ok(web_gate_same("abc", "abc") && !web_gate_same("abcabc", "abc") &&
		   !web_gate_same("ab", "abc") && !web_gate_same("", "abc") &&
		   web_gate_same("", ""),
	   "texts are the same or not");
	return done_testing();
}

/* Which room answers which words, and when a dead room is started again. */
#include "main/role.h"

#include <stdio.h>
#include <string.h>

#include "cli/grammar.h"
#include "main/backoff.h"
#include "tap.h"

static int
role_for(const char *words)
{
	static struct control_request request;
	char line[256];
	snprintf(line, sizeof(line), "text\t%s", words);
	for (char *c = line; *c; c++)
		*c = *c == ' ' ? '\t' : *c;
	return control_parse(&request, line, strlen(line)) < 0 ? -9 : role_for_request(&request);
}

static void
who_answers(void)
{
	static const struct {
		const char *words;
		const char *role; /* NULL: the parent; "": nobody */
	} cases[] = {
		{"show status", NULL},
		{"apply /etc/hub.yaml", NULL},
		{"confirm", NULL},
		{"show members", "exchange"},
		{"show member 64512", "exchange"},
		{"show route 192.0.2.0/24", "exchange"},
		{"member 64512 down", "exchange"},
		{"show participants", "exchange"},
		{"show traffic", "meter"},
		{"show matrix", "meter"},
		{"show curve 64512", "ledger"},
		{"bill --month 2026-11", "ledger"},
		{"bill --month 2026-11 64501 --pdf", "paper"},
		{"ledger document KTX-C000001 --pdf", "paper"},
		{"ledger document KTX-C000001", "ledger"},
		{"show forecast", "ledger"},
		{"show revenue by segment", "ledger"},
		{"show overview", "corridor"},
		{"corridor path A B", "corridor"},
		{"metrics meter", "meter"},
		{"metrics web", "web"},
		{"metrics ledger", "ledger"},
		{"show registry", "registry"},
		{"show registry AS-X", "registry"},
		{"registry accept AS-X", "registry"},
		{"metrics registry", "registry"},
		{"ledger pay X 1", "ledger"},
		{"show settlement", "ledger"},
		{"show polls", "poller"},
		{"metrics poller", "poller"},
		{"counters push", "meter"},
		{"show nonsense", ""},
		{"nonsense", ""},
		{"show", ""},
		{"metrics nonsense", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int expected = !cases[i].role   ? ROLE_PARENT
			       : *cases[i].role ? role_by_name(cases[i].role)
						: ROLE_NOBODY;
		char name[128];
		snprintf(name, sizeof(name), "\"%s\" is answered by %s", cases[i].words,
			 !cases[i].role   ? "the parent"
			 : *cases[i].role ? cases[i].role
					  : "nobody");
		is_int(role_for(cases[i].words), expected, name);
	}
}

/* Whatever the shell can ask has somebody who answers. */
static void
every_command_has_a_room(void)
{
	for (size_t i = 0; i < command_count; i++) {
		const struct command *row = &commands[i];
		if (row->place != COMMAND_HUB || row->as)
			continue;
		char words[128];
		snprintf(words, sizeof(words), "%s", row->words);
		for (char *star = words; (star = strchr(star, '*')); star++)
			*star = '1';
		if (strcmp(row->words, "metrics *") == 0)
			snprintf(words, sizeof(words), "metrics web");
		ok(role_for(words) != ROLE_NOBODY, "\"%s\" has somebody who answers", words);
	}
}

static void
waiting(void)
{
	is_int(backoff_ms(1), 0, "a room that died once is started at once");
	bool grows = true;
	for (unsigned deaths = 1; deaths < 100; deaths++)
		grows = grows && backoff_ms(deaths + 1) >= backoff_ms(deaths);
	ok(grows, "one that dies again waits longer");
	is_int(backoff_ms(100), 30000, "but never longer than 30 s");
	is_int(backoff_ms(UINT32_MAX), 30000, "however often it dies");
	is_int(backoff_ms(0), 0, "one that never died does not wait");
}

/* What the page is never to ask. */
static void
what_changes(void)
{
	static const char *const writing[] = {"apply f",
					      "undo",
					      "upgrade",
					      "member 64501 down",
					      "rpki refresh",
					      "registry refresh all",
					      "ledger issue",
					      "ledger credit X all r",
					      "ledger pay X 1",
					      "ledger dispute open X r",
					      "ledger settle",
					      "ledger transfer a b 1 USD",
					      "ledger reconcile",
					      "ledger note n",
					      "corridor cut B01",
					      "corridor restore B01 --reason --preview",
					      "corridor hear x up",
					      "corridor cut B01 --token t",
					      "corridor hear x --preview y"};
	static const char *const reading[] = {"corridor cut B01 --preview",
					      "corridor work B01 --preview --from x",
					      "show members",
					      "ledger invoices",
					      "ledger entries",
					      "ledger verify",
					      "ledger settlement",
					      "show ledger",
					      "bill",
					      "corridor show"};
	static struct control_request request;
	char line[128];
	bool all = true, none = true;
	for (size_t i = 0; i < sizeof(writing) / sizeof(writing[0]); i++) {
		snprintf(line, sizeof(line), "text\t%s", writing[i]);
		for (char *c = line; *c; c++)
			*c = *c == ' ' ? '\t' : *c;
		all &= control_parse(&request, line, strlen(line)) == 0 &&
		       role_request_changes(&request);
	}
	for (size_t i = 0; i < sizeof(reading) / sizeof(reading[0]); i++) {
		snprintf(line, sizeof(line), "text\t%s", reading[i]);
		for (char *c = line; *c; c++)
			*c = *c == ' ' ? '\t' : *c;
		none &= control_parse(&request, line, strlen(line)) == 0 &&
			!role_request_changes(&request);
	}
	ok(all, "what changes the hub or its journal is known as that");
	ok(none, "and what looks is not");
}

int
main(void)
{
	who_answers();
	what_changes();
	every_command_has_a_room();
	waiting();
	bool named = true;
	for (int i = 0; i < ROLE_COUNT; i++)
		named = named && role_by_name(roles[i]->name) == i && roles[i]->start;
	ok(named, "every role is found by its name and can start");
	is_int(role_by_name("kitchen"), -1, "there is no kitchen");
	return done_testing();
}

/* A plan of the corridor as words, for tests:
 *
 *   plan NUMBER SECONDS WORD...           its number, how long it is good, why it was made
 *   exit SESSION SITE
 *   from SITE AS EXIT[:METRIC[:b|c]]...   an ingress (AS 0: all others there); b: backup, c: closed
 *
 * Sites get numbers as they are met; ingresses must come in the order of these. Texts are never freed. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "hub/steer.h"

enum { STEER_WORDS_MOST = 64 };

struct steer_words {
	const char *sites[STEER_WORDS_MOST];
	struct steer_exit exits[STEER_WORDS_MOST];
	struct steer_ingress ingresses[STEER_WORDS_MOST];
	struct steer_choice choices[STEER_WORDS_MOST * STEER_WORDS_MOST];
	struct steer_plan plan;
};

static inline uint32_t
steer_words_site(struct steer_words *w, const char *id)
{
	uint32_t found = steer_site(&w->plan, id);
	if (found != UINT32_MAX)
		return found;
	w->sites[w->plan.site_count] = strdup(id);
	return (uint32_t)w->plan.site_count++;
}

static inline void
steer_words_choice(struct steer_words *w, char *word)
{
	char *metric = strchr(word, ':'), *flag = metric ? strchr(metric + 1, ':') : NULL;
	struct steer_choice *choice = &w->choices[w->plan.choice_count++];
	*choice = (struct steer_choice){0};
	if (metric)
		*metric++ = 0;
	choice->metric = metric ? (uint32_t)strtoul(metric, NULL, 10) : 0;
	choice->latency_us = choice->metric;
	choice->flags = !flag ? 0 : flag[1] == 'c' ? STEER_CLOSED : STEER_BACKUP;
	while (choice->exit < w->plan.exit_count &&
	       strcmp(w->exits[choice->exit].session, word) != 0)
		choice->exit++;
}

static inline void
steer_words_begin(struct steer_words *w)
{
	*w = (struct steer_words){.plan = {.why = "",
					   .sites = w->sites,
					   .exits = w->exits,
					   .ingresses = w->ingresses,
					   .choices = w->choices}};
}

/* Takes a line apart, in place. `now` is UTC in seconds. */
static inline void
steer_words_line(struct steer_words *w, char *line, int64_t now)
{
	char *rest = NULL;
	char *what = strtok_r(line, " \n", &rest), *first = strtok_r(NULL, " \n", &rest),
	     *second = strtok_r(NULL, " \n", &rest);
	if (!second)
		return;
	if (strcmp(what, "plan") == 0) {
		char *why = strtok_r(NULL, "\n", &rest);
		w->plan.number = strtoul(first, NULL, 10);
		w->plan.made_us = w->plan.event_us = (uint64_t)now * 1000000;
		w->plan.good_until.s = now + strtol(second, NULL, 10);
		w->plan.why = why ? strdup(why) : "";
	} else if (strcmp(what, "exit") == 0) {
		w->exits[w->plan.exit_count++] =
			(struct steer_exit){strdup(first), steer_words_site(w, second)};
	} else {
		struct steer_ingress *ingress = &w->ingresses[w->plan.ingress_count++];
		ingress->site = steer_words_site(w, first);
		ingress->member.number = (uint32_t)strtoul(second, NULL, 10);
		ingress->first_choice = (uint32_t)w->plan.choice_count;
		for (char *word; (word = strtok_r(NULL, " \n", &rest)); ingress->choice_count++)
			steer_words_choice(w, word);
	}
}

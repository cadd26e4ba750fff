/* Writes a plan as the corridor does, for tests with real routers. Reads from standard input:
 *
 *   plan NUMBER SECONDS WORD...       its number, how long it is good, why it was made
 *   exit SESSION SITE
 *   from SITE AS EXIT[:METRIC[:b|c]]...   an ingress (AS 0: all others there); b: backup, c: closed
 *
 * Sites get numbers as they are met; ingresses must come in the order of these. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hub/steer.h"

enum { MOST = 64 };

static const char *sites[MOST];
static struct steer_exit exits[MOST];
static struct steer_ingress ingresses[MOST];
static struct steer_choice choices[MOST * MOST];
static struct steer_plan plan = {
	.why = "", .sites = sites, .exits = exits, .ingresses = ingresses, .choices = choices};

static uint32_t
site(const char *id)
{
	uint32_t found = steer_site(&plan, id);
	if (found != UINT32_MAX)
		return found;
	sites[plan.site_count] = strdup(id);
	return (uint32_t)plan.site_count++;
}

static void
add_choice(char *word)
{
	char *metric = strchr(word, ':'), *flag = metric ? strchr(metric + 1, ':') : NULL;
	struct steer_choice *choice = &choices[plan.choice_count++];
	if (metric)
		*metric++ = 0;
	choice->metric = metric ? (uint32_t)strtoul(metric, NULL, 10) : 0;
	choice->latency_us = choice->metric;
	choice->flags = !flag ? 0 : flag[1] == 'c' ? STEER_CLOSED : STEER_BACKUP;
	while (choice->exit < plan.exit_count && strcmp(exits[choice->exit].session, word) != 0)
		choice->exit++;
}

static void
take(char *line)
{
	char *what = strtok(line, " \n"), *first = strtok(NULL, " \n"),
	     *second = strtok(NULL, " \n");
	if (!second)
		return;
	if (strcmp(what, "plan") == 0) {
		char *why = strtok(NULL, "\n");
		plan.number = strtoul(first, NULL, 10);
		plan.made_us = plan.event_us = (uint64_t)time(NULL) * 1000000;
		plan.good_until.s = time(NULL) + strtol(second, NULL, 10);
		plan.why = why ? strdup(why) : "";
	} else if (strcmp(what, "exit") == 0) {
		exits[plan.exit_count++] = (struct steer_exit){strdup(first), site(second)};
	} else {
		struct steer_ingress *ingress = &ingresses[plan.ingress_count++];
		ingress->site = site(first);
		ingress->member.number = (uint32_t)strtoul(second, NULL, 10);
		ingress->first_choice = (uint32_t)plan.choice_count;
		for (char *word; (word = strtok(NULL, " \n")) != NULL; ingress->choice_count++)
			add_choice(word);
	}
}

int
main(int argc, char **argv)
{
	char line[1024], aside[4096];
	struct buf out = {0};
	while (fgets(line, sizeof(line), stdin))
		take(line);
	const char *wrong = argc == 2 ? steer_check(&plan) : "usage: steer_plan FILE";
	if (wrong) {
		fprintf(stderr, "%s\n", wrong);
		return 1;
	}
	steer_encode(&plan, &out);
	(void)snprintf(aside, sizeof(aside), "%s.new", argv[1]);
	FILE *file = fopen(aside, "wb");
	if (!file || fwrite(out.data, 1, out.length, file) != out.length || fclose(file) != 0)
		return 1;
	return rename(aside, argv[1]) != 0;
}

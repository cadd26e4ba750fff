/* Runs the RPKI service by itself, for tests/live/rtr.py: sources from the arguments, questions from standard input,
 * one line each to standard output.
 *
 *   rtr_service cache=NAME,HOST,PORT,PREFERENCE,VERSION vrps=PATH slurm=PATH ...
 *
 *   valid PREFIX ASN    -> valid PREFIX ASN STATE
 *   path ASN ASN ...    -> path STATE
 *   report              -> a line for each source, then "."
 *   counts              -> counts IPV4 IPV6 ASPAS FILTERED ASSERTED
 *   refresh             -> looks and asks now
 *   quit */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "exchange/rpki_io.h"

enum { SOURCES = 16, LINE = 1024 };

static struct loop *loop;
static struct rpki_service *service;
static struct hub hub;
static struct hub_rpki_cache caches[SOURCES];
static const char *vrps[SOURCES], *slurms[SOURCES];

static void
changed(void *context, const struct rpki_changes *c)
{
	(void)context;
	if (c->all_prefixes)
		puts("touched all");
	if (c->all_paths)
		puts("touched all paths");
	char text[PREFIX_TEXT];
	for (size_t i = 0; i < c->prefix_count; i++)
		printf("touched %s %u\n", prefix_format(text, c->prefixes[i].prefix),
		       c->prefixes[i].max_length);
	for (size_t i = 0; i < c->customer_count; i++)
		printf("touched AS%u\n", c->customers[i].number);
	fflush(stdout);
}

static void
take_argument(char *argument)
{
	char *value = strchr(argument, '=');
	if (!value)
		exit(2);
	*value++ = '\0';
	if (strcmp(argument, "cache") == 0) {
		struct hub_rpki_cache *c = &caches[hub.rpki_cache_count++];
		c->name = strtok(value, ",");
		c->host = strtok(NULL, ",");
		c->port = (uint16_t)atoi(strtok(NULL, ","));
		c->preference = (uint32_t)atoi(strtok(NULL, ","));
		c->version_max = (uint8_t)atoi(strtok(NULL, ","));
	} else if (strcmp(argument, "vrps") == 0) {
		vrps[hub.validation.vrp_file_count++] = value;
	} else {
		slurms[hub.validation.slurm_file_count++] = value;
	}
}

static void
report(void)
{
	for (size_t i = 0; i < rpki_service_count(service); i++) {
		struct rpki_report r;
		rpki_service_report(service, i, &r);
		if (r.kind == RPKI_REPORT_CACHE)
			printf("cache %s %s version %u serial %u", r.name,
			       rtr_state_name(r.rtr.state), r.rtr.version, r.rtr.serial);
		else
			printf("file %s filters %zu assertions %zu", r.name, r.filters,
			       r.assertions);
		printf(" has %u %u %u %s error %s\n", r.data.vrps_ipv4, r.data.vrps_ipv6,
		       r.data.aspas, r.data.in_use ? "used" : "unused", r.error);
	}
	puts(".");
}

static void
answer(char *line)
{
	const struct rpki_table *t = rpki_service_table(service);
	const char *word = strtok(line, " \n");
	if (!word)
		return;
	if (strcmp(word, "quit") == 0) {
		loop_stop(loop);
	} else if (strcmp(word, "report") == 0) {
		report();
	} else if (strcmp(word, "refresh") == 0) {
		rpki_service_refresh(service);
	} else if (strcmp(word, "counts") == 0) {
		struct rpki_counts c = rpki_counts(t);
		printf("counts %u %u %u %u %u\n", c.vrps_ipv4, c.vrps_ipv6, c.aspas, c.filtered,
		       c.asserted);
	} else if (strcmp(word, "valid") == 0) {
		const char *text = strtok(NULL, " \n");
		struct prefix p;
		struct asn origin;
		if (prefix_parse(&p, text) == 0 && asn_parse(&origin, strtok(NULL, " \n")) == 0)
			printf("valid %s %u %s\n", text, origin.number,
			       rpki_state_name(rpki_validate(t, &p, origin)));
	} else if (strcmp(word, "path") == 0) {
		struct buf path = {0};
		buf_u8(&path, 2);
		buf_u8(&path, 0);
		while ((word = strtok(NULL, " \n")) != NULL) {
			buf_u32(&path, (uint32_t)strtoul(word, NULL, 10));
			path.data[1]++;
		}
		printf("path %s\n",
		       aspa_state_name(rpki_aspa_verify(t, cursor_of(path.data, path.length))));
		buf_fini(&path);
	}
	fflush(stdout);
}

static void
input(struct loop_watch *watch, uint32_t events)
{
	(void)events;
	static char text[LINE];
	static size_t length;
	ssize_t n = read(watch->fd, text + length, sizeof(text) - 1 - length);
	if (n <= 0) {
		loop_stop(loop);
		return;
	}
	length += (size_t)n;
	for (char *end; (end = memchr(text, '\n', length)) != NULL;) {
		char line[LINE];
		size_t taken = (size_t)(end - text) + 1;
		memcpy(line, text, taken - 1);
		line[taken - 1] = '\0';
		memmove(text, text + taken, length - taken);
		length -= taken;
		answer(line);
	}
}

int
main(int argc, char **argv)
{
	hub.rpki_caches = caches;
	hub.validation.vrp_files = vrps;
	hub.validation.slurm_files = slurms;
	for (int i = 1; i < argc && i < SOURCES; i++)
		take_argument(argv[i]);
	struct loop_watch watch = {.fd = STDIN_FILENO, .ready = input};
	loop = loop_new();
	if (!loop || loop_watch(loop, &watch, EPOLLIN) < 0)
		return 1;
	service = rpki_service_new(loop, &hub, changed, NULL);
	if (!service)
		return 1;
	loop_run(loop);
	rpki_service_free(service);
	loop_free(loop);
	return 0;
}

/* `sarai import`: a hub file from what another program or a public record says. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf_io.h"
#include "cli/cli_parts.h"
#include "import/import.h"
#include "import/import_fetch_io.h"

struct order {
	struct import_request request;
	const char *output; /* NULL: standard output */
	bool force;
};

static const char options[] =
	"options: -o FILE         write there instead of to standard output\n"
	"         --force         write over FILE\n"
	"         --asn N         the route server's AS number, where it is not said\n"
	"         --router-id A   its BGP identifier, an IPv4 address\n"
	"         --name TEXT     what the hub is called\n"
	"         -i ID|NAME      ixf: which exchange of several\n"
	"         --bogons FILE   arouteserver: bogons.yml, if it is not the usual one\n";

static const char *
variable(const char *name)
{
	return getenv(name);
}

static bool
wrong(const char *option, const char *found, const char *expected)
{
	fprintf(stderr, "sarai import: %s: found \"%s\", expected %s\n", option, found, expected);
	return false;
}

/* An option with a value. False when it makes no sense. */
static bool
take_value(struct order *order, const char *option, const char *value)
{
	struct import_request *request = &order->request;
	if (!value) {
		fprintf(stderr, "sarai import: %s: its value is missing\n", option);
		return false;
	}
	if (strcmp(option, "-o") == 0)
		order->output = value;
	else if (strcmp(option, "-i") == 0 && request->from == IMPORT_IXF)
		request->exchange = value;
	else if (strcmp(option, "--from") == 0 && request->from == IMPORT_PEERINGDB)
		request->paths[0] = value;
	else if (strcmp(option, "--bogons") == 0 && request->from == IMPORT_AROUTESERVER)
		request->bogons = value;
	else if (strcmp(option, "--name") == 0)
		request->name = value;
	else if (strcmp(option, "--asn") == 0)
		return (asn_parse(&request->asn, value) == 0 && request->asn.number) ||
		       wrong(option, value, "an AS number such as 64500");
	else if (strcmp(option, "--router-id") == 0)
		return (ip_parse(&request->router_id, value) == 0 &&
			request->router_id.family == IP_V4) ||
		       wrong(option, value, "an IPv4 address");
	else {
		fprintf(stderr, "sarai import: found \"%s\", which is no option of it\n", option);
		return false;
	}
	return true;
}

/* What stands alone: files, or the exchange that is meant. */
static bool
take_word(struct order *order, unsigned n, const char *word)
{
	struct import_request *request = &order->request;
	if (request->from == IMPORT_PEERINGDB && n == 0)
		request->exchange = word;
	else if (request->from != IMPORT_PEERINGDB &&
		 n < (request->from == IMPORT_AROUTESERVER ? 2 : 1))
		request->paths[n] = word;
	else
		return false;
	return true;
}

static bool
read_order(struct order *order, int argc, char **argv)
{
	static const char *const sources[] = {"arouteserver", "ixf", "peeringdb"};
	unsigned words = 0, from = 0;
	while (from < 3 && (argc < 2 || strcmp(argv[1], sources[from]) != 0))
		from++;
	if (from == 3)
		return false;
	order->request.from = (enum import_source)from;
	order->request.variable = variable;
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--force") == 0)
			order->force = true;
		else if (argv[i][0] == '-' && argv[i][1] != '\0') {
			if (!take_value(order, argv[i], i + 1 < argc ? argv[i + 1] : NULL))
				return false;
			i++;
		} else if (!take_word(order, words++, argv[i])) {
			return false;
		}
	}
	const struct import_request *r = &order->request;
	return r->paths[0] && (from != IMPORT_AROUTESERVER || r->paths[1]) &&
	       (from != IMPORT_PEERINGDB || r->exchange);
}

static int
refuse(const char *path)
{
	fprintf(stderr, "sarai import: %s: %s%s\n", path, strerror(errno),
		errno == EEXIST ? "; --force writes over it" : "");
	return CLI_REFUSED;
}

/* Writes beside the file and renames, so that there is never half of one. */
static int
replace_file(const char *path, const struct buf *text, mode_t mode)
{
	char aside[4096];
	if (snprintf(aside, sizeof(aside), "%s.new", path) >= (int)sizeof(aside)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	(void)unlink(aside);
	int fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
	if (!to) {
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	buf_write(text, to);
	bool failed = ferror(to) != 0;
	failed |= fflush(to) != 0 || fsync(fd) != 0;
	failed |= fclose(to) != 0;
	if (!failed && rename(aside, path) == 0)
		return 0;
	int saved = errno;
	(void)unlink(aside);
	errno = saved;
	return -1;
}

static int
write_out(const struct order *order, const struct import_result *result)
{
	struct stat st;
	if (!order->output) {
		buf_write(&result->text, stdout);
		return fflush(stdout) == 0 && !ferror(stdout) ? CLI_OK : CLI_REFUSED;
	}
	if (lstat(order->output, &st) == 0 && !order->force) {
		errno = EEXIST;
		return refuse(order->output);
	}
	/* Passwords are nobody else's business. */
	if (replace_file(order->output, &result->text, result->secret ? 0600 : 0644) < 0)
		return refuse(order->output);
	return CLI_OK;
}

int
import_command(int argc, char **argv)
{
	struct order order = {0};
	struct import_fetch fetch;
	struct import_result result;
	if (!read_order(&order, argc, argv)) {
		fputs(options, stderr);
		return CLI_USAGE;
	}
	bool good = import_run(&order.request, import_fetch_source(&fetch), &result);
	int status = CLI_REFUSED;
	if (good) {
		buf_write(&result.notes, stderr);
		status = write_out(&order, &result);
		if (status == CLI_OK && order.output)
			fprintf(stderr, "%s: written; %zu remarks above and at its end\n",
				order.output, result.note_count);
	} else {
		struct buf said = {0};
		hub_report_print(&result.report, &said);
		buf_write(&said, stderr);
		if (fetch.why)
			fprintf(stderr, "  %s\n", fetch.why);
		fprintf(stderr, "sarai import: nothing was written\n");
		buf_fini(&said);
	}
	import_result_fini(&result);
	import_fetch_fini(&fetch);
	return status;
}

/* The exchange room alone, in the foreground, from a hub file: what other route servers are measured
 * against, without the rooms that they do not have. It follows registry.snapshot in the folder
 * `registry` of the data directory, and uses the VRP files that the hub file names.
 *
 *   exchange_alone FILE      reads FILE again with SIGHUP, ends with SIGTERM or SIGINT */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock_io.h"
#include "exchange/exchange_io.h"
#include "exchange/rpki/vrp_json.h"
#include "hub/hub_file.h"
#include "hub/hub_file_io.h"
#include "net/loop.h"

static struct loop *loop;
static const char *path;
static struct hub *hub;
static struct exchange_service *service;

static struct hub *
read_hub(void)
{
	struct hub_report report;
	struct hub *read = hub_file_read(path, hub_file_disk(), &report);
	if (!read) {
		struct buf text = {0};
		hub_report_print(&report, &text);
		(void)fwrite(text.data, 1, text.length, stderr);
		buf_fini(&text);
	}
	hub_report_fini(&report);
	return read;
}

static void
reload(void)
{
	struct hub *next = read_hub();
	if (!next)
		return;
	if (exchange_service_apply(service, next)) {
		loop_stop(loop);
		return;
	}
	hub_free(hub);
	hub = next;
}

static void
signalled(struct loop_watch *watch, uint32_t events)
{
	struct signalfd_siginfo info;
	(void)events;
	if (read(watch->fd, &info, sizeof(info)) == (ssize_t)sizeof(info) &&
	    info.ssi_signo == SIGHUP)
		reload();
	else
		loop_stop(loop);
}

/* False when a file is not good. */
static bool
read_vrps(struct rpki_table *table, const char *file)
{
	static char octets[64 * 1024];
	int source = rpki_source_add(table, RPKI_FILE, file, 1);
	FILE *from = source < 0 ? NULL : fopen(file, "r");
	struct vrp_json *reader = from ? vrp_json_new(table, (unsigned)source, clock_utc()) : NULL;
	bool good = reader;
	for (size_t got; good && (got = fread(octets, 1, sizeof(octets), from)) != 0;)
		good = vrp_json_feed(reader, octets, got) == 0;
	good = good && vrp_json_end(reader) == 0;
	vrp_json_free(reader);
	if (from)
		(void)fclose(from);
	return good;
}

/* NULL where there are none, or a file is not good. */
static struct rpki_table *
all_vrps(void)
{
	struct rpki_table *table = hub->validation.vrp_file_count ? rpki_table_new() : NULL;
	for (size_t i = 0; table && i < hub->validation.vrp_file_count; i++) {
		if (read_vrps(table, hub->validation.vrp_files[i]))
			continue;
		(void)fprintf(stderr, "exchange_alone: a VRP file is not good\n");
		exit(1);
	}
	return table;
}

static bool
start(void)
{
	static char registry[4096];
	char reason[EXCHANGE_REASON] = "no hub";
	hub = read_hub();
	loop = loop_new();
	if (hub && loop) {
		struct rpki_table *vrps = all_vrps(); /* before anybody can connect */
		(void)snprintf(registry, sizeof(registry), "%s/registry", hub->data_directory);
		const struct exchange_folders folders = {NULL, registry};
		service = exchange_service_open(loop, hub, &folders, reason);
		if (service && vrps)
			exchange_use_rpki(exchange_service_engine(service), vrps, loop_now(loop));
	}
	if (!service)
		(void)fprintf(stderr, "exchange_alone: %s\n", reason);
	return service;
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		(void)fprintf(stderr, "usage: exchange_alone FILE\n");
		return 2;
	}
	path = argv[1];
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	sigset_t heard;
	sigemptyset(&heard);
	sigaddset(&heard, SIGTERM);
	sigaddset(&heard, SIGINT);
	sigaddset(&heard, SIGHUP);
	sigprocmask(SIG_BLOCK, &heard, NULL);
	if (!start())
		return 1;
	struct loop_watch watch = {.fd = signalfd(-1, &heard, SFD_CLOEXEC), .ready = signalled};
	if (loop_watch(loop, &watch, EPOLLIN) < 0 || loop_run(loop) < 0)
		return 1;
	exchange_service_close(service, false);
	loop_free(loop);
	hub_free(hub);
	return 0;
}

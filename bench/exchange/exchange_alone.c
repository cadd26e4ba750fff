/* The exchange room alone, in the foreground, from a hub file: what other route servers are measured
 * against, without the rooms that they do not have. It follows registry.snapshot in the folder
 * `registry` of the data directory.
 *
 *   exchange_alone FILE      reads FILE again with SIGHUP, ends with SIGTERM or SIGINT */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/buf.h"
#include "exchange/exchange_io.h"
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

static bool
start(void)
{
	static char registry[4096];
	char reason[EXCHANGE_REASON] = "no hub";
	hub = read_hub();
	loop = loop_new();
	if (hub && loop) {
		(void)snprintf(registry, sizeof(registry), "%s/registry", hub->data_directory);
		const struct exchange_folders folders = {NULL, registry, NULL};
		service = exchange_service_open(loop, hub, &folders, reason);
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

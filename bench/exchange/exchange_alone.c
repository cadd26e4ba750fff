/* The exchange room alone, in the foreground, from a hub file: what other route servers are measured
 * against, without the rooms that they do not have.
 *
 *   exchange_alone FILE      ends with SIGTERM or SIGINT */
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

static void
signalled(struct loop_watch *watch, uint32_t events)
{
	(void)watch;
	(void)events;
	loop_stop(loop);
}

static struct hub *
read_hub(const char *path)
{
	struct hub_report report;
	struct hub *hub = hub_file_read(path, hub_file_disk(), &report);
	if (!hub) {
		struct buf text = {0};
		hub_report_print(&report, &text);
		(void)fwrite(text.data, 1, text.length, stderr);
		buf_fini(&text);
	}
	hub_report_fini(&report);
	return hub;
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: exchange_alone FILE\n");
		return 2;
	}
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	sigset_t ends;
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	struct hub *hub = read_hub(argv[1]);
	loop = loop_new();
	char reason[EXCHANGE_REASON];
	const struct exchange_folders folders = {NULL, NULL};
	struct exchange_service *service =
		hub && loop ? exchange_service_open(loop, hub, &folders, reason) : NULL;
	if (!service) {
		fprintf(stderr, "exchange_alone: %s\n", hub ? reason : "no hub");
		return 1;
	}
	struct loop_watch watch = {.fd = signalfd(-1, &ends, SFD_CLOEXEC), .ready = signalled};
	if (loop_watch(loop, &watch, EPOLLIN) < 0 || loop_run(loop) < 0)
		return 1;
	exchange_service_close(service, false);
	loop_free(loop);
	hub_free(hub);
	return 0;
}

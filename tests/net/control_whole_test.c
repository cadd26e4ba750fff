/* An answer that is asked for as a whole, of a hub that answers well, badly, or not at all. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/control.h"
#include "tap.h"

static char path[100];

/* A hub that says this to whoever asks, and then hangs up, or (wait) says nothing more. */
static pid_t
hub(const char *says, bool wait)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	(void)unlink(path);
	int door = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(door, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(door, 1) < 0)
		abort();
	pid_t child = fork();
	if (child == 0) {
		char line[200];
		int fd = accept(door, NULL, NULL);
		(void)!read(fd, line, sizeof(line));
		(void)!write(fd, says, strlen(says));
		while (wait)
			pause();
		_exit(0);
	}
	(void)close(door);
	return child;
}

static void
answers(void)
{
	static const struct {
		const char *says, *text, *body, *what;
		bool wait;
		size_t most;
		int status, error;
	} cases[] = {
		{"ok application/json\n{}\n", "application/json", "before {}\n", "a body", false,
		 100, 0, 0},
		{"ok text/plain\n", "text/plain", "before ", "an empty body", false, 0, 0, 0},
		{"error 404 there is none\n", "there is none", "before ", "a refusal", false, 0,
		 404, 0},
		{"error 404 there is none\nin lines\n", "there is none", "before ", "with details",
		 false, 0, 404, 0},
		{"", "", "before ", "nothing", false, 0, -1, EPROTO},
		{"ok text/pl", "", "before ", "half a line", false, 0, -1, EPROTO},
		{"welcome\n", "", "before ", "no answer", false, 0, -1, EPROTO},
		{"ok text/plain\n123456789\n", "", "before ", "too much", false, 20, -1, EMSGSIZE},
		{"ok text/plain\n123", "", "before ", "silence in the middle", true, 0, -1, EAGAIN},
	};
	const char *const words[] = {"show", "it"};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out = {0};
		char text[256];
		buf_str(&out, "before ");
		pid_t child = hub(cases[i].says, cases[i].wait);
		struct control_question q = {path, CONTROL_JSON, words, 2, 1, cases[i].most};
		int status = control_ask_whole(&out, &q, text);
		int error = status < 0 ? errno : 0;
		buf_u8(&out, 0);
		if (!ok(status == cases[i].status && error == cases[i].error &&
				strcmp((const char *)out.data, cases[i].body) == 0 &&
				(status < 0 || strcmp(text, cases[i].text) == 0),
			"%s", cases[i].what))
			printf("# %d, %s, \"%s\", \"%s\"\n", status, strerror(error), text,
			       (const char *)out.data);
		buf_fini(&out);
		(void)kill(child, SIGKILL);
		(void)waitpid(child, NULL, 0);
	}
}

int
main(void)
{
	char folder[] = "/tmp/sarai-whole-XXXXXX", text[256];
	const char *const words[] = {"show"};
	struct buf out = {0};
	if (!mkdtemp(folder))
		return 1;
	(void)snprintf(path, sizeof(path), "%s/s", folder);
	struct control_question q = {path, CONTROL_TEXT, words, 1, 1, 0};
	ok(control_ask_whole(&out, &q, text) < 0 && errno == ENOENT, "where nobody is");
	answers();
	(void)unlink(path);
	(void)rmdir(folder);
	return done_testing();
}

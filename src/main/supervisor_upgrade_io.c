/* A new binary takes over: it must first agree with the hub file; then the rooms end, the exchange without a word to
 * neighbours that keep its routes (RFC 4724), and the parent becomes the new binary, with the same process number.
 * When that cannot be started after all, the old one comes back the same way. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "main/supervisor.h"

enum { CHECK_S = 20, ANSWER_MS = 200, OUTPUT_MAX = 2000 };

#define RETURNS "SARAI_RETURNS" /* in the environment of a parent that took over */

void
supervisor_upgrade_init(struct supervisor *s)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	path[length > 0 ? length : 0] = '\0';
	/* A file that was replaced before we were started from it, or went since (proc(5)). */
	char *gone = strstr(path, " (deleted)");
	if (gone && !gone[sizeof(" (deleted)") - 1])
		*gone = '\0';
	s->upgrade.own = strdup(path);
	s->returns = getenv(RETURNS) != NULL;
	(void)unsetenv(RETURNS);
}

void
supervisor_upgrade_fini(struct supervisor *s)
{
	free(s->upgrade.own);
	free(s->upgrade.binary);
}

/* --- does the new binary agree with the hub file? --- */

static pid_t
start_check(const struct supervisor *s, int output)
{
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	const char *argv[] = {s->upgrade.binary, "check", s->file, NULL};
	int nothing = open("/dev/null", O_RDONLY);
	if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
		_exit(127);
	(void)close_range(3, ~0U, 0);
	(void)sigprocmask(SIG_SETMASK, &s->inherited_mask, NULL);
	execv(argv[0], (char *const *)argv);
	_exit(127);
}

static void
end_check(struct supervisor *s)
{
	if (s->upgrade.checker > 0) {
		(void)kill(s->upgrade.checker, SIGKILL);
		(void)waitpid(s->upgrade.checker, NULL, 0);
	}
	if (s->upgrade.output >= 0)
		close(s->upgrade.output);
	s->upgrade.checker = 0;
	s->upgrade.output = -1;
}

static void
go(struct loop_timer *timer, struct mono_us now)
{
	struct supervisor *s =
		(struct supervisor *)((char *)timer - offsetof(struct supervisor, upgrade.timer));
	(void)now;
	log_info("ends, for %s to take over", s->upgrade.binary);
	s->upgrade.goes = true;
	loop_stop(s->loop);
}

/* Any program may end with 0 that is asked to check; ours says that the file is good. */
static bool
is_ours(const char *said)
{
	return strstr(said, ": good: ") != NULL;
}

static bool
check_ready(void *state, struct control_answer *answer)
{
	struct supervisor *s = state;
	char said[OUTPUT_MAX];
	int status;
	pid_t ended = waitpid(s->upgrade.checker, &status, WNOHANG);
	if (ended == 0 && clock_mono().us < s->upgrade.until.us)
		return false;
	ssize_t length = ended > 0 ? read(s->upgrade.output, said, sizeof(said) - 1) : 0;
	said[length > 0 ? length : 0] = '\0';
	if (ended == 0) {
		control_error(answer, 504,
			      "%.150s check %.60s: no end within %d s, nothing was done",
			      s->upgrade.binary, s->file, CHECK_S);
	} else if (ended < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		control_error(answer, 422,
			      "%.150s refuses %.60s or does not start, nothing was done",
			      s->upgrade.binary, s->file);
		buf_str(&answer->body, said);
	} else if (!is_ours(said)) {
		control_error(answer, 422,
			      "%.150s does not say that %.60s is good: it is no sarai, nothing was "
			      "done",
			      s->upgrade.binary, s->file);
	} else {
		buf_printf(&answer->body, "%s takes over: members keep their routes meanwhile\n",
			   s->upgrade.binary);
		s->upgrade.agreed = true;
		s->upgrade.timer.fire = go;
		loop_timer_set(s->loop, &s->upgrade.timer, mono_add_ms(clock_mono(), ANSWER_MS));
	}
	if (ended != 0)
		s->upgrade.checker = 0;
	return true;
}

bool
supervisor_upgrade_is_on(const struct supervisor *s)
{
	return s->upgrade.checker > 0 || s->upgrade.agreed;
}

static void
check_done(void *state)
{
	end_check(state);
}

void
supervisor_upgrade_answer(struct supervisor *s, const struct control_request *request,
			  struct control_answer *answer)
{
	int output[2];
	if (request->count > 2) {
		control_error(answer, 400, "expected: upgrade [BINARY]");
		return;
	}
	if (s->change.running || supervisor_upgrade_is_on(s) || s->confirm_wanted) {
		control_error(answer, 409, "%s",
			      s->confirm_wanted ? "what was applied is not confirmed yet"
						: "another change is going on");
		return;
	}
	const char *binary = request->count == 2 ? request->words[1] : s->upgrade.own;
	if (binary[0] != '/' || access(binary, X_OK) < 0) {
		control_error(answer, 422, "%.150s: %s", binary,
			      binary[0] != '/' ? "not a path that begins with /" : strerror(errno));
		return;
	}
	free(s->upgrade.binary);
	s->upgrade.binary = strdup(binary);
	if (!s->upgrade.binary || pipe2(output, O_CLOEXEC | O_NONBLOCK) < 0) {
		control_error(answer, 503, "no memory");
		return;
	}
	s->upgrade.output = output[0];
	s->upgrade.checker = start_check(s, output[1]);
	close(output[1]);
	if (s->upgrade.checker < 0) {
		control_error(answer, 503, "cannot start a process: %s", strerror(errno));
		end_check(s);
		return;
	}
	s->upgrade.until = mono_add_ms(clock_mono(), CHECK_S * 1000);
	answer->state = s;
	answer->ready = check_ready;
	answer->done = check_done;
	answer->content_type = "text/plain";
}

void
supervisor_upgrade_exec(const struct supervisor *s)
{
	const char *argv[6] = {"sarai", "run", s->file};
	size_t count = 3;
	if (s->simulated)
		argv[count++] = "--simulated";
	if (s->keep_going)
		argv[count++] = "--keep-going";
	(void)setenv(RETURNS, "1", 1);
	(void)sigprocmask(SIG_SETMASK, &s->inherited_mask, NULL);
	execv(s->upgrade.binary, (char *const *)argv);
	log_error("%s: %s; what ran before comes back", s->upgrade.binary, strerror(errno));
	execv("/proc/self/exe", (char *const *)argv);
	log_error("the program itself: %s", strerror(errno));
}

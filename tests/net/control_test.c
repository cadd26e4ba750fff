/* The control protocol: lines, and a door that passes its callers on to a room. */
#include "net/control.h"
#include "net/control_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tap.h"

static void
requests(void)
{
	static const struct {
		const char *name, *line;
		size_t length; /* 0: strlen */
		int words;     /* -1: refused */
	} cases[] = {
		{"a question of one word", "text\tstatus", 0, 1},
		{"a question of three words", "json\tshow\tmember\t64501", 0, 3},
		{"CSV is a form", "csv\tbill\t64501", 0, 2},
		{"a word may hold blanks", "text\tmember\tdown for a while", 0, 2},
		{"a word may be empty, but not the first", "text\ta\t", 0, 2},
		{"an empty first word is refused", "text\t", 0, -1},
		{"a form alone is refused", "text", 0, -1},
		{"an unknown form is refused", "xml\tshow", 0, -1},
		{"nothing is refused", "", 0, -1},
		{"a zero octet is refused", "text\tshow\0x", 11, -1},
		{"an escape is refused", "text\tshow\x1b[2J", 0, -1},
		{"a carriage return is refused", "text\tshow\r", 0, -1},
		{"a file may follow", "csv<16777216\tread", 0, 1},
		{"a longer one is refused", "csv<16777217\tread", 0, -1},
		{"one of no octets is refused", "csv<0\tread", 0, -1},
		{"so is one of no length", "csv<\tread", 0, -1},
		{"and a length with something after it", "csv<12x\tread", 0, -1},
	};
	static struct control_request r;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t length = cases[i].length ? cases[i].length : strlen(cases[i].line);
		int result = control_parse(&r, cases[i].line, length);
		is_int(result < 0 ? -1 : (int)r.count, cases[i].words, cases[i].name);
	}
	ok(control_parse(&r, "json\tshow\tmember\t64501", 22) == 0 && r.form == CONTROL_JSON,
	   "the form is read");
	is_str(r.words[2], "64501", "and the words, in order");
	char many[CONTROL_LINE_MAX + 1] = "text";
	for (int i = 0; i < CONTROL_WORDS_MAX; i++)
		strcat(many, "\tw");
	is_int(control_parse(&r, many, strlen(many)), 0, "32 words are a request");
	strcat(many, "\tw");
	is_int(control_parse(&r, many, strlen(many)), -1, "33 are not");
	memset(many, 'w', sizeof(many));
	memcpy(many, "text\t", 5);
	is_int(control_parse(&r, many, CONTROL_LINE_MAX - 1), 0, "the longest line is a request");
	is_int(control_parse(&r, many, CONTROL_LINE_MAX), -1, "one octet more is not");
}

static void
reasons(void)
{
	static const struct {
		const char *name, *reason, *line;
	} cases[] = {
		{"a reason stays one line", "a\nb\x1b[2J", "error 404 a?b?[2J\n"},
		{"a reason in any script is whole", "\xd8\xa7\xd8\xb1\xd8\xaf\xd9\x88 \xe4\xb8\xad",
		 "error 404 \xd8\xa7\xd8\xb1\xd8\xaf\xd9\x88 \xe4\xb8\xad\n"},
		{"a name cut inside a character leaves no half of it", "\xe4\xb8 has none",
		 "error 404 ?? has none\n"},
		{"overlong forms do not get out", "\xc0\xae", "error 404 ??\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct control_answer answer = {0};
		struct buf out = {0};
		control_error(&answer, 404, "%s", cases[i].reason);
		control_line_answer(&out, &answer, CONTROL_TEXT);
		buf_u8(&out, 0);
		is_str((const char *)out.data, cases[i].line, cases[i].name);
		buf_fini(&out);
	}
}

static void
statuses(void)
{
	static const struct {
		const char *name, *line, *text;
		int status;
	} cases[] = {
		{"ok with its type", "ok text/plain", "text/plain", 0},
		{"the newline is not part of the text", "ok text/csv\n", "text/csv", 0},
		{"an answer that there is none is an answer", "none text/plain\n", "text/plain", 0},
		{"an error with its reason", "error 404 there is no member 1",
		 "there is no member 1", 404},
		{"an error without reason", "error 503", "", 503},
		{"an error without number is no answer", "error x", NULL, -1},
		{"error 0 is no answer", "error 0 x", NULL, -1},
		{"something else is no answer", "HTTP/1.1 200 OK", NULL, -1},
		{"nothing is no answer", "", NULL, -1},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[256] = "";
		is_int(control_status(cases[i].line, text), cases[i].status, cases[i].name);
		if (cases[i].text)
			is_str(text, cases[i].text, "with its text");
	}
	ok(control_says_none("none text/plain\n") && !control_says_none("ok none x"),
	   "and says so");
	struct control_answer answer = {.nothing = true};
	struct buf line = {0};
	control_line_answer(&line, &answer, CONTROL_JSON);
	buf_u8(&line, 0);
	is_str((const char *)line.data, "none application/json\n", "with the type of its form");
	buf_fini(&line);
}

/* --- a door and a room in one loop --- */

struct list {
	int left, done;
};
static struct list list;

static bool
list_more(void *state, struct buf *out)
{
	struct list *l = state;
	if (l->left == 0)
		return false;
	for (int i = 0; i < 1000; i++)
		buf_printf(out, "line %06d of a long answer, so that it fills the socket\n", i);
	l->left--;
	return true;
}

static void
list_done(void *state)
{
	((struct list *)state)->done++;
}

/* An answer that takes its time: known at the third question, then with pauses in it. */
static bool
slow_ready(void *state, struct control_answer *answer)
{
	struct list *l = state;
	if (l->left-- > 0)
		return false;
	if (l->done)
		control_error(answer, 409, "refused after thought");
	else
		buf_str(&answer->body, "one\n");
	l->left = 3;
	return true;
}

static bool
slow_more(void *state, struct buf *out)
{
	struct list *l = state;
	if (l->left == 2)
		buf_str(out, "two\n");
	return l->left-- > 0;
}

/* One that is worked at for many turns. */
static bool
work_ready(void *state, struct control_answer *answer)
{
	struct list *l = state;
	if (l->left-- > 0)
		return false;
	buf_str(&answer->body, "done\n");
	return true;
}

static int asked;

static void
room_answer(void *context, const struct control_request *request, struct control_answer *answer)
{
	(void)context;
	asked++;
	if (strcmp(request->words[0], "list") == 0) {
		list = (struct list){.left = 50};
		answer->more = list_more;
		answer->done = list_done;
		answer->state = &list;
	} else if (strncmp(request->words[0], "slow", 4) == 0) {
		static struct list slow;
		slow = (struct list){.left = 2, .done = request->words[0][4] != '\0'};
		answer->ready = slow_ready;
		answer->more = slow_more;
		answer->state = &slow;
	} else if (strcmp(request->words[0], "work") == 0) {
		list = (struct list){.left = 100};
		answer->ready = work_ready;
		answer->works = true;
		answer->state = &list;
	} else if (strcmp(request->words[0], "weigh") == 0) {
		unsigned sum = 0;
		for (size_t i = 0; i < request->body_length; i++)
			sum += request->body[i];
		buf_printf(&answer->body, "%s: %zu octets, sum %u, of %s\n", request->words[1],
			   request->body_length, sum,
			   request->peer.known && request->peer.uid == getuid() &&
					   request->peer.pid == getpid()
				   ? "myself"
				   : "somebody");
	} else if (strcmp(request->words[0], "missing") == 0) {
		control_error(answer, 404, "there is no \"%s\"\n", request->words[0]);
	} else {
		buf_printf(&answer->body, "room says %s\n", request->words[request->count - 1]);
	}
}

static void
own_answer(void *context, const struct control_request *request, struct control_answer *answer)
{
	(void)context;
	if (strcmp(request->words[0], "down") == 0)
		control_error(answer, 503, "the room is down");
	else
		buf_printf(&answer->body, "parent says %s\n", request->words[0]);
}

static int
route(void *context, const struct control_request *request)
{
	int *channel = context;
	bool parent =
		strcmp(request->words[0], "parent") == 0 || strcmp(request->words[0], "down") == 0;
	return parent ? -1 : *channel;
}

/* Turns the loop until the client has read everything; the answer, to be freed. */
static char *
read_answer(struct loop *loop, int fd)
{
	struct buf all = {0};
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	for (int turn = 0; turn < 20000; turn++) {
		char piece[65536];
		ssize_t n = read(fd, piece, sizeof(piece));
		if (n == 0)
			break;
		if (n > 0)
			buf_put(&all, piece, (size_t)n);
		else
			loop_turn(loop, 5);
	}
	close(fd);
	buf_u8(&all, 0);
	return (char *)all.data;
}

static char *
ask(struct loop *loop, const char *path, const char *word)
{
	const char *words[] = {word, "last"};
	int fd = control_ask(path, CONTROL_TEXT, words, 2, NULL);
	if (fd < 0)
		return strdup("no connection");
	return read_answer(loop, fd);
}

static void
ask_is(struct loop *loop, const char *path, const char *word, const char *expected,
       const char *name)
{
	char *answer = ask(loop, path, word);
	is_str(answer, expected, name);
	free(answer);
}

/* A file after the line: it reaches the room whole, at once or in pieces. */
static void
files(struct loop *loop, const char *path)
{
	const char *words[] = {"weigh", "a file"};
	struct buf file = {0};
	for (int i = 0; i < 60000; i++)
		buf_u8(&file, i % 10 == 3 ? '\n' : 1);
	char *answer = read_answer(loop, control_ask(path, CONTROL_CSV, words, 2, &file));
	is_str(answer, "ok text/csv\na file: 60000 octets, sum 114000, of myself\n",
	       "a file that follows the line reaches the room, and who sent it is known");
	free(answer);
	while (file.length < CONTROL_NOW_MAX)
		buf_u8(&file, 1);
	answer = read_answer(loop, control_ask_now(path, CONTROL_CSV, words, 2, &file));
	is_str(answer, "ok text/csv\na file: 65536 octets, sum 119536, of myself\n",
	       "who must not wait sends it at once");
	free(answer);
	/* All but the line goes out a little later, in two pieces. */
	static const char line[] = "text<6\tweigh\tlate\n";
	file.length = 0;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	ok(connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		   write(fd, line, sizeof(line) - 1) == sizeof(line) - 1,
	   "a line that says that a file follows");
	for (int i = 0; i < 5; i++)
		loop_turn(loop, 1);
	ok(write(fd, "\1\2\3", 3) == 3, "its first part");
	for (int i = 0; i < 5; i++)
		loop_turn(loop, 1);
	int before = asked;
	ok(write(fd, "\4\5\6", 3) == 3, "its second");
	answer = read_answer(loop, fd);
	is_str(answer, "ok text/plain\nlate: 6 octets, sum 21, of myself\n",
	       "it is answered when it is whole");
	is_int(asked, before + 1, "and not before");
	free(answer);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	ok(connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		   write(fd, line, sizeof(line) - 1) == sizeof(line) - 1,
	   "one who goes away before the file");
	close(fd);
	before = asked;
	for (int i = 0; i < 10; i++)
		loop_turn(loop, 1);
	is_int(asked, before, "is not answered");
	buf_fini(&file);
}

/* Turns are counted: each waits 5 ms at most. */
static void
working(struct loop *loop, const char *path)
{
	const char *words[] = {"work"};
	int fd = control_ask(path, CONTROL_TEXT, words, 1, NULL);
	list.left = INT32_MAX;
	for (int i = 0; i < 10 && list.left == INT32_MAX; i++)
		loop_turn(loop, 5);
	int turns = 0;
	for (; list.left > 0 && turns < 1000; turns++)
		loop_turn(loop, 5);
	ok(turns <= 110, "an answer that is worked at is gone on with at once: %d turns", turns);
	char *answer = read_answer(loop, fd);
	is_str(answer, "ok text/plain\ndone\n", "and is made");
	free(answer);
}

static void
rude_clients(struct loop *loop, const char *path)
{
	const char *words[] = {"list"};
	int fd = control_ask(path, CONTROL_TEXT, words, 1, NULL);
	for (int i = 0; i < 20; i++)
		loop_turn(loop, 5);
	ok(list.left > 0 && list.left < 50, "an answer is made only as fast as it is taken");
	int done = list.done;
	close(fd);
	for (int i = 0; i < 5; i++)
		loop_turn(loop, 5);
	is_int(list.done, done + 1, "the state of an answer is freed when its client goes away");

	int before = asked;
	int fds[300];
	for (int i = 0; i < 300; i++) {
		fds[i] = control_ask(path, CONTROL_TEXT, words, 1, NULL);
		loop_turn(loop, 0);
		loop_turn(loop, 0);
	}
	is_int(asked - before, 256, "256 unread answers are the limit");
	char *answer = read_answer(loop, fds[299]);
	is_str(answer, "error 503 too many questions at once\n", "the next client is told");
	free(answer);
	for (int i = 0; i < 299; i++)
		close(fds[i]);
	for (int i = 0; i < 300; i++)
		loop_turn(loop, 0);
	ask_is(loop, path, "one", "ok text/plain\nroom says last\n",
	       "and when they are gone, questions are answered again");
}

static void
raw(struct loop *loop, const char *path, const char *bytes, size_t length, const char *expected,
    const char *name)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct {
		sa_family_t family;
		char path[100];
	} address = {.family = AF_UNIX};
	(void)snprintf(address.path, sizeof(address.path), "%s", path);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && length > 0)
		(void)!send(fd, bytes, length, MSG_NOSIGNAL);
	char *answer = read_answer(loop, fd);
	is_str(answer, expected, name);
	free(answer);
}

static void
a_door(const char *folder)
{
	char path[100], other[400];
	(void)snprintf(path, sizeof(path), "%s/sock", folder);
	struct loop *loop = loop_new();
	int pair[2];
	ok(loop && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0,
	   "a loop and a channel are there");
	struct control_routes routes = {.route = route, .own = own_answer, .context = &pair[0]};
	struct control_door *door = control_door_open(loop, path, routes);
	struct control_room *room = control_room_open(loop, pair[1], room_answer, NULL);
	if (!ok(door && room, "door and room open"))
		return;
	struct stat status;
	ok(stat(path, &status) == 0 && (status.st_mode & 0777) == 0660, "the socket has mode 0660");
	ok(!control_door_open(loop, path, routes) && errno == EADDRINUSE,
	   "a second door at the same path is refused");
	ask_is(loop, path, "one", "ok text/plain\nroom says last\n", "a room answers");
	ask_is(loop, path, "parent", "ok text/plain\nparent says parent\n",
	       "the parent answers for itself");
	ask_is(loop, path, "missing", "error 404 there is no \"missing\"?\n",
	       "an error is one line whatever it quotes");
	ask_is(loop, path, "down", "error 503 the room is down\n", "and so is one of the parent");
	char *answer = ask(loop, path, "list");
	is_int((long long)strlen(answer), 50LL * 1000 * 58 + 14,
	       "a long answer comes whole, in pieces");
	free(answer);
	is_int(list.done, 1, "and its state is freed at the end");
	ask_is(loop, path, "slow", "ok text/plain\none\ntwo\n",
	       "an answer that is not known yet is waited for, and so is its next piece");
	ask_is(loop, path, "slow-no", "error 409 refused after thought\n",
	       "a late answer can be an error");
	const char *bad[] = {"a\nb"};
	ok(control_ask(path, CONTROL_TEXT, bad, 1, NULL) < 0 && errno == EINVAL,
	   "a word with a newline cannot be sent");
	raw(loop, path, "nonsense\n", 9, "error 400 this is not a request\n",
	    "nonsense is refused with a reason");
	raw(loop, path, "text\tone\nmore", 13, "ok text/plain\nroom says one\n",
	    "octets after the line are ignored, and the answer comes whole");
	char *line = malloc(CONTROL_LINE_MAX + 100);
	memset(line, 'x', CONTROL_LINE_MAX + 100);
	raw(loop, path, line, CONTROL_LINE_MAX + 100, "error 400 the line is too long\n",
	    "a line without end is refused");
	free(line);
	files(loop, path);
	working(loop, path);
	rude_clients(loop, path);

	/* A room that does not read: the door says so instead of waiting for it. */
	control_room_close(room);
	int opened[600];
	int count = 0;
	char first[64] = "";
	const char *words[] = {"one"};
	while (count < 600 && !*first) {
		opened[count] = control_ask(path, CONTROL_TEXT, words, 1, NULL);
		loop_turn(loop, 0);
		loop_turn(loop, 0);
		(void)!recv(opened[count++], first, sizeof(first) - 1, MSG_DONTWAIT);
	}
	is_str(first, "error 503 the room that has the answer is busy or gone\n",
	       "a room that does not read is reported as busy, after at most 600 questions");
	for (int i = 0; i < count; i++)
		close(opened[i]);
	close(pair[1]);
	ask_is(loop, path, "one", "error 503 the room that has the answer is busy or gone\n",
	       "and one that is gone at once");
	control_door_close(door);
	ok(stat(path, &status) < 0, "the socket is gone when the door closes");
	close(pair[0]);

	int stale = socket(AF_UNIX, SOCK_STREAM, 0);
	struct {
		sa_family_t family;
		char path[100];
	} address = {.family = AF_UNIX};
	(void)snprintf(address.path, sizeof(address.path), "%s", path);
	(void)!bind(stale, (struct sockaddr *)&address, sizeof(address));
	close(stale);
	door = control_door_open(loop, path, routes);
	ok(door != NULL, "a socket left by one that died is replaced");
	control_door_close(door);
	FILE *file = fopen(path, "w");
	fclose(file);
	ok(!control_door_open(loop, path, routes) && errno == EEXIST,
	   "a file that is no socket is left alone");
	unlink(path);
	(void)snprintf(other, sizeof(other), "%s/%0150d", folder, 1);
	mkdir(other, 0700);
	strcat(other, "/sock");
	door = control_door_open(loop, other, routes);
	ok(door != NULL, "a path longer than a socket address allows works");
	ask_is(loop, other, "parent", "ok text/plain\nparent says parent\n", "and is reached");
	control_door_close(door);
	loop_free(loop);
}

int
main(void)
{
	requests();
	reasons();
	statuses();
	char folder[] = "/tmp/sarai-control-XXXXXX", command[64];
	if (ok(mkdtemp(folder) != NULL, "there is a folder for the sockets"))
		a_door(folder);
	(void)snprintf(command, sizeof(command), "rm -rf %s", folder);
	(void)!system(command);
	return done_testing();
}

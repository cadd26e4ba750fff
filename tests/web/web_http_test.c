/* The gateway as a whole, over real sockets: a hub that is played by this test on one side,
 * browsers on the other, all in one loop. */
#include "web/web_http_io.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "net/control.h"
#include "net/loop.h"
#include "tap.h"

enum { BIG = 3 * 1024 * 1024, PATIENCE_MS = 8000 };

static struct loop *loop;
static uint16_t port;
static unsigned members_version = 1;
static bool exchange_down;
static bool slow;       /* what is asked of traffic is never answered */
static unsigned let_go; /* questions of that kind that nobody waits for any more */

/* --- the hub --- */

struct big {
	size_t left;
};

static bool
more(void *state, struct buf *out)
{
	struct big *big = state;
	size_t piece = big->left < 60000 ? big->left : 60000;
	for (size_t i = 0; i < piece; i++)
		buf_u8(out, 'x');
	big->left -= piece;
	return piece > 0;
}

static bool
never(void *state, struct control_answer *answer)
{
	(void)state;
	(void)answer;
	return false;
}

static void
count_let_go(void *state)
{
	(void)state;
	let_go++;
}

static void
play(void *context, const struct control_request *request, struct control_answer *answer)
{
	(void)context;
	const char *second = request->count > 1 ? request->words[1] : "";
	if (strcmp(second, "members") == 0 && exchange_down) {
		control_error(answer, 503, "the exchange is not running");
	} else if (strcmp(second, "members") == 0) {
		buf_printf(&answer->body, "{\"members\":[{\"asn\":%u,\"sessions\":[]}]}\n",
			   members_version);
	} else if (strcmp(second, "routes") == 0) {
		struct big *big = calloc(1, sizeof(*big));
		big->left = BIG;
		answer->state = big;
		answer->more = more;
		answer->done = free;
	} else if (strcmp(second, "traffic") == 0 && slow) {
		answer->ready = never;
		answer->done = count_let_go;
	} else if (strcmp(second, "member") == 0) {
		control_error(answer, 404, "there is no member %s", request->words[2]);
	} else if (strcmp(request->words[0], "bill") == 0) {
		answer->content_type = "text/html; charset=utf-8";
		buf_str(&answer->body, "<h1>invoice</h1>");
	} else if (strcmp(request->words[0], "metrics") == 0) {
		if (strcmp(second, "ledger") == 0)
			control_error(answer, 503, "the ledger is not running");
		else
			buf_printf(&answer->body, "# TYPE shared gauge\nshared{room=\"%s\"} 1\n",
				   second);
	} else {
		buf_str(&answer->body, "{\"words\":\"");
		for (size_t i = 0; i < request->count; i++)
			buf_printf(&answer->body, "%s%s", i ? "|" : "", request->words[i]);
		buf_str(&answer->body, "\"}");
	}
}

static int
nobody(void *context, const struct control_request *request)
{
	(void)context;
	(void)request;
	return -1;
}

/* --- a browser --- */

static int
dial(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	connect(fd, (struct sockaddr *)&to, sizeof(to));
	loop_turn(loop, 10);
	return fd;
}

static void
say(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		perror("send");
}

/* Runs the loop and reads into *got until `needle` has come, the other side closes, or patience
 * ends. */
static bool
hear(int fd, struct buf *got, const char *needle)
{
	struct mono_us until = mono_add_ms(clock_mono(), PATIENCE_MS);
	while (clock_mono().us < until.us) {
		loop_turn(loop, 5);
		for (;;) {
			if (!buf_reserve(got, 65536 + 1))
				return false;
			ssize_t n = recv(fd, got->data + got->length, 65536, 0);
			if (n == 0)
				return needle == NULL;
			if (n < 0)
				break;
			got->length += (size_t)n;
			got->data[got->length] = '\0';
			if (needle && memmem(got->data, got->length, needle, strlen(needle)))
				return true;
		}
	}
	return false;
}

/* One request, the whole answer as text. */
static char *
fetch(const char *request)
{
	static struct buf got;
	buf_clear(&got);
	int fd = dial();
	say(fd, request);
	ok(hear(fd, &got, NULL), "an answer ends: %.*s", (int)strcspn(request, "\r"), request);
	close(fd);
	buf_u8(&got, 0);
	return (char *)got.data;
}

#define GET(path) fetch("GET " path " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

static bool
has(const char *text, const char *part)
{
	bool found = strstr(text, part) != NULL;
	if (!found)
		printf("# not found: %s\n# in: %.600s\n", part, text);
	return found;
}

/* --- cases --- */

static void
pages(void)
{
	char *got = GET("/");
	ok(has(got, "HTTP/1.1 200") && has(got, "<!doctype html>"), "the page is served");
	ok(has(got, "Content-Security-Policy: default-src 'self';") &&
		   has(got, "X-Content-Type-Options: nosniff") &&
		   has(got, "Referrer-Policy: no-referrer"),
	   "with the headers that guard it");
	char tag[40] = "", request[200];
	const char *line = strstr(got, "ETag: ");
	ok(line && sscanf(line, "ETag: %39[^\r]", tag) == 1, "and a tag");
	snprintf(request, sizeof(request),
		 "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIf-None-Match: %s\r\n\r\n",
		 tag);
	ok(has(fetch(request), "HTTP/1.1 304"), "by which a browser asks again for little");
	got = fetch("HEAD /assets/app.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
	ok(has(got, "HTTP/1.1 200") && strlen(strstr(got, "\r\n\r\n")) == 4,
	   "HEAD gives headers only");
	got = fetch("GET /assets/app.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
		    "Accept-Encoding: gzip\r\n\r\n");
	ok(has(got, "Content-Encoding: gzip"), "the script is packed for who takes it");
	ok(has(GET("/nothing"), "HTTP/1.1 404"), "another path is not there");
	ok(has(GET("/assets/../../etc/passwd"), "HTTP/1.1 400"), "nor is a way out");
}

static void
questions(void)
{
	char *got = GET("/api/v1/corridor/path?from=Hong+Kong&to=KHI&avoid=RU,IR");
	ok(has(got, "HTTP/1.1 200") && has(got, "Content-Type: application/json") &&
		   has(got, "Cache-Control: no-store"),
	   "a question is answered with the room's type, and not to be kept");
	ok(has(got, "{\"words\":\"corridor|path|Hong Kong|KHI|--avoid|RU,IR\"}"),
	   "the room was asked with whole words");
	got = GET("/api/v1/members/64999");
	ok(has(got, "HTTP/1.1 404") &&
		   has(got, "{\"status\":404,\"error\":\"there is no member 64999\"}"),
	   "a room's refusal comes with its status and reason");
	got = GET("/api/v1/bill/64501?month=2026-10&format=html");
	ok(has(got, "text/html") && has(got, "default-src 'none'; style-src 'unsafe-inline'"),
	   "an invoice to print may bring its style, and nothing else");
	ok(has(GET("/api/v1/route?q=1%0aapply"), "HTTP/1.1 400"),
	   "a newline does not reach a room");
	got = fetch("POST /api/v1/members HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
	ok(has(got, "HTTP/1.1 405") && has(got, "Allow: GET, HEAD"), "nothing can be posted");
	got = fetch("HEAD /api/v1/members HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
	ok(has(got, "HTTP/1.1 200") && !strstr(got, "{"), "HEAD asks and gives headers only");
	exchange_down = true;
	ok(has(GET("/api/v1/members"), "HTTP/1.1 503"), "a room that is down is a 503");
	exchange_down = false;
	got = GET("/metrics");
	ok(has(got, "sarai_room_answers{room=\"ledger\"} 0") &&
		   has(got, "sarai_room_answers{room=\"meter\"} 1") &&
		   has(got, "sarai_web_requests_total "),
	   "metrics are joined, and say which room is silent");
	char *type = strstr(got, "# TYPE shared");
	ok(type && !strstr(type + 5, "# TYPE shared"), "each family once");
	ok(has(GET("/api/v1/overview"), "\"members\":1"), "the overview is joined");
}

static void
streams(void)
{
	char *got = GET("/api/v1/routes");
	size_t count = 0;
	for (char *c = strstr(got, "\r\n\r\n"); c && *c; c++)
		count += *c == 'x';
	ok(has(got, "Transfer-Encoding: chunked"), "a large answer comes piece by piece");
	is_int((long long)count, BIG, "and whole");
	/* One that is not read must not be held in memory, and must not hold up others. */
	int fd = dial();
	say(fd, "GET /api/v1/routes HTTP/1.1\r\nHost: x\r\n\r\n");
	for (int i = 0; i < 20; i++)
		loop_turn(loop, 5);
	ok(has(GET("/api/v1/traffic"), "show|traffic"), "a reader that sleeps holds up nobody");
	close(fd);
}

static void
requests_in_a_row(void)
{
	struct buf got = {0};
	int fd = dial();
	say(fd, "GET /api/v1/traffic HTTP/1.1\r\nHost: x\r\n\r\n"
		"GET /api/v1/matrix HTTP/1.1\r\nHost: x\r\n\r\n");
	ok(hear(fd, &got, "show|matrix"), "two requests on one connection are both answered");
	ok(has((char *)got.data, "show|traffic"), "in their order");
	close(fd);
	buf_fini(&got);
}

static void
events(void)
{
	struct buf got = {0}, second = {0};
	int fd = dial(), other = dial();
	say(fd, "GET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
	ok(hear(fd, &got, "event: members"), "who listens is told what is known");
	ok(has((char *)got.data, "text/event-stream") &&
		   has((char *)got.data, "event: overview\ndata: {"),
	   "as server-sent events");
	say(other, "GET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
	ok(hear(other, &second, "\"asn\":1"), "a second one too, at once");
	members_version = 2;
	ok(hear(fd, &got, "\"asn\":2") && hear(other, &second, "\"asn\":2"),
	   "a change is told to both");
	ok(hear(fd, &got, "event: beat"), "when nothing changes there is a sign of life");
	close(other);
	close(fd);
	buf_fini(&got);
	buf_fini(&second);
}

/* Who closes while a room works at the answer is not worked for any longer. */
static void
impatient(void)
{
	slow = true;
	int fds[2];
	for (int i = 0; i < 2; i++) {
		fds[i] = dial();
		say(fds[i], "GET /api/v1/traffic HTTP/1.1\r\nHost: x\r\n\r\n");
	}
	for (int i = 0; i < 20; i++)
		loop_turn(loop, 5);
	is_int(let_go, 0, "two questions are worked at");
	close(fds[0]);
	struct mono_us until = mono_add_ms(clock_mono(), PATIENCE_MS);
	while (!let_go && clock_mono().us < until.us)
		loop_turn(loop, 5);
	is_int(let_go, 1, "the one whose client has closed is let go, the other is not");
	close(fds[1]);
	until = mono_add_ms(clock_mono(), PATIENCE_MS);
	while (let_go < 2 && clock_mono().us < until.us)
		loop_turn(loop, 5);
	is_int(let_go, 2, "until its client closes, too");
	slow = false;
	ok(has(GET("/api/v1/traffic"), "HTTP/1.1 200"), "others are served");
}

/* More connections than there may be: the rest wait, and are served when there is room. */
static void
crowd(void)
{
	enum { CROWD = WEB_CONNECTIONS_PER_ADDRESS_MAX + 20 };
	int fds[CROWD];
	for (int i = 0; i < CROWD; i++)
		fds[i] = dial();
	for (int i = 0; i < 20; i++)
		loop_turn(loop, 2);
	int refused = 0;
	for (int i = 0; i < CROWD; i++) {
		char c;
		refused += recv(fds[i], &c, 1, 0) == 0;
		close(fds[i]);
	}
	ok(refused >= 20, "one address cannot take all connections (%d refused)", refused);
	for (int i = 0; i < 20; i++)
		loop_turn(loop, 2);
	ok(has(GET("/"), "HTTP/1.1 200"), "and when they are gone the page is there");
}

static void
garbage(void)
{
	static char long_header[70000];
	memset(long_header, 'a', sizeof(long_header) - 1);
	memcpy(long_header, "GET / HTTP/1.1\r\nX: ", 19);
	struct buf got = {0};
	int fd = dial();
	say(fd, long_header);
	ok(hear(fd, &got, NULL) || got.length > 0, "headers without end are refused");
	close(fd);
	buf_clear(&got);
	fd = dial();
	say(fd, "\x16\x03\x01\x02 nonsense\r\n\r\n");
	ok(hear(fd, &got, NULL) || got.length > 0, "what is not HTTP is refused");
	close(fd);
	buf_fini(&got);
	ok(has(GET("/"), "HTTP/1.1 200"), "and the page goes on");
}

static void
idle(void)
{
	struct mono_us until = mono_add_ms(clock_mono(), 300);
	unsigned turns = 0;
	for (; clock_mono().us < until.us; turns++)
		loop_turn(loop, 300);
	ok(turns < 20, "a page that nobody looks at does nothing (%u turns)", turns);
}

static uint16_t
free_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bind(fd, (struct sockaddr *)&at, sizeof(at));
	getsockname(fd, (struct sockaddr *)&at, &length);
	close(fd);
	return ntohs(at.sin_port);
}

int
main(void)
{
	char path[] = "/tmp/web_http_testXXXXXX", control[64];
	struct ip localhost = {0};
	ok(mkdtemp(path) != NULL && ip_parse(&localhost, "127.0.0.1") == 0, "a place is there");
	snprintf(control, sizeof(control), "%s/control", path);
	loop = loop_new();
	struct control_door *door =
		control_door_open(loop, control, (struct control_routes){nobody, play, NULL});
	port = free_port();
	struct web *web = web_open(loop, localhost, port, control);
	if (!ok(door && web, "hub and page are open"))
		return done_testing();
	ok(!web_open(loop, localhost, port, control), "the same address is not opened twice");
	ok(has(GET("/metrics"), "HTTP/1.1 403"),
	   "until it is told who may see what, only visitors are there");
	web_set_gate(web, web_gate_new(true, NULL, 0));
	idle();
	pages();
	questions();
	streams();
	requests_in_a_row();
	events();
	impatient();
	crowd();
	garbage();
	control_door_close(door);
	ok(has(GET("/api/v1/traffic"), "HTTP/1.1 503"), "without the hub a question is a 503");
	ok(has(GET("/api/v1/overview"), "The hub does not answer"), "and the overview says so");
	int fd = dial();
	say(fd, "GET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
	for (int i = 0; i < 10; i++)
		loop_turn(loop, 5);
	web_close(web);
	char piece[4096];
	ssize_t got;
	while ((got = recv(fd, piece, sizeof(piece), MSG_DONTWAIT)) > 0)
		;
	ok(got == 0, "the page closes while somebody listens, who sees the end");
	close(fd);
	loop_free(loop);
	snprintf(control, sizeof(control), "%s/control.lock", path);
	unlink(control);
	ok(rmdir(path) == 0, "and nothing is left behind");
	return done_testing();
}

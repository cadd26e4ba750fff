/* The session machine on a clock of its own: how sessions begin, live and end. */
#include "pcep/pcep_session.h"

#include "pcep_bytes.h"
#include "tap.h"

static struct pcep_item item;
static struct pcep_event event;
static struct buf said; /* what was sent, as "open error1.2 close3 " */

static const struct pcep_config config = {
	.open = {.keepalive_s = 30, .dead_s = 120, .stateful = true, .update = true, .sr = true},
	.keepalive_min_s = 2,
};

static struct mono_us
at(double seconds)
{
	return (struct mono_us){(int64_t)(seconds * 1e6)};
}

static void
hear(struct pcep_session *s, const char *hex, double seconds)
{
	struct buf octets = {0};
	put_hex(&octets, hex);
	pcep_session_input(s, cursor_of(octets.data, octets.length), at(seconds));
	buf_fini(&octets);
}

/* What it sent since the last time. */
static const char *
sent(struct pcep_session *s)
{
	static const char *const names[] = {
		[PCEP_OPEN] = "open",     [PCEP_KEEPALIVE] = "keepalive",
		[PCEP_REPLY] = "reply",   [PCEP_NOTIFICATION] = "notification",
		[PCEP_ERROR] = "error",   [PCEP_CLOSE] = "close",
		[PCEP_UPDATE] = "update", [PCEP_INITIATE] = "initiate"};
	struct cursor out = pcep_session_output(s);
	size_t octets = cursor_left(&out);
	buf_clear(&said);
	while (cursor_left(&out)) {
		struct pcep_header header;
		struct pcep_error_read error;
		(void)pcep_header_read(&header, out);
		struct cursor body = cursor_sub(&out, header.length);
		cursor_skip(&body, PCEP_HEADER);
		buf_str(&said, names[header.type]);
		if (header.type == PCEP_ERROR && pcep_error_read(&error, body) == 0)
			buf_printf(&said, "%u.%u%s", error.fault.type, error.fault.value,
				   error.has_open ? "+open" : "");
		if (header.type == PCEP_CLOSE)
			buf_printf(&said, "%u", pcep_close_read(body));
		buf_u8(&said, ' ');
	}
	buf_u8(&said, 0);
	pcep_session_output_done(s, octets);
	return (const char *)said.data;
}

static enum pcep_event_kind
next(struct pcep_session *s)
{
	return pcep_session_next(s, &event, &item);
}

static struct pcep_session *
begin(void)
{
	struct pcep_session *s = pcep_session_new(&config, at(0));
	(void)sent(s);
	return s;
}

static struct pcep_session *
begin_up(void)
{
	struct pcep_session *s = begin();
	hear(s, FRR_OPEN FRR_KEEPALIVE, 1);
	(void)next(s);
	(void)sent(s);
	return s;
}

static void
comes_up(void)
{
	struct pcep_session *s = pcep_session_new(&config, at(0));
	is_str(sent(s), "open ", "our Open goes first");
	hear(s, FRR_OPEN, 1);
	ok(next(s) == PCEP_EVENT_NONE && pcep_session_state(s) == PCEP_STATE_KEEP_WAIT,
	   "their Open alone makes no session");
	is_str(sent(s), "keepalive ", "but is accepted");
	hear(s, "2002", 2);
	ok(next(s) == PCEP_EVENT_NONE, "half a message is none");
	hear(s, "0004", 2);
	ok(next(s) == PCEP_EVENT_UP && next(s) == PCEP_EVENT_NONE, "their Keepalive does");
	ok(pcep_session_theirs(s)->initiate, "what they can is known");
	pcep_session_free(s);
	s = begin();
	hear(s, FRR_KEEPALIVE FRR_OPEN, 1);
	ok(next(s) == PCEP_EVENT_UP, "in the other order, too");
	pcep_session_free(s);
}

static void
never_comes_up(void)
{
	static const struct {
		const char *name, *hex, *answer;
	} cases[] = {
		{"a request before the Open", FRR_REQUEST, "error1.1 "},
		{"an Open of another version", "40010010 0110000c 20051400 00000000", "error1.8 "},
		{"an Open without its object", "20010004", "error1.1 "},
		{"an Open that is too short", "2001000c 01100008 20051400", ""},
		{"an Open cut short", "20010008 01100004", "error1.1 "},
		{"an Open object that goes beyond", "20010008 0110000c", "error1.1 "},
		{"a length below the header's", "20010000", "error1.1 "},
		{"a length that is odd", "20010007 01100003", "error1.1 "},
		{"two Opens", FRR_OPEN FRR_OPEN, "keepalive error1.1 "},
		{"a refusal of all that we say", "2006000c 0d100008 00000103", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pcep_session *s = begin();
		hear(s, cases[i].hex, 1);
		bool sound = i == 3; /* eight octets of Open are enough */
		enum pcep_event_kind kind = next(s);
		ok(kind == (sound ? PCEP_EVENT_NONE : PCEP_EVENT_ENDED), "%s%s", cases[i].name,
		   sound ? " is none too short" : ": the session ends");
		is_str(sent(s), sound ? "keepalive " : cases[i].answer, "with the error that fits");
		ok(next(s) == PCEP_EVENT_NONE, "once");
		pcep_session_free(s);
	}
	struct pcep_session *s = begin();
	ok(pcep_session_deadline(s).us == at(60).us, "an Open is waited for a minute");
	pcep_session_tick(s, at(60));
	ok(next(s) == PCEP_EVENT_ENDED, "then the session ends");
	is_str(sent(s), "error1.2 ", "with error 1, 2");
	pcep_session_free(s);
	s = begin();
	hear(s, FRR_OPEN, 10);
	(void)next(s);
	(void)sent(s);
	ok(pcep_session_deadline(s).us == at(70).us, "so is a Keepalive");
	pcep_session_tick(s, at(70));
	is_str(sent(s), "error1.7 ", "its lack is error 1, 7");
	pcep_session_free(s);
}

static void
negotiates(void)
{
	struct pcep_session *s = begin();
	const char *fast = "2001000c 01100008 20010400";
	hear(s, fast, 1);
	(void)next(s);
	is_str(sent(s), "error1.4+open ",
	       "Keepalives that come too often are answered by a proposal");
	hear(s, "2001000c 01100008 20020801 2002 0004", 2);
	ok(next(s) == PCEP_EVENT_UP, "who takes it has a session");
	pcep_session_free(s);
	s = begin();
	hear(s, fast, 1);
	hear(s, fast, 2);
	ok(next(s) == PCEP_EVENT_ENDED, "who does not has none");
	is_str(sent(s), "error1.4+open error1.5 ", "that is error 1, 5");
	pcep_session_free(s);
	s = begin();
	hear(s, FRR_OPEN "20060014 0d100008 00000104 01100008 200a2800", 1);
	ok(next(s) == PCEP_EVENT_NONE, "what they propose");
	is_str(sent(s), "keepalive open ", "is offered anew");
	hear(s, FRR_KEEPALIVE, 2);
	ok(next(s) == PCEP_EVENT_UP && pcep_session_ours(s)->keepalive_s == 10 &&
		   pcep_session_ours(s)->dead_s == 40,
	   "and kept to");
	pcep_session_free(s);
	s = begin();
	hear(s, FRR_OPEN "2006000c 0d100008 00000104", 1);
	ok(next(s) == PCEP_EVENT_ENDED, "a proposal without an Open is none");
	is_str(sent(s), "keepalive error1.6 ", "that is error 1, 6");
	pcep_session_free(s);
}

static void
lives(void)
{
	struct pcep_session *s = begin_up();
	ok(pcep_session_deadline(s).us == at(21).us,
	   "silence of 20 s, as its Open says, is the end");
	hear(s, FRR_KEEPALIVE, 15);
	ok(next(s) == PCEP_EVENT_NONE && pcep_session_deadline(s).us == at(31).us,
	   "a Keepalive of theirs puts that off; ours is due 30 s after what we said last");
	pcep_session_tick(s, at(31));
	is_str(sent(s), "keepalive ", "and is sent");
	pcep_session_tick(s, at(35));
	ok(next(s) == PCEP_EVENT_ENDED, "20 s later the session ends");
	is_str(sent(s), "close2 ", "for reason 2");
	pcep_session_free(s);

	s = begin_up();
	hear(s, FRR_REPORT FRR_SYNCED FRR_REQUEST, 2);
	ok(next(s) == PCEP_EVENT_ITEM_REPORT && item.plsp_id == 1 &&
		   next(s) == PCEP_EVENT_ITEM_REPORT && !item.plsp_id &&
		   next(s) == PCEP_EVENT_ITEM_REQUEST && item.request_id == 1 &&
		   next(s) == PCEP_EVENT_NONE,
	   "reports and requests are handed on one by one");
	hear(s, "2006000c 0d100008 00001301", 3);
	ok(next(s) == PCEP_EVENT_FAULT && event.fault.type == 19 && event.fault.value == 1,
	   "their complaints, too");
	hear(s, "20050010 0c10000c 00000201 00000000", 3);
	ok(next(s) == PCEP_EVENT_NOTIFICATION && event.fault.type == 2, "and notifications");
	hear(s, "2007000c 0f100008 00000001", 4);
	ok(next(s) == PCEP_EVENT_ENDED, "their Close ends it");
	is_str(sent(s), "", "without an answer");
	is_str(pcep_session_why(s), "it closes the session, reason 1", "and is told");
	pcep_session_free(s);
}

static void
is_maltreated(void)
{
	static const struct {
		const char *name, *hex, *answer;
	} cases[] = {
		{"an object that goes beyond", "20030010 02120010 00000000 00000001", "close3 "},
		{"a message with nothing in it", "200a0004", "close3 "},
		{"an Open", FRR_OPEN, "close3 "},
		{"another version", "60020004", "close3 "},
		{"a length that none can have", "20020003", "close3 "},
		{"an error without its object", "20060004", "close3 "},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pcep_session *s = begin_up();
		hear(s, cases[i].hex, 2);
		ok(next(s) == PCEP_EVENT_ENDED, "%s: the session ends", cases[i].name);
		is_str(sent(s), cases[i].answer, "for reason 3");
		pcep_session_free(s);
	}
	struct pcep_session *s = begin_up();
	for (int i = 0; i < PCEP_UNKNOWN_MAX; i++)
		hear(s, "20630004", 2 + i);
	ok(next(s) == PCEP_EVENT_NONE, "unknown messages are answered");
	is_str(sent(s), "error2.0 error2.0 error2.0 error2.0 error2.0 ", "by error 2");
	hear(s, "20630004", 50);
	ok(next(s) == PCEP_EVENT_ENDED, "one too many in a minute is the end");
	is_str(sent(s), "close5 ", "for reason 5");
	pcep_session_free(s);
	s = begin_up();
	for (int i = 0; i < PCEP_UNKNOWN_MAX; i++)
		hear(s, "20040010 0212000c 00000000 00000009", 2);
	(void)next(s);
	is_str(sent(s), "error8.0 error8.0 error8.0 error8.0 error8.0 ",
	       "a reply that nobody asked for is error 8");
	hear(s, "20040010 0212000c 00000000 00000009", 3);
	(void)next(s);
	is_str(sent(s), "close4 ", "too many are the end for reason 4");
	pcep_session_free(s);
}

int
main(void)
{
	comes_up();
	never_comes_up();
	negotiates();
	lives();
	is_maltreated();
	buf_fini(&said);
	return done_testing();
}

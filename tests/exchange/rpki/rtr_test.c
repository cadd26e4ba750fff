/* RTR exchanges on a clock of our own: what a router does with each thing that a cache may say, for versions 0, 1
 * and 2. */

#include "base/buf.h"
#include "exchange/rpki/rtr.h"
#include "tap.h"

enum { SESSION = 777 };
enum { NOTIFY, SERIAL_QUERY, RESET_QUERY, RESPONSE, V4, V6 = 6, END, RESET, KEY, ERROR, ASPA };

static struct rpki_table *table;
static struct rtr *rtr;
static struct mono_us now;
static struct buf wire;   /* what the cache is about to say */
static struct buf said;   /* what the router said and has not been looked at */
static bool open, wanted; /* a connection; the router wants one */
static int closes;
static uint8_t version;

/* --- the wire --- */

static void
header(uint8_t v, uint8_t type, uint16_t field, uint32_t length)
{
	buf_u8(&wire, v);
	buf_u8(&wire, type);
	buf_u16(&wire, field);
	buf_u32(&wire, length);
}

static void
response(void)
{
	header(version, RESPONSE, SESSION, 8);
}

static void
prefix4(uint8_t flags, uint8_t length, uint8_t max, uint32_t ip, uint32_t asn)
{
	header(version, V4, 0, 20);
	buf_u8(&wire, flags);
	buf_u8(&wire, length);
	buf_u8(&wire, max);
	buf_u8(&wire, 0);
	buf_u32(&wire, ip);
	buf_u32(&wire, asn);
}

static void
prefix6(uint8_t flags, uint8_t length, uint8_t max, uint32_t high, uint32_t asn)
{
	header(version, V6, 0, 32);
	buf_u8(&wire, flags);
	buf_u8(&wire, length);
	buf_u8(&wire, max);
	buf_u8(&wire, 0);
	buf_u32(&wire, high);
	buf_u32(&wire, 0);
	buf_u64(&wire, 0);
	buf_u32(&wire, asn);
}

static void
aspa(uint8_t flags, uint32_t customer, const uint32_t *providers, uint32_t count)
{
	header(version, ASPA, (uint16_t)(flags << 8), 12 + 4 * count);
	buf_u32(&wire, customer);
	for (uint32_t i = 0; i < count; i++)
		buf_u32(&wire, providers[i]);
}

static void
end_of_data(uint16_t session, uint32_t serial, uint32_t refresh, uint32_t retry, uint32_t expire)
{
	header(version, END, session, version ? 24 : 12);
	buf_u32(&wire, serial);
	if (!version)
		return;
	buf_u32(&wire, refresh);
	buf_u32(&wire, retry);
	buf_u32(&wire, expire);
}

static void
ending(uint32_t serial)
{
	end_of_data(SESSION, serial, 3600, 600, 7200);
}

static void
notify(uint32_t serial)
{
	header(version, NOTIFY, SESSION, 12);
	buf_u32(&wire, serial);
}

static void
error_report(uint8_t v, uint16_t code, const char *text)
{
	header(v, ERROR, code, (uint32_t)(16 + strlen(text)));
	buf_u32(&wire, 0);
	buf_u32(&wire, (uint32_t)strlen(text));
	buf_str(&wire, text);
}

/* --- the shell --- */

static void
pump(void)
{
	for (enum rtr_event e; (e = rtr_next(rtr)) != RTR_NOTHING;) {
		if (e == RTR_WANT_CONNECT)
			wanted = true;
		struct cursor out = rtr_output(rtr);
		if (e == RTR_WANT_CLOSE && open) {
			buf_put(&said, out.at, cursor_left(&out));
			rtr_output_done(rtr, cursor_left(&out));
			open = false;
			closes++;
		} else if (e == RTR_WANT_CLOSE) {
			wanted = false;
		}
	}
	struct cursor out = rtr_output(rtr);
	if (open && cursor_left(&out)) {
		buf_put(&said, out.at, cursor_left(&out));
		rtr_output_done(rtr, cursor_left(&out));
	}
}

static void
connect_it(void)
{
	if (!wanted)
		return;
	wanted = false;
	open = true;
	rtr_connected(rtr, now);
	pump();
}

/* Time passes, connections succeed. */
static void
wait_s(int64_t seconds)
{
	struct mono_us until = mono_add_ms(now, seconds * 1000);
	while (rtr_deadline(rtr).us <= until.us) {
		if (rtr_deadline(rtr).us > now.us)
			now = rtr_deadline(rtr);
		rtr_tick(rtr, now);
		pump();
		connect_it();
	}
	now = until;
}

/* Hands over what was put on the wire, `piece` octets at a time (0: all at once). */
static void
say(size_t piece)
{
	for (size_t at = 0; at < wire.length && open;) {
		size_t n = piece && piece < wire.length - at ? piece : wire.length - at;
		rtr_input(rtr, wire.data + at, n, now);
		pump();
		at += n;
	}
	buf_clear(&wire);
}

static void
hang_up(void)
{
	open = false;
	rtr_disconnected(rtr, "gone", now);
	pump();
}

/* The next PDU of the router, as "v1 type 2 field 0"; "" if there is none. */
static const char *
next_said(void)
{
	static char text[64];
	text[0] = '\0';
	if (said.length < 8)
		return text;
	struct cursor c = cursor_of(said.data, said.length);
	uint8_t v = cursor_u8(&c), type = cursor_u8(&c);
	uint16_t field = cursor_u16(&c);
	uint32_t length = cursor_u32(&c), serial = cursor_u32(&c);
	if (type == SERIAL_QUERY)
		snprintf(text, sizeof(text), "v%u serial query %u/%u", v, field, serial);
	else if (type == RESET_QUERY)
		snprintf(text, sizeof(text), "v%u reset query", v);
	else
		snprintf(text, sizeof(text), "v%u error %u", v, field);
	buf_consume(&said, length);
	return text;
}

static void
start(uint8_t version_max)
{
	table = rpki_table_new();
	int source = rpki_source_add(table, RPKI_CACHE, "cache", 1);
	struct rtr_config config = {.version_max = version_max};
	now.us = 1000000000;
	wanted = open = false;
	closes = 0;
	version = version_max;
	rtr = rtr_new(&config, table, (unsigned)source, now);
	pump();
	connect_it();
}

static void
stop(void)
{
	rtr_free(rtr);
	rpki_table_free(table);
	buf_clear(&wire);
	buf_clear(&said);
}

static enum rpki_state
state_of(const char *prefix, uint32_t asn)
{
	struct prefix p;
	prefix_parse(&p, prefix);
	return rpki_validate(table, &p, (struct asn){asn});
}

enum { DOC = 0xc0000200, OTHER = 0xc6336400 }; /* 192.0.2.0, 198.51.100.0 */

/* A connection that has loaded one VRP, serial 1. */
static void
start_synced(uint8_t version_max)
{
	start(version_max);
	buf_clear(&said);
	response();
	prefix4(1, 24, 24, DOC, 64500);
	ending(1);
	say(0);
}

/* --- one malformed exchange each --- */

static void
bad_version(void)
{
	header(9, RESPONSE, SESSION, 8);
}
static void
unknown_type(void)
{
	response();
	header(version, 99, 0, 8);
}
static void
short_length(void)
{
	response();
	header(version, V4, 0, 4);
}
static void
huge_length(void)
{
	response();
	header(version, V4, 0, UINT32_MAX);
}
static void
length_19(void)
{
	response();
	prefix4(1, 24, 24, OTHER, 1);
	wire.data[15] = 19;
}
static void
prefix_33(void)
{
	response();
	prefix4(1, 33, 33, OTHER, 1);
}
static void
max_below(void)
{
	response();
	prefix4(1, 24, 16, OTHER, 1);
}
static void
max_33(void)
{
	response();
	prefix4(1, 24, 33, OTHER, 1);
}
static void
prefix_200(void)
{
	response();
	prefix6(1, 200, 200, 0x20010db8, 1);
}
static void
host_bits(void)
{
	response();
	prefix4(1, 24, 24, OTHER | 1, 1);
}
static void
twice(void)
{
	response();
	prefix4(1, 24, 24, OTHER, 1);
	prefix4(1, 24, 24, OTHER, 1);
}
static void
unknown_withdrawn(void)
{
	response();
	prefix4(0, 24, 24, OTHER, 1);
}
static void
other_session(void)
{
	response();
	end_of_data(SESSION + 1, 1, 3600, 600, 7200);
}
static void
early_prefix(void)
{
	prefix4(1, 24, 24, OTHER, 1);
}
static void
early_end(void)
{
	ending(1);
}
static void
two_responses(void)
{
	response();
	response();
}
static void
reset_answered_by_reset(void)
{
	header(version, RESET, 0, 8);
}
static void
router_key_9(void)
{
	response();
	header(version, KEY, 0x100, 9);
	buf_u8(&wire, 'A');
}
static void
a_query(void)
{
	header(version, RESET_QUERY, 0, 8);
}
static void
broken_error(void)
{
	header(version, ERROR, 2, 16);
	buf_u32(&wire, 0xffff0000);
	buf_u32(&wire, 0);
}
static void
fatal_error(void)
{
	error_report(version, 1, "out of \x1b order");
}
static void
version_changes(void)
{
	response();
	header(version ? 0 : 1, V4, 0, 20);
}
static void
aspa_too_soon(void)
{
	response();
	header(version, ASPA, 0x100, 16);
	buf_u64(&wire, 1);
}
static void
aspa_empty(void)
{
	response();
	aspa(1, 64500, NULL, 0);
}
static void
aspa_order(void)
{
	response();
	aspa(1, 64500, (uint32_t[]){5, 4}, 2);
}
static void
aspa_doubled(void)
{
	response();
	aspa(1, 64500, (uint32_t[]){4, 4}, 2);
}
static void
aspa_zero(void)
{
	response();
	aspa(1, 64500, (uint32_t[]){0, 4}, 2);
}
static void
aspa_odd(void)
{
	response();
	header(version, ASPA, 0x100, 18);
	buf_u64(&wire, 1);
	buf_u16(&wire, 1);
}
static void
aspa_withdrawn_with(void)
{
	response();
	aspa(0, 64500, (uint32_t[]){4}, 1);
}
static void
aspa_unknown(void)
{
	response();
	aspa(0, 64500, NULL, 0);
}

/* -1: the connection is closed without an Error Report. */
static const struct {
	const char *name;
	void (*make)(void);
	int error[3]; /* by version; -2: does not apply */
} cases[] = {
	{"a version that is not known", bad_version, {4, 4, 4}},
	{"a PDU of an unknown type", unknown_type, {5, 5, 5}},
	{"a length below the header's", short_length, {0, 0, 0}},
	{"a length of 4 GB", huge_length, {0, 0, 0}},
	{"an IPv4 prefix of 19 octets", length_19, {0, 0, 0}},
	{"a prefix length of 33", prefix_33, {0, 0, 0}},
	{"a maximal length below the prefix's", max_below, {0, 0, 0}},
	{"a maximal length of 33", max_33, {0, 0, 0}},
	{"an IPv6 prefix length of 200", prefix_200, {0, 0, 0}},
	{"bits beyond the prefix length", host_bits, {0, 0, 0}},
	{"a record announced twice", twice, {7, 7, 7}},
	{"an unknown record withdrawn", unknown_withdrawn, {6, 6, 6}},
	{"another session in End of Data", other_session, {0, 0, 0}},
	{"a prefix before the Cache Response", early_prefix, {0, 0, 0}},
	{"an End of Data before the Cache Response", early_end, {0, 0, 0}},
	{"a Cache Response in a Cache Response", two_responses, {0, 0, 0}},
	{"a Cache Reset for a Reset Query", reset_answered_by_reset, {0, 0, 0}},
	{"a Router Key of 9 octets", router_key_9, {5, 0, 0}},
	{"a query to a router", a_query, {3, 3, 3}},
	{"an Error Report longer inside than outside", broken_error, {-1, -1, -1}},
	{"a fatal Error Report", fatal_error, {-1, -1, -1}},
	{"another version in the middle", version_changes, {4, 8, 8}},
	{"an ASPA before version 2", aspa_too_soon, {5, 5, -2}},
	{"an ASPA without providers", aspa_empty, {-2, -2, 9}},
	{"an ASPA with providers out of order", aspa_order, {-2, -2, 9}},
	{"an ASPA with a provider twice", aspa_doubled, {-2, -2, 9}},
	{"an ASPA with AS 0 among others", aspa_zero, {-2, -2, 9}},
	{"an ASPA of 18 octets", aspa_odd, {-2, -2, 0}},
	{"an ASPA withdrawn with providers", aspa_withdrawn_with, {-2, -2, 0}},
	{"an unknown ASPA withdrawn", aspa_unknown, {-2, -2, 6}},
};

static void
run_case(size_t i, uint8_t v, size_t piece)
{
	start(v);
	is_str(next_said(),
	       v == 0   ? "v0 reset query"
	       : v == 1 ? "v1 reset query"
			: "v2 reset query",
	       "a new connection begins with a Reset Query of the highest version");
	cases[i].make();
	say(piece);
	char want[32] = "";
	if (cases[i].error[v] >= 0)
		snprintf(want, sizeof(want), "v%u error %d", v, cases[i].error[v]);
	const char *got = next_said();
	ok(strcmp(got, want) == 0, "v%u: %s: \"%s\"", v, cases[i].name, want);
	ok(!open && closes == 1, "v%u: %s: the connection is closed", v, cases[i].name);
	ok(!rpki_ready(table), "v%u: %s: nothing of it is used", v, cases[i].name);
	ok(rtr_deadline(rtr).us - now.us >= 5000000, "v%u: %s: it is not tried again at once", v,
	   cases[i].name);
	stop();
}

static void
bad_exchanges(void)
{
	for (uint8_t v = 0; v <= 2; v++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
			for (size_t piece = 0; piece < 2 && cases[i].error[v] != -2; piece++)
				run_case(i, v, piece);
}

/* --- good ones --- */

static void
loads(void)
{
	for (uint8_t v = 0; v <= 2; v++)
		for (size_t piece = 0; piece <= 7; piece += 7) {
			start(v);
			buf_clear(&said);
			response();
			prefix4(1, 24, 24, DOC, 64500);
			prefix6(0xff, 32, 48, 0x20010db8, 64501);
			if (v == 2)
				aspa(1, 64500, (uint32_t[]){64501}, 1);
			say(piece);
			ok(!rpki_ready(table), "v%u: nothing is seen before End of Data", v);
			ending(5);
			say(piece ? 1 : 0);
			ok(state_of("192.0.2.0/24", 64500) == RPKI_VALID &&
				   state_of("2001:db8:1::/48", 64501) == RPKI_VALID &&
				   state_of("192.0.2.0/24", 1) == RPKI_INVALID_AS &&
				   state_of("198.51.100.0/24", 1) == RPKI_UNKNOWN,
			   "v%u: an answer is in force with its End of Data", v);
			enum aspa_hop hop =
				rpki_aspa_hop(table, (struct asn){64500}, (struct asn){64501});
			ok(hop == (v == 2 ? ASPA_PROVIDER : ASPA_NO_ATTESTATION),
			   "v%u: ASPAs are of version 2", v);
			const struct rtr_status *s = rtr_status(rtr);
			ok(s->state == RTR_SYNCED && s->serial == 5 && s->session_id == SESSION,
			   "v%u: serial and session are kept", v);
			stop();
		}
}

static void
deltas(void)
{
	for (uint8_t v = 0; v <= 2; v++) {
		start_synced(v);
		struct rpki_changes c;
		rpki_take_changes(table, &c);
		wait_s(3600);
		char want[32];
		snprintf(want, sizeof(want), "v%u serial query 777/1", v);
		is_str(next_said(), want, "after the refresh time it asks for what is new");
		response();
		prefix4(0, 24, 24, DOC, 64500);
		prefix4(1, 24, 25, OTHER, 64501);
		if (v == 2)
			aspa(1, 64501, (uint32_t[]){1, 2}, 2);
		say(0);
		ok(state_of("192.0.2.0/24", 64500) == RPKI_VALID, "changes wait for their end");
		ending(2);
		say(0);
		ok(state_of("192.0.2.0/24", 64500) == RPKI_UNKNOWN &&
			   state_of("198.51.100.0/25", 64501) == RPKI_VALID,
		   "changes are applied");
		ok(rpki_take_changes(table, &c) && !c.all_prefixes && c.prefix_count == 2,
		   "exactly the two prefixes are touched");
		stop();
	}
}

static void
broken_off(void)
{
	start_synced(1);
	wait_s(3600);
	buf_clear(&said);
	response();
	prefix4(0, 24, 24, DOC, 64500);
	say(0);
	hang_up();
	ok(state_of("192.0.2.0/24", 64500) == RPKI_VALID,
	   "changes that were broken off leave what there was");
	wait_s(1);
	is_str(next_said(), "v1 serial query 777/1", "and it asks for the same again");
	response();
	prefix4(1, 24, 24, OTHER, 1);
	prefix4(0, 24, 24, OTHER, 2);
	say(0);
	is_str(next_said(), "v1 error 6", "an error in changes is reported");
	ok(state_of("192.0.2.0/24", 64500) == RPKI_VALID &&
		   state_of("198.51.100.0/24", 1) == RPKI_UNKNOWN,
	   "and none of them is applied");
	stop();
}

static void
notifies(void)
{
	start(1);
	buf_clear(&said);
	version = 0;
	for (int i = 0; i < 1000; i++)
		notify((uint32_t)i);
	version = 1;
	say(0);
	is_str(next_said(), "",
	       "a Notify before the first answer is ignored, whatever its version");
	response();
	notify(9);
	prefix4(1, 24, 24, DOC, 64500);
	ending(1);
	say(3);
	is_str(next_said(), "", "one within an answer, too");
	notify(1);
	say(0);
	wait_s(2);
	is_str(next_said(), "", "one of the serial that we have is no reason to ask");
	notify(2);
	notify(3);
	say(0);
	wait_s(1);
	is_str(next_said(), "v1 serial query 777/1", "one of another serial is");
	is_str(next_said(), "", "once");
	response();
	ending(3);
	notify(4);
	say(0);
	is_str(next_said(), "", "right after an answer it is not asked again");
	wait_s(1);
	is_str(next_said(), "v1 serial query 777/3", "but a second later");
	stop();
}

static void
cache_reset(void)
{
	start_synced(1);
	wait_s(3600);
	buf_clear(&said);
	header(1, RESET, 0, 8);
	say(0);
	is_str(next_said(), "v1 reset query", "a Cache Reset is answered by a Reset Query");
	ok(state_of("192.0.2.0/24", 64500) == RPKI_VALID, "the old data stays meanwhile");
	struct rpki_changes c;
	rpki_take_changes(table, &c);
	header(1, RESPONSE, 4711, 8);
	prefix4(1, 24, 24, DOC, 64500);
	prefix4(1, 24, 24, OTHER, 64500);
	end_of_data(4711, 1, 3600, 600, 7200);
	say(0);
	ok(rpki_take_changes(table, &c) && !c.all_prefixes && c.prefix_count == 1,
	   "new data that says the same touches nothing but what is new");
	stop();
}

static void
session_changes(void)
{
	start_synced(1);
	wait_s(3600);
	buf_clear(&said);
	header(1, RESPONSE, 4711, 8);
	say(0);
	is_str(next_said(), "v1 error 0", "another session in a Cache Response is an error");
	ok(state_of("192.0.2.0/24", 64500) == RPKI_VALID, "the data stays until it is replaced");
	ok(!rpki_source_state(table, 0).alive, "and another cache may be used instead");
	wait_s(10);
	is_str(next_said(), "v1 reset query", "then everything is asked for");
	stop();
}

static void
intervals(void)
{
	static const struct {
		uint32_t given[3], want[3];
	} rows[] = {
		{{3600, 600, 7200}, {3600, 600, 7200}},
		{{0, 0, 0}, {1, 1, 600}},
		{{UINT32_MAX, UINT32_MAX, UINT32_MAX}, {86400, 7200, 172800}},
		{{86400, 7200, 600}, {599, 599, 600}},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start(1);
		response();
		end_of_data(SESSION, 1, rows[i].given[0], rows[i].given[1], rows[i].given[2]);
		say(0);
		const struct rtr_status *s = rtr_status(rtr);
		ok(s->refresh_s == rows[i].want[0] && s->retry_s == rows[i].want[1] &&
			   s->expire_s == rows[i].want[2],
		   "intervals %u %u %u are kept within bounds", rows[i].given[0], rows[i].given[1],
		   rows[i].given[2]);
		stop();
	}
}

static void
expires(void)
{
	start_synced(1);
	hang_up();
	for (int64_t i = 0; i < 7199; i++) {
		wait_s(1);
		if (open)
			hang_up();
	}
	ok(state_of("192.0.2.0/24", 64500) == RPKI_VALID, "a lost cache's data stays ...");
	wait_s(2);
	ok(state_of("192.0.2.0/24", 64500) == RPKI_NOT_CHECKED,
	   "... until it expires; then nothing is checked, and nothing invalid");
	buf_clear(&said);
	wait_s(120);
	is_str(next_said(), "v1 reset query", "after that everything is asked for");
	stop();
}

static void
timeouts(void)
{
	start(1);
	wait_s(59);
	ok(open, "a cache has a minute to answer");
	wait_s(2);
	ok(closes == 1, "then it is given up");
	stop();
	start(1);
	buf_clear(&said);
	response();
	prefix4(1, 24, 24, DOC, 64500);
	wire.length -= 7;
	say(0);
	for (int i = 0; i < 7; i++) {
		wait_s(10);
		buf_u8(&wire, 0);
		if (i < 3)
			say(0);
		buf_clear(&wire);
	}
	ok(closes == 1, "octets that make up no PDU do not put it off");
	stop();
}

static void
negotiation(void)
{
	start(2);
	is_str(next_said(), "v2 reset query", "version 2 is tried first");
	error_report(1, 4, "only version 1");
	say(0);
	is_str(next_said(), "v1 reset query",
	       "a cache that reports its version is asked with that, on the same connection");
	version = 1;
	response();
	prefix4(1, 24, 24, DOC, 64500);
	ending(1);
	say(0);
	ok(rtr_status(rtr)->version == 1 && rpki_ready(table), "and so it goes on");
	hang_up();
	wait_s(1);
	is_str(next_said(), "v2 reset query", "a new connection tries the highest again");
	error_report(1, 4, "only version 1");
	say(0);
	is_str(next_said(), "v1 serial query 777/1", "the session is still known");
	stop();

	start(2);
	buf_clear(&said);
	error_report(0, 4, "");
	say(0);
	is_str(next_said(), "v0 reset query", "down to version 0");
	hang_up();
	wait_s(0);
	is_str(next_said(), "v0 reset query",
	       "a cache that hangs up after its report is asked at once on a new connection");
	error_report(0, 4, "");
	say(0);
	ok(!open, "one that does not know version 0 is hopeless");
	stop();

	start(2);
	buf_clear(&said);
	version = 0;
	response();
	prefix4(1, 24, 24, DOC, 64500);
	ending(1);
	say(0);
	ok(rtr_status(rtr)->version == 0 && rpki_ready(table),
	   "a cache that answers with a lower version is followed");
	stop();

	start(2);
	buf_clear(&said);
	for (int i = 0; i < 4; i++) {
		hang_up();
		wait_s(3);
	}
	is_str(next_said(), "v2 reset query", "a cache that hangs up without a word ...");
	is_str(next_said(), "v1 reset query", "... twice is asked with a lower version");
	is_str(next_said(), "v0 reset query", "... and the lowest");
	stop();
}

static void
no_data(void)
{
	start(1);
	buf_clear(&said);
	error_report(1, 2, "still loading");
	say(0);
	ok(open && rtr_status(rtr)->state == RTR_EMPTY, "No Data Available is not fatal");
	wait_s(5);
	is_str(next_said(), "v1 reset query", "it is asked again some seconds later");
	error_report(1, 2, "still loading");
	say(0);
	notify(1);
	say(0);
	is_str(next_said(), "v1 reset query", "or when it says that it has data");
	stop();
}

static void
quoted(void)
{
	start(1);
	fatal_error();
	say(0);
	is_str(rtr_status(rtr)->error, "received Internal Error: out of ? order",
	       "text of the cache is shown without what would upset a terminal");
	stop();
}

static void
old_aspa_form(void)
{
	start(2);
	buf_clear(&said);
	/* The form before the 14th draft: flags behind the length. */
	response();
	header(2, ASPA, 0, 20);
	buf_u32(&wire, UINT32_C(1) << 24 | 1);
	buf_u64(&wire, 64500);
	say(0);
	is_str(next_said(), "v2 error 0", "an ASPA of an old draft is an error");
	wait_s(5);
	is_str(next_said(), "v1 reset query",
	       "the cache is asked without ASPAs then, for origins matter more");
	stop();
}

static void
preference(void)
{
	table = rpki_table_new();
	struct rtr_config config = {.version_max = 1};
	int a = rpki_source_add(table, RPKI_CACHE, "a", 1);
	int b = rpki_source_add(table, RPKI_CACHE, "b", 2);
	struct rtr *first = rtr_new(&config, table, (unsigned)a, now);
	struct rtr *second = rtr_new(&config, table, (unsigned)b, now);
	struct rtr *both[2] = {second, first};
	version = 1;
	for (int i = 0; i < 2; i++) {
		rtr_next(both[i]);
		rtr_connected(both[i], now);
		buf_clear(&wire);
		response();
		prefix4(1, 24, 24, i ? DOC : OTHER, 64500);
		ending(1);
		rtr_input(both[i], wire.data, wire.length, now);
		if (i == 0)
			ok(state_of("198.51.100.0/24", 64500) == RPKI_VALID,
			   "the second cache is used while the first has nothing");
	}
	ok(state_of("192.0.2.0/24", 64500) == RPKI_VALID &&
		   state_of("198.51.100.0/24", 64500) == RPKI_UNKNOWN,
	   "then the most preferred one alone");
	rtr_disconnected(first, "gone", now);
	ok(state_of("198.51.100.0/24", 64500) == RPKI_VALID, "when that is lost, the second");
	rtr_disconnected(second, "gone", now);
	ok(state_of("198.51.100.0/24", 64500) == RPKI_VALID,
	   "when both are, the one that was in use stays so");
	rtr_free(first);
	rtr_free(second);
	rpki_table_free(table);
	buf_clear(&wire);
}

int
main(void)
{
	loads();
	deltas();
	broken_off();
	notifies();
	cache_reset();
	session_changes();
	intervals();
	expires();
	timeouts();
	negotiation();
	no_data();
	quoted();
	old_aspa_form();
	preference();
	bad_exchanges();
	buf_fini(&wire);
	buf_fini(&said);
	return done_testing();
}

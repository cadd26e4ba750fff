/* Lists of routes come in pieces: all of them, once, in order, also while routes change. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "exchange/bgp/bgp_as_path.h"
#include "exchange/quiet_shell.h"
#include "hub_text.h"
#include "tap.h"
#include "view/view_exchange.h"

enum { ROUTES = 40000, PIECE_MAX = 140000 };

static const char picture[] =
	"hub: {name: T, asn: 64500, router_id: 192.0.2.1}\n"
	"lans: [{name: p, ipv4: 192.0.2.0/24}]\nmembers:\n"
	"  - {asn: 3001, name: One, kind: access, ports: [{speed: 1G, ipv4: 192.0.2.11}], "
	"sessions: [{}]}\n"
	"  - {asn: 3002, name: Two, kind: access, ports: [{speed: 1G, ipv4: 192.0.2.12}], "
	"sessions: [{}]}\n";

static struct prefix
prefix_number(uint32_t i)
{
	return prefix_of(ip_v4(0x0b000000u + (i * 7919 % ROUTES << 8)), 24);
}

static void
announce(struct rib *rib, unsigned slot, struct prefix prefix)
{
	uint8_t path[] = {BGP_AS_SEQUENCE, 1, 0, 0, 3001 >> 8, (uint8_t)(3001 + slot)};
	struct bgp_attrs attrs = {.as_path = cursor_of(path, sizeof(path)),
				  .as_hops = 1,
				  .next_hop = ip_v4(0xc000020b + slot)};
	struct rib_verdict verdict = {.plain = true};
	uint32_t set = rib_attrs_known(rib, slot, &attrs);
	if (!set)
		set = rib_attrs_intern(rib, &verdict);
	(void)rib_announce(rib, (struct rib_source){.slot = slot}, &prefix, set, 0, 0);
}

/* The whole answer; `between` is called between two pieces. */
static unsigned
ask(struct exchange *x, struct buf *out, enum view_form form, const char *const *words,
    void (*between)(struct exchange *x))
{
	struct view_exchange_rest *rest;
	struct view_complaint complaint = {0};
	size_t count = 0;
	unsigned pieces = 1;
	while (words[count])
		count++;
	buf_clear(out);
	if (view_exchange_answer(out, x, form, words, count, &rest, &complaint) < 0)
		buf_str(out, complaint.text);
	size_t most = out->length;
	for (; rest; pieces++) {
		size_t before = out->length;
		if (between)
			between(x);
		if (!view_exchange_rest_next(rest, x, out)) {
			view_exchange_rest_free(rest);
			rest = NULL;
		}
		if (out->length - before > most)
			most = out->length - before;
	}
	if (most > PIECE_MAX)
		printf("# a piece of %zu octets\n", most);
	buf_u8(out, 0);
	return most > PIECE_MAX ? 0 : pieces;
}

/* Prefixes of an answer in JSON; -1 unless they are in order, each once. */
static long
count_ordered(const struct buf *out, const char **truncated)
{
	struct arena *arena = arena_new();
	const struct json_value *answer =
		json_read(arena, (const char *)out->data, out->length - 1);
	const struct json_value *routes = json_read_get(answer, "routes");
	struct prefix last = {0}, now;
	long count = 0;
	for (const struct json_value *r = routes ? routes->first : NULL; r; r = r->next, count++) {
		const char *text = json_read_text(json_read_get(r, "prefix"));
		if (!text || prefix_parse(&now, text) < 0 ||
		    (count && prefix_compare(last, now) >= 0)) {
			count = -1;
			break;
		}
		last = now;
	}
	*truncated = json_read_is_true(json_read_get(answer, "truncated")) ? "more" : "all";
	arena_free(arena);
	return count;
}

static void
withdraw_one(struct exchange *x)
{
	static uint32_t next;
	struct prefix prefix = prefix_number(next++);
	(void)rib_withdraw(exchange_rib(x, IP_V4), (struct rib_source){.slot = 0}, &prefix);
	rib_turn_end(exchange_rib(x, IP_V4));
}

int
main(void)
{
	struct hub *hub = hub_of_text(picture);
	struct exchange *x = exchange_new(hub, 1, &quiet_shell, (struct mono_us){1});
	struct buf out = {0};
	const char *truncated;
	if (!x)
		return 1;
	struct rib *four = exchange_rib(x, IP_V4);
	for (unsigned slot = 0; slot < 2; slot++)
		rib_session_open(four, slot, &(struct rib_peer){.router_id = 1 + slot});
	const char *all[] = {"show", "routes", "limit", "1000000", NULL};
	ask(x, &out, VIEW_JSON, all, NULL);
	is_int(count_ordered(&out, &truncated), 0, "an empty table has no routes");
	is_str(truncated, "all", "and that is all");

	for (uint32_t i = 0; i < ROUTES; i++)
		announce(four, 0, prefix_number(i));
	announce(four, 1, prefix_number(5000));
	rib_turn_end(four);
	ok(ask(x, &out, VIEW_JSON, all, NULL) > 10, "a long list comes in pieces, none too long");
	is_int(count_ordered(&out, &truncated), -1, "a prefix of two members is there twice");
	const char *of_one[] = {"show", "routes", "member", "3001", "limit", "1000000", NULL};
	ask(x, &out, VIEW_JSON, of_one, NULL);
	is_int(count_ordered(&out, &truncated), ROUTES,
	       "every route of one member, once, in order");
	const char *page[] = {"show", "routes", "member",       "3001", "limit",
			      "100",  "after",  "11.10.0.0/24", NULL};
	ask(x, &out, VIEW_JSON, page, NULL);
	is_int(count_ordered(&out, &truncated), 100, "a page is as long as was asked for");
	is_str(truncated, "more", "and says that there are more");
	ok(strstr((const char *)out.data, "\"prefix\":\"11.10.1.0/24\"") != NULL,
	   "it begins right behind the prefix that was named");
	const char *rest[] = {"show", "routes", "member",        "3001", "limit",
			      "100",  "after",  "11.156.0.0/24", NULL};
	ask(x, &out, VIEW_JSON, rest, NULL);
	is_int(count_ordered(&out, &truncated), ROUTES % 65536 - 156 * 256 - 1,
	       "the last page is as long as what is left");
	is_str(truncated, "all", "and says so");
	ask(x, &out, VIEW_JSON, of_one, withdraw_one);
	long left = count_ordered(&out, &truncated);
	ok(left > ROUTES / 2 && left <= ROUTES, "routes that go meanwhile spoil nothing");
	const char *nobody[] = {"show", "routes", "member", "3009", NULL};
	ask(x, &out, VIEW_JSON, nobody, NULL);
	is_str((const char *)out.data, "there is no member 3009", "who is no member is told so");
	const char *rpki[] = {"show", "rpki", NULL};
	ask(x, &out, VIEW_JSON, rpki, withdraw_one);
	ok(strstr((const char *)out.data, "\"accepted\":{") != NULL,
	   "what is counted is there at the end");
	buf_fini(&out);
	exchange_free(x);
	hub_free(hub);
	return done_testing();
}

/* Octets of a neighbour, from the first after its OPEN, into the whole exchange: session, decoder, policy, table, and what
 * the other neighbour is then sent. The first octet says where the input is cut into reads. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "exchange/bgp/bgp_open.h"
#include "exchange/exchange.h"
#include "hub/hub_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char picture[] =
	"hub: {name: T, short_name: T, asn: 64500, router_id: 192.0.2.1, country: PK}\n"
	"listen: {bgp: [\"127.0.0.1:1790\"]}\n"
	"lans: [{name: p, ipv4: 192.0.2.0/24, ipv6: \"2001:db8:100::/64\"}]\n"
	"policy: {flowspec: {announce: yes, max_rules: 10}}\n"
	"members:\n"
	"  - asn: 1001\n"
	"    name: A\n"
	"    kind: access\n"
	"    ports: [{id: a, lan: p, speed: 10G, ipv4: 192.0.2.11, ipv6: \"2001:db8:100::11\"}]\n"
	"    sessions: [{port: a, address: 192.0.2.11, families: [ipv4, ipv6], flowspec: yes, "
	"max_prefixes_ipv4: 100}]\n"
	"  - asn: 1002\n"
	"    name: B\n"
	"    kind: access\n"
	"    ports: [{id: b, lan: p, speed: 10G, ipv4: 192.0.2.12}]\n"
	"    sessions: [{port: b, address: 192.0.2.12, families: [ipv4, ipv6], flowspec: yes}]\n";

static int
read_picture(void *context, const char *path, struct buf *out)
{
	(void)context;
	(void)path;
	buf_str(out, picture);
	return 0;
}

static bool gone[64];

static void
want_connect(void *context, unsigned slot, const struct exchange_target *target)
{
	(void)context;
	(void)slot;
	(void)target;
}

static void
want_close(void *context, unsigned slot, enum session_conn conn, struct cursor words)
{
	(void)context;
	(void)conn;
	(void)words;
	gone[slot] = true;
}

static int
join(struct exchange *x, uint32_t asn, uint32_t address, bool as4, struct mono_us now)
{
	struct buf m = {0};
	struct bgp_open open = {
		.asn.number = asn,
		.hold_time_s = 90,
		.router_id = asn,
		.capabilities = {.multiprotocol = true,
				 .ipv4 = true,
				 .ipv6 = true,
				 .flow_ipv4 = true,
				 .flow_ipv6 = true,
				 .as4 = as4,
				 .refresh = true,
				 .role = BGP_ROLE_NONE},
	};
	bgp_open_write(&m, &open);
	bgp_keepalive_write(&m);
	int slot = exchange_accept(x, ip_v4(address), now);
	exchange_connected(x, (unsigned)slot, SESSION_IN, ip_v4(0xc0000201), now);
	exchange_input(x, (unsigned)slot, SESSION_IN, m.data, m.length, now);
	buf_fini(&m);
	return slot;
}

/* Takes what there is for the slot, a little at a time. */
static void
drain(struct exchange *x, unsigned slot, size_t step, struct mono_us now)
{
	struct iovec pieces[8];
	exchange_turn_end(x);
	for (int i = 0; i < 200 && !gone[slot] && exchange_waiting(x, slot, SESSION_IN); i++) {
		size_t count = exchange_output(x, slot, SESSION_IN, pieces, 8), total = 0;
		for (size_t p = 0; p < count; p++)
			total += pieces[p].iov_len;
		size_t taken = total < step ? total : step;
		exchange_output_done(x, slot, SESSION_IN, taken, taken == total, now);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hub *hub;
	static const struct exchange_shell shell = {.connect = want_connect, .close = want_close};
	if (!hub) {
		struct hub_report report;
		struct hub_source source = {.read = read_picture};
		log_set_level(LOG_LEVEL_ERROR);
		hub = hub_file_read("fuzz.yaml", source, &report);
		hub_report_fini(&report);
	}
	if (!size || !hub)
		return 0;
	struct mono_us now = {1000000};
	memset(gone, 0, sizeof(gone));
	struct exchange *x = exchange_new(hub, 1, &shell, now);
	exchange_tick(x, now, (struct utc_s){1800000000});
	unsigned slot = (unsigned)join(x, 1001, 0xc000020b, !(data[0] & 1), now);
	unsigned other = (unsigned)join(x, 1002, 0xc000020c, !(data[0] & 2), now);
	size_t step = 1 + (size_t)(data[0] >> 2) * 37;
	for (size_t at = 1; at < size && !gone[slot]; at += step) {
		size_t length = size - at < step ? size - at : step;
		/* A copy of its own, so that a look beyond it is seen. */
		uint8_t *part = malloc(length);
		memcpy(part, data + at, length);
		exchange_input(x, slot, SESSION_IN, part, length, now);
		free(part);
		drain(x, other, 100, now);
	}
	drain(x, other, SIZE_MAX, now);
	exchange_free(x);
	return 0;
}

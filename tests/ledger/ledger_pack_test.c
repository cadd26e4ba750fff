/* Packed sums come back as they were, are small, and harmed bytes are refused. */
#include "ledger/ledger_pack.h"

#include "ledger/ledger_batch.h"
#include "made_up.h"
#include "tap.h"

static bool
same(const struct ledger_sums *a, const struct ledger_sums *b)
{
	if (a->count != b->count)
		return false;
	return a->count == 0 || memcmp(a->items, b->items, a->count * sizeof(*a->items)) == 0;
}

static void
pack(const struct ledger_sums *sums, unsigned flags, struct buf *out)
{
	buf_clear(out);
	ledger_pack(sums->items, sums->count, flags, out);
}

static void
round_trips(void)
{
	struct made_up m = {3};
	struct buf bytes = {0};
	unsigned wrong = 0;
	for (int round = 0; round < 500; round++) {
		struct ledger_sums sums = {0}, back = {0};
		size_t count = made_up_below(&m, 200);
		unsigned shift = (unsigned)made_up_below(&m, 64);
		for (size_t i = 0; i < count; i++)
			ledger_sums_add(&sums,
					&(struct ledger_sum){
						.upper = made_up_number(&m) >> 60,
						.lower = made_up_number(&m) >> shift,
						.octets = made_up_number(&m) >> shift,
						.packets = made_up_number(&m) >> shift,
						.next = made_up_number(&m) >> (32 + shift % 31),
						.samples = made_up_number(&m) >> 40,
					});
		ledger_sums_sort(&sums);
		pack(&sums, LEDGER_PACK_SAMPLES | LEDGER_PACK_NEXT, &bytes);
		int status = ledger_unpack(&back, cursor_of(bytes.data, bytes.length));
		wrong += status != 0 || !same(&sums, &back);
		ledger_sums_fini(&sums);
		ledger_sums_fini(&back);
	}
	is_int(wrong, 0, "500 heaps of sums, small and large, come back as they were");
	struct ledger_sums none = {0}, back = {0};
	pack(&none, 0, &bytes);
	ok(ledger_unpack(&back, cursor_of(bytes.data, bytes.length)) == 0 && back.count == 0,
	   "an empty heap too");
	buf_fini(&bytes);
}

static void
harm(void)
{
	struct made_up m = {4};
	struct arena *arena = arena_new();
	struct traffic_batch *batch = made_up_batch(&m, arena, 1767225600, 1, 30);
	uint32_t numbers[30];
	for (uint32_t i = 0; i < 30; i++)
		numbers[i] = i + 1;
	struct ledger_sums sums = {0};
	struct buf bytes = {0};
	ledger_batch_sums(&sums, batch, LEDGER_PAIRS, numbers);
	ledger_sums_sort(&sums);
	pack(&sums, LEDGER_PACK_SAMPLES, &bytes);
	size_t each = bytes.length / sums.count;
	ok(each <= 7, "a pair takes about five octets (%zu here)", each);
	unsigned accepted = 0;
	for (size_t length = 0; length < bytes.length; length++) {
		struct ledger_sums back = {0};
		accepted += ledger_unpack(&back, cursor_of(bytes.data, length)) == 0;
		ledger_sums_fini(&back);
	}
	is_int(accepted, 0, "no beginning of a pack is taken for a pack");
	buf_u8(&bytes, 0);
	struct ledger_sums back = {0};
	ok(ledger_unpack(&back, cursor_of(bytes.data, bytes.length)) < 0,
	   "nor one with an octet too many");
	ledger_sums_fini(&back);
	static const uint8_t zero_group[] = {'S', 'L', 1, 0, 1, 0, 1, 5, 0};
	ok(ledger_unpack(&back, cursor_of(zero_group, sizeof(zero_group))) < 0,
	   "a group of nothing is refused");
	static const uint8_t large[] = {'S',  'L',  1,    0,    1,    0,    1,    5,    1,    1,
					0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2};
	ok(ledger_unpack(&back, cursor_of(large, sizeof(large))) < 0,
	   "a number beyond 64 bits is refused");
	ledger_sums_fini(&back);
	ledger_sums_fini(&sums);
	buf_fini(&bytes);
	arena_free(arena);
}

static void
adding(void)
{
	struct ledger_sums sums = {0};
	for (uint64_t i = 0; i < 10000; i++)
		ledger_sums_add(&sums, &(struct ledger_sum){.upper = i % 7,
							    .lower = i % 101,
							    .octets = 1,
							    .packets = 2,
							    .samples = 3});
	is_int((long long)sums.count, 707, "one sum a key");
	uint64_t octets = 0;
	for (size_t i = 0; i < sums.count; i++)
		octets += sums.items[i].octets;
	is_int((long long)octets, 10000, "and nothing is lost");
	ledger_sums_add(&sums, &(struct ledger_sum){.octets = UINT64_MAX});
	ok(sums.items[0].octets == UINT64_MAX, "a sum stops at the end of 64 bits");
	ledger_sums_fini(&sums);
}

static void
keys(void)
{
	struct traffic_port ports[] = {{.port = "a"}, {.port = "b"}};
	struct traffic_pair pair = {0, 1, IP_V6, 1, 1, 1};
	struct traffic_origin origin = {1, true, {4200000000u}, {'P', 'K'}, 9, 1, {0}};
	struct traffic_country country = {{'-', '-'}, {'C', 'N'}, 9, 1};
	struct traffic_batch batch = {
		.ports = ports,
		.port_count = 2,
		.pairs = &pair,
		.pair_count = 1,
		.origins = &origin,
		.origin_count = 1,
		.countries = &country,
		.country_count = 1,
	};
	const uint32_t numbers[] = {3000000000u, 7};
	struct ledger_sums pairs = {0}, origins = {0}, countries = {0};
	ledger_batch_sums(&pairs, &batch, LEDGER_PAIRS, numbers);
	ledger_batch_sums(&origins, &batch, LEDGER_ORIGINS, numbers);
	ledger_batch_sums(&countries, &batch, LEDGER_COUNTRIES, numbers);
	struct ledger_pair_key p = ledger_pair_key(&pairs.items[0]);
	ok(p.from == 3000000000u && p.to == 7 && p.family == IP_V6, "a pair's key reads back");
	struct ledger_origin_key o = ledger_origin_key(&origins.items[0]);
	ok(o.port == 7 && o.outgoing && o.asn.number == 4200000000u && !strcmp(o.country, "PK"),
	   "an origin's too");
	struct ledger_country_key c = ledger_country_key(&countries.items[0]);
	ok(!strcmp(c.from, "--") && !strcmp(c.to, "CN"), "and that of two countries");
	ledger_sums_fini(&pairs);
	ledger_sums_fini(&origins);
	ledger_sums_fini(&countries);
}

int
main(void)
{
	round_trips();
	harm();
	adding();
	keys();
	return done_testing();
}

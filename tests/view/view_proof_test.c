/* How a proof of the way is told, and read back. */
#include "view/view_proof.h"

#include <string.h>

#include "tap.h"

static const char *const promised[] = {"IR", "RU"}, *const steps[] = {"S1", "S2"},
			 *const countries[] = {"DE", "PK"}, *const cables[] = {"TIC"};

static struct ledger_way
made(void)
{
	static struct ledger_way_share lists[LEDGER_WAY_LISTS][2] = {
		{{"PK", {900, 200}}, {"DE", {700, 0}}},
		{{"TIC", {700, 0}}},
		{{"<R>", {700, 0}}},
		{{"S1", {700, 0}}, {"S2", {700, 0}}},
	};
	static struct ledger_way_row rows[] = {
		{{LEDGER_WAY_STEERED,
		  false,
		  {steps, 2},
		  {{countries, 2}, {cables, 1}, {0}},
		  5000000,
		  25000},
		 {700, 0},
		 1000},
		{{LEDGER_WAY_CONTRACT, true, {steps, 1}, {{countries + 1, 1}, {0}, {0}}, 1, 1},
		 {200, 200},
		 5},
		{{.basis = LEDGER_WAY_UNKNOWN}, {100, 0}, 0},
	};
	struct ledger_way way = {
		.from = {1767225600},
		.to = {1769904000},
		.bin_s = 300,
		.first_entry = 3,
		.last_entry = 7,
		.last_hash = {{1, 2, 3}},
		.entries = 4,
		.in = 600,
		.out = 400,
		.unknown = 100,
		.estimated = 200,
		.split = 50,
		.length_m = 3888889,
		.latency_us = 19444,
		.promised = {promised, 2},
		.kept = {900, 200},
		.rows = rows,
		.row_count = 3,
	};
	for (int i = 0; i < LEDGER_WAY_LISTS; i++) {
		way.lists[i] = lists[i];
		way.list_counts[i] = i == 0 || i == LEDGER_WAY_SEGMENTS ? 2 : 1;
	}
	return way;
}

static void
lines(void)
{
	struct ledger_way way = made();
	struct arena *arena = arena_new();
	const char *const *told;
	size_t count = view_proof_lines(&told, arena, &way);
	is_int((long long)count, 6, "a bill has six sentences about it");
	is_str(told[0],
	       "Of 1.00 kB in and out, the way of 70.00 % is known as measured, of 20.00 % by "
	       "estimate, of 10.00 % not at all",
	       "on what it rests");
	is_str(told[1],
	       "avoided IR and RU: 90.00 %, of which 20.00 % by estimate; crossed: 0.00 %; not "
	       "known: 10.00 %",
	       "what was promised");
	is_str(told[2], "Countries crossed: PK 90.00 %, DE 70.00 %", "the countries");
	is_str(told[3], "Cables: TIC 70.00 %", "the cables");
	is_str(told[4], "In the mean 3888.8 km and 19.444 ms one way, of what is known", "how far");
	is_str(told[5], "By entries 3 to 7 of the journal of ways and the bins of the ports",
	       "where it can be checked");
	way.promised.count = 0;
	is_int((long long)view_proof_lines(&told, arena, &way), 5, "without a promise one less");
	way = (struct ledger_way){.promised = made().promised};
	is_int((long long)view_proof_lines(&told, arena, &way), 2,
	       "of nothing there is little, not even of what was promised");
	is_str(told[0], "Nothing was counted in or out in that time", "but it is said");
	arena_free(arena);
}

static void
put(struct buf *out, const struct ledger_way *way)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_proof_json(&j, way);
	json_object_end(&j);
}

static void
read_back(void)
{
	struct ledger_way way = made(), again;
	struct buf text = {0}, second = {0};
	struct arena *arena = arena_new();
	put(&text, &way);
	const struct json_value *root = json_read(arena, (char *)text.data, text.length);
	ok(root && view_proof_read(&again, arena, json_read_get(root, "way")) == 0,
	   "it is read back from its JSON");
	put(&second, &again);
	ok(second.length == text.length && memcmp(second.data, text.data, text.length) == 0,
	   "and is told in the same octets");
	ok(ledger_way_follows(&way, &again), "it is the same proof");
	again.rows[0].amount.octets--;
	ok(!ledger_way_follows(&way, &again), "an octet less is another");
	again.rows[0].amount.octets++;
	again.last_hash.octets[31] = 1;
	ok(!ledger_way_follows(&way, &again), "so is another journal");
	struct buf worse = {0};
	way.unknown = 1001;
	way.estimated = 0;
	put(&worse, &way);
	root = json_read(arena, (char *)worse.data, worse.length);
	ok(root && view_proof_read(&again, arena, json_read_get(root, "way")) < 0,
	   "more that is unknown than there is is refused");
	buf_fini(&text);
	buf_fini(&second);
	buf_fini(&worse);
	arena_free(arena);
}

static void
answers(void)
{
	struct ledger_way way = made();
	struct view_proofs proofs;
	const struct view_proof proof = {64501, "Poplar", "c1", "KTX-I000001", "it does not follow",
					 &way};
	struct buf out = {0};
	view_proofs_begin(&proofs, &out, VIEW_TEXT, (struct utc_s){1767225600});
	view_proofs_add(&proofs, &proof);
	view_proofs_end(&proofs);
	buf_u8(&out, 0);
	const char *text = (char *)out.data;
	ok(strstr(text, "Poplar, AS64501, c1\n") && strstr(text, "KTX-I000001"), "whose it is");
	ok(strstr(text, "PROOF         it does not follow"), "that it does not follow");
	ok(strstr(text,
		  "\n    70.00 %       700 B  S1 S2\n    20.00 %       200 B  S1 (by contract)\n"
		  "    10.00 %       100 B  not known\n"),
	   "ways are told with what they are by, what is not known last");
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		if (strcspn(line, "\n") > 80)
			ok(false, "no line is longer than 80 columns");
	buf_clear(&out);
	view_proofs_begin(&proofs, &out, VIEW_CSV, (struct utc_s){1767225600});
	view_proofs_add(&proofs, &proof);
	buf_u8(&out, 0);
	text = (char *)out.data;
	ok(strstr(text, "64501,c1,promise,avoided,900,200,1000\r\n") &&
		   strstr(text, "64501,c1,way,steered S1 S2,700,0,1000\r\n") &&
		   strstr(text, "64501,c1,ground,unknown,100,0,1000\r\n"),
	   "as CSV each part is a row");
	buf_fini(&out);
}

int
main(void)
{
	lines();
	read_back();
	answers();
	return done_testing();
}

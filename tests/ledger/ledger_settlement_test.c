/* Settlements: every unit of the revenue goes to somebody, and it can be said why; over all parties
 * nothing is left. */
#include "ledger/ledger_settlement.h"

#include <errno.h>
#include <math.h>

#include "made_up.h"
#include "tap.h"

enum { PARTIES = 9, SEGMENTS = 24, CONTRACTS = 12, BILLS = 20 };

/* A hub made by hand, so that it can be any. */
static struct world {
	struct hub hub;
	struct hub_segment segments[SEGMENTS];
	struct hub_party parties[PARTIES];
	struct hub_contract contracts[CONTRACTS];
	uint32_t ways[CONTRACTS][SEGMENTS];
	struct hub_settlement agreements[2];
	struct hub_settlement_term terms[2][SEGMENTS];
	struct hub_due dues[2][6];
	struct ledger_documents documents;
	struct ledger_issued bills[BILLS];
	struct ledger_part parts[BILLS][3];
	char names[200][24];
	size_t name_count;
} world;

static const char *
name(struct world *w, const char *format, unsigned number)
{
	char *text = w->names[w->name_count++];
	(void)snprintf(text, sizeof(w->names[0]), format, number);
	return text;
}

static const struct currency usd = {"USD"}, jpy = {"JPY"};

static void
make_up_terms(struct made_up *m, struct world *w, unsigned a)
{
	struct hub_settlement *s = &w->agreements[a];
	uint32_t percent = (uint32_t)made_up_below(m, 3000);
	s->hub_percent = made_up_below(m, 2) ? percent : 0;
	s->by = (enum hub_settlement_by)made_up_below(m, 3);
	s->terms = w->terms[a];
	s->term_count = 0;
	for (uint32_t i = 0; i < w->hub.segment_count; i++) {
		struct hub_settlement_term *term = &s->terms[s->term_count];
		*term = (struct hub_settlement_term){.segment = i};
		switch (made_up_below(m, 6)) {
		case 0:
			term->kind = HUB_TERM_FIXED;
			term->amount.micro = (int64_t)made_up_below(
				m, UINT64_C(1) << (20 + made_up_below(m, 25)));
			term->amount.currency = s->currency;
			s->term_count++;
			break;
		case 1:
			term->kind = HUB_TERM_PERCENT;
			term->percent = (uint32_t)made_up_below(m, 200);
			s->term_count++;
			break;
		case 2:
			term->kind = HUB_TERM_IRU;
			s->term_count++;
			break;
		default:
			break;
		}
	}
	s->dues = w->dues[a];
	s->due_count = made_up_below(m, 6);
	for (size_t i = 0; i < s->due_count; i++) {
		uint32_t from = (uint32_t)made_up_below(m, w->hub.party_count + 1);
		uint32_t to = (from + 1 + (uint32_t)made_up_below(m, w->hub.party_count)) %
			      (uint32_t)(w->hub.party_count + 1);
		s->dues[i] = (struct hub_due){
			.from = from ? from - 1 : HUB_NONE,
			.to = to ? to - 1 : HUB_NONE,
			.amount = {(int64_t)made_up_below(m, 5000000000), s->currency},
			.text = name(w, "due %u", (unsigned)i),
		};
	}
}

static void
make_up_bills(struct made_up *m, struct world *w)
{
	w->documents = (struct ledger_documents){.bills = w->bills};
	size_t count = 1 + made_up_below(m, BILLS);
	for (size_t i = 0; i < count; i++) {
		struct currency currency = made_up_below(m, 2) ? usd : jpy;
		int64_t net = (int64_t)made_up_below(m, UINT64_C(1) << made_up_below(m, 45));
		w->parts[i][0] = (struct ledger_part){"revenue:commit", net, 0};
		w->parts[i][1] = (struct ledger_part){"revenue:port", 777, 0};
		w->parts[i][2] = (struct ledger_part){"tax", net / 5, 0};
		w->bills[i] = (struct ledger_issued){
			.id = name(w, "T-I%06u", (unsigned)i + 1),
			.name = "n",
			.holder = "64501",
			.contract = w->contracts[made_up_below(m, w->hub.contract_count)].id,
			.month = {1790812800},
			.total = {net + net / 5 + 777, currency},
			.parts = w->parts[i],
			.part_count = 3,
		};
		w->documents.bill_count++;
	}
}

static void
make_up(struct made_up *m, struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->hub = (struct hub){.name = "Test Hub",
			      .segments = w->segments,
			      .parties = w->parties,
			      .contracts = w->contracts,
			      .settlements = w->agreements,
			      .party_count = 1 + made_up_below(m, PARTIES),
			      .segment_count = 1 + made_up_below(m, SEGMENTS),
			      .contract_count = 1 + made_up_below(m, CONTRACTS),
			      .settlement_count = 2};
	for (unsigned i = 0; i < w->hub.party_count; i++)
		w->parties[i] = (struct hub_party){.id = name(w, "p%u", i), .name = "A Party"};
	for (unsigned i = 0; i < w->hub.segment_count; i++) {
		uint32_t owner = (uint32_t)made_up_below(m, w->hub.party_count + 1);
		w->segments[i] = (struct hub_segment){
			.id = name(w, "S%u", i),
			.length_km = (double)(1 + made_up_below(m, 5000)) / 4,
			.design_tbps = (double)(1 + made_up_below(m, 400)) / 10,
			.lit_tbps = made_up_below(m, 2) ? NAN : 1.5,
			.owner = owner ? owner - 1 : HUB_NONE};
	}
	for (unsigned i = 0; i < w->hub.contract_count; i++) {
		struct hub_contract *c = &w->contracts[i];
		c->id = name(w, "c%u", i);
		c->segments = w->ways[i];
		c->segment_count = 1 + made_up_below(m, w->hub.segment_count);
		for (size_t k = 0; k < c->segment_count; k++)
			c->segments[k] = (uint32_t)made_up_below(m, w->hub.segment_count);
	}
	for (unsigned a = 0; a < 2; a++) {
		w->agreements[a].id = a ? "yen" : "dollar";
		w->agreements[a].currency = a ? jpy : usd;
		make_up_terms(m, w, a);
	}
	make_up_bills(m, w);
}

static int
settle(struct ledger_settlement *out, struct arena *arena, const struct world *w,
       const struct ledger_settlement *const *earlier, size_t earlier_count)
{
	struct ledger_settlement_source source = {
		.hub = &w->hub,
		.documents = &w->documents,
		.earlier = earlier,
		.earlier_count = earlier_count,
		.id = earlier_count ? "T-S000002" : "T-S000001",
		.month = {1790812800},
		.time = {1793500000},
	};
	return ledger_settlement_make(out, arena, &source);
}

/* --- what has to hold --- */

/* The exact share of a party, computed slowly in another way: fixed amounts, then the rest as a
 * fraction. */
static bool
is_exact(const struct ledger_settlement *s, const struct ledger_settlement_invoice *inv)
{
	long double fixed = 0, rest = 0, percent = 0;
	for (size_t i = 0; i < inv->part_count; i++) {
		const struct ledger_settlement_part *p = &inv->parts[i];
		if (p->rule == LEDGER_PART_FIXED)
			fixed += p->weight;
		else if (p->rule == LEDGER_PART_PERCENT)
			percent += p->weight;
		else if (p->rule != LEDGER_PART_IRU && p->rule != LEDGER_PART_REST)
			rest += p->weight;
	}
	long double revenue = inv->revenue.minor;
	long double scale = fixed > revenue ? revenue / fixed : 1;
	long double left = revenue - fixed * scale;
	for (uint32_t party = 0; party < s->party_count; party++) {
		long double exact = 0, got = 0;
		bool named = party == LEDGER_PARTY_HUB;
		for (size_t i = 0; i < inv->part_count; i++) {
			const struct ledger_settlement_part *p = &inv->parts[i];
			if (p->party != party)
				continue;
			named = true;
			if (p->rule == LEDGER_PART_FIXED)
				exact += p->weight * scale;
			else if (p->rule == LEDGER_PART_PERCENT)
				exact += left * p->weight / 10000;
			else if (p->rule != LEDGER_PART_IRU && p->rule != LEDGER_PART_REST &&
				 rest > 0)
				exact += left * (10000 - percent) / 10000 * p->weight / rest;
		}
		if (party == LEDGER_PARTY_HUB && rest <= 0)
			exact += left * (10000 - percent) / 10000;
		for (size_t i = 0; i < inv->share_count; i++)
			if (inv->shares[i].party == party)
				got = inv->shares[i].share;
		if (!named && got != 0)
			return false;
		/* Two divisions, fixed amounts and the rest; the second is the only one that rounds
		 * unless the first had too little. */
		if (fabsl(got - exact) >= 1.0001L)
			return false;
	}
	return true;
}

static bool
parts_explain(const struct ledger_settlement_invoice *inv)
{
	int64_t sum = 0, of_parts = 0;
	for (size_t i = 0; i < inv->share_count; i++) {
		int64_t own = 0;
		for (size_t k = 0; k < inv->part_count; k++)
			if (inv->parts[k].party == inv->shares[i].party)
				own += inv->parts[k].share;
		if (own != inv->shares[i].share)
			return false;
		sum += inv->shares[i].share;
	}
	for (size_t k = 0; k < inv->part_count; k++)
		of_parts += inv->parts[k].share;
	return sum == inv->revenue.minor && of_parts == inv->revenue.minor;
}

static bool
adds_up_to_zero(const struct ledger_settlement *s, struct currency currency)
{
	__int128 net = 0;
	for (size_t i = 0; i < s->statement_count; i++) {
		const struct ledger_settlement_statement *t = &s->statements[i];
		if (strcmp(t->currency.code, currency.code) != 0)
			continue;
		if (t->net != t->share - t->collected + t->dues_in - t->dues_out)
			return false;
		net += t->net;
	}
	return net == 0;
}

/* Do the transfers leave everybody even? */
static bool
transfers_settle(const struct ledger_settlement *s)
{
	for (size_t i = 0; i < s->statement_count; i++) {
		const struct ledger_settlement_statement *t = &s->statements[i];
		__int128 left = t->net;
		for (size_t k = 0; k < s->transfer_count; k++) {
			const struct ledger_settlement_transfer *x = &s->transfers[k];
			if (strcmp(x->amount.currency.code, t->currency.code) != 0)
				continue;
			if (x->amount.minor <= 0)
				return false;
			left += x->from == t->party ? x->amount.minor : 0;
			left -= x->to == t->party ? x->amount.minor : 0;
		}
		if (left != 0)
			return false;
	}
	return true;
}

static bool
same_text(const struct ledger_settlement *a, const struct ledger_settlement *b)
{
	struct buf x = {0}, y = {0};
	ledger_settlement_write(a, &x);
	ledger_settlement_write(b, &y);
	bool same = x.length == y.length && memcmp(x.data, y.data, x.length) == 0;
	buf_fini(&x);
	buf_fini(&y);
	return same;
}

static bool
reads_back(const struct ledger_settlement *s)
{
	struct buf text = {0};
	struct arena *arena = arena_new();
	struct ledger_settlement back;
	ledger_settlement_write(s, &text);
	bool good = ledger_settlement_read(&back, arena, text.data, text.length) == 0 &&
		    same_text(&back, s);
	buf_fini(&text);
	arena_free(arena);
	return good;
}

/* What each party gets, by name; contracts, agreements and terms in another order give the same. */
static void
turn_round(struct world *w)
{
	size_t n = w->hub.contract_count;
	for (size_t i = 0; i < n / 2; i++) {
		struct hub_contract c = w->contracts[i];
		w->contracts[i] = w->contracts[n - 1 - i];
		w->contracts[n - 1 - i] = c;
	}
	struct hub_settlement s = w->agreements[0];
	w->agreements[0] = w->agreements[1];
	w->agreements[1] = s;
	for (size_t a = 0; a < 2; a++)
		for (size_t i = 0, k = w->agreements[a].term_count; i + 1 < k--; i++) {
			struct hub_settlement_term t = w->agreements[a].terms[i];
			w->agreements[a].terms[i] = w->agreements[a].terms[k];
			w->agreements[a].terms[k] = t;
		}
}

static bool
same_statements(const struct ledger_settlement *a, const struct ledger_settlement *b)
{
	bool same = a->statement_count == b->statement_count;
	for (size_t i = 0; same && i < a->statement_count; i++)
		same = a->statements[i].party == b->statements[i].party &&
		       a->statements[i].net == b->statements[i].net &&
		       a->statements[i].share == b->statements[i].share;
	return same;
}

static void
test_any(void)
{
	bool exact = true, explained = true, zero = true, settled = true, read = true, order = true;
	bool again = true;
	struct made_up m = {20261121};
	size_t invoices = 0;
	for (int round = 0; round < 1500; round++) {
		struct arena *arena = arena_new();
		struct ledger_settlement s, turned, next;
		make_up(&m, &world);
		if (settle(&s, arena, &world, NULL, 0) < 0) {
			exact = false;
			break;
		}
		for (size_t i = 0; i < s.invoice_count; i++) {
			exact &= is_exact(&s, &s.invoices[i]);
			explained &= parts_explain(&s.invoices[i]);
		}
		invoices += s.invoice_count;
		zero &= adds_up_to_zero(&s, usd) && adds_up_to_zero(&s, jpy);
		settled &= transfers_settle(&s);
		read &= reads_back(&s);
		const struct ledger_settlement *earlier = &s;
		again &= settle(&next, arena, &world, &earlier, 1) == 0 &&
			 ledger_settlement_is_empty(&next) && next.transfer_count == 0;
		turn_round(&world);
		order &= settle(&turned, arena, &world, NULL, 0) == 0 &&
			 same_statements(&s, &turned);
		arena_free(arena);
	}
	ok(invoices > 5000, "some thousand invoices of made-up corridors are shared");
	ok(exact, "no party is off its exact share by a unit");
	ok(explained, "the segments' parts explain every unit of the revenue");
	ok(zero, "statements add up to zero over all parties, in each currency");
	ok(settled, "the transfers leave everybody even");
	ok(read, "the document reads back to the same");
	ok(order, "the order of contracts and terms does not matter");
	ok(again, "what was settled is not settled again");
}

/* Credit notes that come later. */
static void
test_corrections(void)
{
	struct made_up m = {3};
	bool zero = true, sums = true;
	for (int round = 0; round < 300; round++) {
		struct arena *arena = arena_new();
		struct ledger_settlement s[3];
		const struct ledger_settlement *earlier[3] = {&s[0], &s[1], &s[2]};
		make_up(&m, &world);
		zero &= settle(&s[0], arena, &world, NULL, 0) == 0;
		for (size_t step = 1; step < 3; step++) {
			for (size_t i = 0; i < world.documents.bill_count; i++) {
				struct ledger_part *p = &world.parts[i][0];
				if (made_up_below(&m, 2) && p->amount > p->credited)
					p->credited +=
						1 +
						(int64_t)made_up_below(
							&m, (uint64_t)(p->amount - p->credited));
			}
			zero &= settle(&s[step], arena, &world, earlier, step) == 0 &&
				adds_up_to_zero(&s[step], usd) && transfers_settle(&s[step]);
		}
		/* All steps together are what one settlement at the end would have said. */
		struct ledger_settlement whole;
		zero &= settle(&whole, arena, &world, NULL, 0) == 0;
		for (size_t i = 0; i < whole.invoice_count; i++)
			for (size_t k = 0; k < whole.invoices[i].share_count; k++) {
				int64_t got = 0;
				uint32_t party = whole.invoices[i].shares[k].party;
				for (size_t step = 0; step < 3; step++)
					for (size_t j = 0; j < s[step].invoice_count; j++)
						for (size_t l = 0;
						     l < s[step].invoices[j].share_count &&
						     strcmp(s[step].invoices[j].id,
							    whole.invoices[i].id) == 0;
						     l++) {
							const struct ledger_settlement_share *x =
								&s[step].invoices[j].shares[l];
							if (x->party == party)
								got += x->share - x->before;
						}
				sums &= got == whole.invoices[i].shares[k].share;
			}
		arena_free(arena);
	}
	ok(zero, "corrections add up to zero as well");
	ok(sums, "an invoice and its corrections come to what was right in the end");
}

static void
test_by_hand(void)
{
	struct arena *arena = arena_new();
	struct hub_segment segments[] = {{.id = "A", .length_km = 380, .owner = 0},
					 {.id = "B", .length_km = 620, .owner = 1},
					 {.id = "C", .length_km = 9, .owner = 1},
					 {.id = "D", .length_km = 100, .owner = HUB_NONE}};
	struct hub_party parties[] = {{.id = "a", .name = "A"}, {.id = "b", .name = "B"}};
	uint32_t way[] = {0, 1, 2};
	struct hub_contract contract = {.id = "c", .segments = way, .segment_count = 3};
	struct hub hub = {.name = "H",
			  .segments = segments,
			  .segment_count = 4,
			  .parties = parties,
			  .party_count = 2};
	struct hub_settlement_term fixed = {
		.segment = 2, .kind = HUB_TERM_FIXED, .amount = {50000000, usd}};
	struct hub_settlement agreement = {
		.id = "s", .currency = usd, .hub_percent = 1000, .terms = &fixed, .term_count = 1};
	struct ledger_settlement_invoice inv = {.revenue = {105001, usd}};
	is_int(ledger_settlement_divide(&inv, arena, &hub, &agreement, &contract), 0,
	       "1050.01 over three segments is shared");
	/* 50.00 for C; of 1000.01 a tenth for the hub, the rest 380 to 620. */
	is_int(inv.shares[0].share, 10000, "the hub gets its tenth");
	is_int(inv.shares[1].share, 34200, "A its 38 in 100 of the rest");
	is_int(inv.shares[2].share, 5000 + 55801,
	       "B its 62, with the cent that is left, and 50.00 for C");
	inv.revenue.minor = 4000;
	ok(ledger_settlement_divide(&inv, arena, &hub, &agreement, &contract) == 0 &&
		   inv.shares[2].share == 4000,
	   "fixed amounts come first, as far as there is anything");
	fixed = (struct hub_settlement_term){
		.segment = 2, .kind = HUB_TERM_PERCENT, .percent = 2500};
	inv.revenue.minor = 100000;
	ok(ledger_settlement_divide(&inv, arena, &hub, &agreement, &contract) == 0 &&
		   inv.shares[0].share == 10000 && inv.shares[1].share == 24700 &&
		   inv.shares[2].share == 40300 + 25000,
	   "a quarter for C beside the hub's tenth leaves 650.00 to be shared by length");
	inv.revenue.minor = 4000;
	fixed = (struct hub_settlement_term){.segment = 2, .kind = HUB_TERM_IRU};
	contract.segments = way + 2;
	contract.segment_count = 1;
	ok(ledger_settlement_divide(&inv, arena, &hub, &agreement, &contract) == 0 &&
		   inv.share_count == 2 && inv.shares[0].share == 4000 && inv.shares[1].share == 0,
	   "what nobody has a claim to is the hub's");
	arena_free(arena);
}

/* The fewest transfers there can be, by trying all of them. */
static int
fewest(const int64_t *nets, size_t count)
{
	size_t debtor = 0;
	while (debtor < count && nets[debtor] >= 0)
		debtor++;
	if (debtor == count)
		return 0;
	int best = 99;
	for (size_t i = 0; i < count; i++) {
		if (nets[i] <= 0)
			continue;
		int64_t next[8];
		memcpy(next, nets, count * sizeof(*nets));
		int64_t amount = next[i] < -next[debtor] ? next[i] : -next[debtor];
		next[i] -= amount;
		next[debtor] += amount;
		int rest = 1 + fewest(next, count);
		best = rest < best ? rest : best;
	}
	return best;
}

static void
test_netting(void)
{
	struct ledger_settlement_transfer out[64];
	int64_t pairs[] = {-7, 3, -5, 7, 5, -3};
	is_int(ledger_settlement_net(out, pairs, 6, usd), 3,
	       "three pairs that are even need three");
	struct made_up m = {11};
	bool few = true;
	for (int round = 0; round < 2000; round++) {
		int64_t nets[6], sum = 0;
		size_t count = 2 + made_up_below(&m, 5);
		for (size_t i = 0; i + 1 < count; i++)
			sum += nets[i] = (int64_t)made_up_below(&m, 9) - 4;
		nets[count - 1] = -sum;
		few &= ledger_settlement_net(out, nets, count, usd) == fewest(nets, count);
	}
	ok(few, "never more transfers than there have to be");
	int64_t many[40], sum = 0;
	for (size_t i = 0; i < 39; i++)
		sum += many[i] = (int64_t)made_up_below(&m, 2000001) - 1000000;
	many[39] = -sum;
	int used = ledger_settlement_net(out, many, 40, usd);
	ok(used > 0 && used < 40, "forty parties need less than forty");
}

static void
test_bad_documents(void)
{
	struct arena *arena = arena_new();
	struct ledger_settlement s;
	static const char *const texts[] = {
		"", "{}", "{\"document\":\"settlement\"}", "[1]",
		"{\"document\":\"settlement\",\"id\":\"x\",\"month\":\"2026-10\",\"time\":\"2026-"
		"10\","
		"\"parties\":[],\"invoices\":[],\"dues\":[{\"from\":\"nobody\"}],\"statements\":[],"
		"\"transfers\":[]}"};
	bool refused = true;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		refused &= ledger_settlement_read(&s, arena, texts[i], strlen(texts[i])) < 0 &&
			   errno == EBADMSG;
	ok(refused, "what is no settlement is refused");
	arena_free(arena);
}

/* An agreement is for the months from that in which it starts to that before it ends. */
static void
test_days_of_agreements(void)
{
	static const struct {
		const char *name;
		int64_t starts, ends;
		bool holds;
	} cases[] = {
		{"one without days is for any month", 0, 0, true},
		{"one is for the month in which it starts", 1790812800, 0, true},
		{"not for one that began before it", 1790812801, 0, false},
		{"nor for the month in which it ends", 0, 1790812800, false},
		{"but for one that begins before its end", 0, 1790812801, true},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made_up m = {7};
		struct arena *arena = arena_new();
		struct ledger_settlement s;
		make_up(&m, &world);
		for (int a = 0; a < 2; a++) {
			world.agreements[a].starts.s = cases[i].starts;
			world.agreements[a].ends.s = cases[i].ends;
		}
		if (settle(&s, arena, &world, NULL, 0) < 0)
			abort();
		ok((s.invoice_count > 0) == cases[i].holds, "%s", cases[i].name);
		arena_free(arena);
	}
}

int
main(void)
{
	test_by_hand();
	test_days_of_agreements();
	test_netting();
	test_any();
	test_corrections();
	test_bad_documents();
	return done_testing();
}

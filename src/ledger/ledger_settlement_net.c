/* Netting: from what each party's account comes to, to who pays whom.
 *
 * n parties need n - g transfers, where g is the largest number of groups whose accounts add up to
 * zero by themselves. Up to EXACT parties the best grouping is found by trying all sets of parties;
 * inside a group, and beyond that size, the largest debtor pays the largest creditor until one of
 * the two is even. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "ledger/ledger_settlement.h"

enum { EXACT = 16 };

/* Settles the parties of one group. Returns how many transfers that took. */
static size_t
settle_group(struct ledger_settlement_transfer *out, int64_t *nets, const size_t *group,
	     size_t count, struct currency currency)
{
	size_t used = 0;
	for (;;) {
		size_t debtor = group[0], creditor = group[0];
		for (size_t i = 1; i < count; i++) {
			if (nets[group[i]] < nets[debtor])
				debtor = group[i];
			if (nets[group[i]] > nets[creditor])
				creditor = group[i];
		}
		if (nets[creditor] <= 0 || nets[debtor] >= 0)
			return used;
		int64_t amount = nets[creditor] < -nets[debtor] ? nets[creditor] : -nets[debtor];
		nets[creditor] -= amount;
		nets[debtor] += amount;
		out[used++] = (struct ledger_settlement_transfer){
			(uint32_t)debtor, (uint32_t)creditor, {amount, currency}};
	}
}

/* By set of parties, each party a bit. A set is built up one party after the other; each time its
 * sum is zero, those that came since the last time are a group. */
struct grouping {
	__int128 *sums;
	int8_t *groups; /* the most there can be */
	int8_t *last;   /* which party came last on the way to that */
};

static void
grouping_fini(struct grouping *g)
{
	free(g->sums);
	free(g->groups);
	free(g->last);
}

static bool
grouping_init(struct grouping *g, const int64_t *nets, const size_t *parties, size_t count)
{
	size_t sets = (size_t)1 << count;
	g->sums = calloc(sets, sizeof(*g->sums));
	g->groups = calloc(sets, 1);
	g->last = calloc(sets, 1);
	if (!g->sums || !g->groups || !g->last)
		return false;
	for (size_t set = 1; set < sets; set++) {
		g->sums[set] = g->sums[set & (set - 1)] + nets[parties[__builtin_ctzl(set)]];
		g->groups[set] = -1;
		for (size_t i = 0; i < count; i++) {
			size_t without = set & ~((size_t)1 << i);
			if (without != set && g->groups[without] > g->groups[set]) {
				g->groups[set] = g->groups[without];
				g->last[set] = (int8_t)i;
			}
		}
		g->groups[set] = (int8_t)(g->groups[set] + (g->sums[set] == 0));
	}
	return true;
}

/* Settles group after group, from the one that was closed last. */
static size_t
settle_groups(struct ledger_settlement_transfer *out, int64_t *nets, const size_t *parties,
	      size_t count, const struct grouping *g, struct currency currency)
{
	size_t used = 0, set = ((size_t)1 << count) - 1;
	while (set) {
		size_t group[EXACT], size = 0;
		do {
			size_t i = (size_t)g->last[set];
			group[size++] = parties[i];
			set &= ~((size_t)1 << i);
		} while (g->sums[set] != 0);
		used += settle_group(out + used, nets, group, size, currency);
	}
	return used;
}

int
ledger_settlement_net(struct ledger_settlement_transfer *out, const int64_t *nets, size_t count,
		      struct currency currency)
{
	int64_t *left = calloc(count + 1, sizeof(*left));
	size_t *parties = calloc(count + 1, sizeof(*parties));
	struct grouping grouping = {0};
	size_t involved = 0;
	int used = -1;
	if (!left || !parties)
		goto out;
	for (size_t i = 0; i < count; i++) {
		left[i] = nets[i];
		if (nets[i])
			parties[involved++] = i;
	}
	if (involved == 0)
		used = 0;
	else if (involved > EXACT)
		used = (int)settle_group(out, left, parties, involved, currency);
	else if (grouping_init(&grouping, left, parties, involved))
		used = (int)settle_groups(out, left, parties, involved, &grouping, currency);
out:
	grouping_fini(&grouping);
	free(left);
	free(parties);
	if (used < 0)
		errno = ENOMEM;
	return used;
}

/* The table against a slow and obvious model, by random events from a seed: whole loads and deltas of several
 * caches and a file, aborts, caches lost, dropped and back, SLURM files. After each step every probe must have the
 * state that the model says, and what the table calls touched must hold every probe whose state changed, and
 * nothing where no record came into effect or went out of it.
 *
 *   rpki_random_test [seed [steps]]    replays one seed */
#include <stdlib.h>

#include "base/buf.h"
#include "exchange/rpki/rpki_table.h"
#include "tap.h"

enum { VRPS = 1400, ASNS = 5, SOURCES = 4, CACHES = 3, PROBES = 250, PATHS = 60, CUSTOMERS = 6 };

static uint64_t random_state;

static uint32_t
below(uint32_t n)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(random_state >> 33) % n;
}

/* --- the model --- */

/* Providers are sets of bits 1 to 7; 0: no ASPA. */
struct data {
	bool has[VRPS];
	uint8_t aspas[CUSTOMERS];
};

static struct rpki_vrp universe[VRPS];
static struct {
	struct data now, next;
	bool complete, alive, loading, whole, with_aspas;
	uint32_t preference;
} sources[SOURCES];
static int cache_in_use;
static bool filtered[VRPS], customer_filtered[CUSTOMERS];
static struct data asserted;

static struct {
	struct prefix prefix;
	struct asn origin;
	enum rpki_state state;
} probes[PROBES];
static struct {
	uint8_t octets[2 + 4 * 4];
	size_t length;
	enum aspa_state state;
} paths[PATHS];

static struct prefix
random_prefix(void)
{
	/* Dense in places, so that blocks split, and thin elsewhere. */
	if (below(3) == 0) {
		uint8_t o[16] = {0x20, 0x01, 0x0d, 0xb8, (uint8_t)below(2), (uint8_t)below(4)};
		o[9] = below(4) ? 0 : (uint8_t)(below(2) * 128);
		o[15] = below(4) ? 0 : (uint8_t)below(256);
		return prefix_of(ip_v6(o), below(5) ? 20 + below(30) : below(129));
	}
	uint32_t dense = UINT32_C(0x0a000000) | below(2) << 16 | below(256) << 8;
	uint32_t thin = below(4) << 24 | below(256) << 16 | below(3) << 6 | below(4);
	bool is_dense = below(3) > 0;
	return prefix_of(ip_v4(is_dense ? dense : thin), is_dense ? 14 + below(11) : below(33));
}

static bool
same_vrp(const struct rpki_vrp *a, const struct rpki_vrp *b)
{
	return prefix_equal(a->prefix, b->prefix) && a->asn.number == b->asn.number &&
	       a->max_length == b->max_length;
}

static void
make_universe(void)
{
	for (size_t i = 0; i < VRPS; i++) {
		struct rpki_vrp *v = &universe[i];
		for (bool fresh = false; !fresh;) {
			v->prefix = i > 0 && below(4) == 0 ? universe[below((uint32_t)i)].prefix
							   : random_prefix();
			unsigned bits = ip_bits(v->prefix.ip.family);
			uint32_t more = below(3) ? 0 : below(bits - v->prefix.length + 1);
			v->max_length = (uint8_t)(v->prefix.length + more);
			v->asn.number = below(ASNS);
			fresh = true;
			for (size_t k = 0; k < i && fresh; k++)
				fresh = !same_vrp(&universe[k], v);
		}
	}
	for (size_t i = 0; i < PROBES; i++) {
		struct prefix p = below(4) ? universe[below(VRPS)].prefix : random_prefix();
		unsigned bits = ip_bits(p.ip.family);
		probes[i].prefix = p;
		if (below(2) && p.length < bits)
			probes[i].prefix = prefix_of(p.ip, p.length + 1 + below(bits - p.length));
		probes[i].origin.number = below(ASNS);
	}
	for (size_t i = 0; i < PATHS; i++) {
		struct buf b = {0};
		uint8_t count = (uint8_t)(1 + below(4));
		buf_u8(&b, 2);
		buf_u8(&b, count);
		for (unsigned k = 0; k < count; k++)
			buf_u32(&b, below(CUSTOMERS + 1));
		memcpy(paths[i].octets, b.data, b.length);
		paths[i].length = b.length;
		buf_fini(&b);
	}
}

static bool
ready(void)
{
	for (int i = 0; i < SOURCES; i++)
		if (sources[i].complete)
			return true;
	return false;
}

static bool
in_use(int i)
{
	return sources[i].complete && (i >= CACHES || i == cache_in_use);
}

static void
choose(void)
{
	int best = -1;
	for (int pass = 0; pass < 2 && best < 0; pass++) {
		if (pass == 1 && cache_in_use >= 0 && sources[cache_in_use].complete)
			best = cache_in_use;
		for (int i = 0; i < CACHES && (pass == 0 || best < 0); i++)
			if (sources[i].complete && sources[i].alive &&
			    (best < 0 || sources[i].preference < sources[best].preference))
				best = i;
	}
	for (int i = 0; i < CACHES && best < 0; i++)
		if (sources[i].complete)
			best = i;
	if (best >= 0 && !sources[best].alive &&
	    !(cache_in_use >= 0 && sources[cache_in_use].complete))
		for (int i = 0; i < CACHES; i++)
			if (sources[i].complete && sources[i].preference < sources[best].preference)
				best = i;
	cache_in_use = best;
}

static bool
in_effect(size_t v)
{
	if (asserted.has[v])
		return true;
	for (int i = 0; i < SOURCES; i++)
		if (in_use(i) && sources[i].now.has[v] && !filtered[v])
			return true;
	return false;
}

static uint8_t
providers(uint32_t customer)
{
	uint8_t set = asserted.aspas[customer];
	for (int i = 0; i < SOURCES; i++)
		if (in_use(i) && !customer_filtered[customer])
			set |= sources[i].now.aspas[customer];
	return set;
}

static enum rpki_state
slow_state(const struct prefix *p, struct asn origin, const bool *effect)
{
	if (!ready())
		return RPKI_NOT_CHECKED;
	bool covered = false, same = false, valid = false;
	for (size_t i = 0; i < VRPS; i++) {
		const struct rpki_vrp *v = &universe[i];
		if (!effect[i] || !prefix_covers(v->prefix, *p))
			continue;
		covered = true;
		if (origin.number == 0 || v->asn.number != origin.number)
			continue;
		same = true;
		valid |= p->length <= v->max_length;
	}
	return valid     ? RPKI_VALID
	       : same    ? RPKI_INVALID_LENGTH
	       : covered ? RPKI_INVALID_AS
			 : RPKI_UNKNOWN;
}

static bool
aspa_ready(void)
{
	bool any = false;
	for (int i = 0; i < SOURCES; i++)
		any |= in_use(i) && sources[i].with_aspas;
	for (int i = 0; i < CUSTOMERS; i++)
		any |= asserted.aspas[i] != 0;
	return any && ready();
}

static enum aspa_state
slow_path(size_t i)
{
	if (!aspa_ready())
		return ASPA_NOT_CHECKED;
	enum aspa_state state = ASPA_VALID;
	for (size_t k = 6; k < paths[i].length; k += 4) {
		uint8_t provider = paths[i].octets[k - 1], customer = paths[i].octets[k + 3];
		if (provider == customer)
			continue;
		uint8_t set = customer < CUSTOMERS ? providers(customer) : 0;
		if (!set && state == ASPA_VALID)
			state = ASPA_UNKNOWN;
		if (set && !(set >> provider & 1))
			state = ASPA_INVALID;
	}
	return state;
}

/* --- events --- */

static void
announce_aspa(struct rpki_table *t, unsigned source, uint32_t customer, uint8_t set)
{
	uint32_t list[8];
	size_t count = 0;
	for (uint32_t i = 0; i < 8; i++)
		if (set >> i & 1)
			list[count++] = i;
	if (rpki_announce_aspa(t, source, (struct asn){customer}, list, count) != RPKI_OK)
		ok(false, "a list of providers is taken");
}

static void
fill(struct rpki_table *t, int i, uint32_t steps, bool whole)
{
	struct data *d = &sources[i].next;
	for (uint32_t k = 0; k < steps; k++) {
		uint32_t v = below(VRPS), customer = below(CUSTOMERS);
		if (below(12) == 0) {
			uint8_t set = (uint8_t)(below(127) + 1);
			if (below(3) == 0) {
				enum rpki_result want = d->aspas[customer] ? RPKI_OK : RPKI_MISSING;
				if (rpki_withdraw_aspa(t, (unsigned)i, (struct asn){customer}) !=
				    want)
					ok(false, "the withdrawal of an ASPA is judged rightly");
				d->aspas[customer] = 0;
				continue;
			}
			announce_aspa(t, (unsigned)i, customer, set);
			d->aspas[customer] = i < CACHES ? set : d->aspas[customer] | set;
			continue;
		}
		bool announce = below(whole ? 20 : 2) > 0;
		enum rpki_result want = RPKI_OK;
		if (announce == d->has[v])
			want = announce ? RPKI_DUPLICATE : RPKI_MISSING;
		enum rpki_result got = announce ? rpki_announce(t, (unsigned)i, &universe[v])
						: rpki_withdraw(t, (unsigned)i, &universe[v]);
		if (got != want)
			ok(false, "duplicates and withdrawals of unknown records are told");
		d->has[v] = announce;
	}
}

static void
load(struct rpki_table *t, int i)
{
	bool whole = !sources[i].complete || below(4) == 0;
	/* Sometimes it goes on with what was begun. */
	if (!sources[i].loading) {
		rpki_begin(t, (unsigned)i, whole ? RPKI_WHOLE : RPKI_DELTA);
		sources[i].next = whole ? (struct data){0} : sources[i].now;
		sources[i].loading = true;
		sources[i].whole = whole;
	}
	whole = sources[i].whole;
	fill(t, i, whole ? below(3000) : below(12), whole);
	uint32_t fate = below(6);
	if (fate == 0)
		return;
	sources[i].loading = false;
	if (fate == 1) {
		rpki_abort(t, (unsigned)i);
		return;
	}
	bool with_aspas = below(8) > 0;
	rpki_commit(t, (unsigned)i, with_aspas);
	sources[i].now = sources[i].next;
	sources[i].complete = sources[i].alive = true;
	sources[i].with_aspas = with_aspas;
}

static void
new_slurm(struct rpki_table *t)
{
	static struct slurm_prefix_filter filters[8];
	static struct rpki_vrp assertions[8];
	static uint32_t list[8] = {1, 2, 5};
	struct asn customers[2];
	struct slurm_aspa aspa = {{below(CUSTOMERS)}, list, 1 + below(3)};
	struct slurm s = {filters,    below(9), customers, below(3),
			  assertions, below(9), &aspa,     below(2)};
	memset(filtered, 0, sizeof(filtered));
	memset(customer_filtered, 0, sizeof(customer_filtered));
	asserted = (struct data){0};
	for (size_t i = 0; i < s.prefix_filter_count; i++) {
		struct slurm_prefix_filter f = {.asn.number = below(ASNS), .has_asn = below(2)};
		if (!f.has_asn || below(2))
			f.prefix = universe[below(VRPS)].prefix;
		filters[i] = f;
		for (size_t k = 0; k < VRPS; k++)
			filtered[k] |= (f.prefix.ip.family == IP_NONE ||
					prefix_covers(f.prefix, universe[k].prefix)) &&
				       (!f.has_asn || f.asn.number == universe[k].asn.number);
	}
	for (size_t i = 0; i < s.aspa_filter_count; i++) {
		customers[i].number = below(CUSTOMERS);
		customer_filtered[customers[i].number] = true;
	}
	for (size_t i = 0; i < s.prefix_assertion_count; i++) {
		uint32_t v = below(VRPS);
		assertions[i] = universe[v];
		asserted.has[v] = true;
	}
	for (size_t i = 0; i < s.aspa_assertion_count; i++)
		for (size_t k = 0; k < aspa.count; k++)
			asserted.aspas[aspa.customer.number] |= (uint8_t)(1 << list[k]);
	const struct slurm *files[] = {&s};
	ok(rpki_table_slurm(t, files, 1), "a SLURM file is put in force");
}

static void
step(struct rpki_table *t)
{
	int i = (int)below(SOURCES);
	switch (below(16)) {
	case 0:
		sources[i].alive = below(2);
		rpki_source_alive(t, (unsigned)i, sources[i].alive);
		break;
	case 1:
		rpki_source_drop(t, (unsigned)i);
		sources[i].complete = sources[i].with_aspas = false;
		sources[i].loading &= sources[i].whole;
		break;
	case 2:
		if (below(4) == 0)
			new_slurm(t);
		break;
	default:
		load(t, i);
	}
	choose();
}

/* --- checks --- */

static bool
is_touched(const struct rpki_changes *c, const struct prefix *p)
{
	if (c->all_prefixes)
		return true;
	for (size_t i = 0; i < c->prefix_count; i++)
		if (prefix_covers(c->prefixes[i].prefix, *p) &&
		    p->length <= c->prefixes[i].max_length)
			return true;
	return false;
}

static bool
is_touched_path(const struct rpki_changes *c, size_t path)
{
	bool touched = c->all_paths;
	for (size_t i = 0; i < c->customer_count; i++)
		for (size_t k = 5; k < paths[path].length; k += 4)
			touched |= paths[path].octets[k] == c->customers[i].number;
	return touched;
}

static int failures;

static void
check(struct rpki_table *t, const struct rpki_changes *c, const bool *before, const bool *after)
{
	for (size_t i = 0; i < PROBES; i++) {
		enum rpki_state want = slow_state(&probes[i].prefix, probes[i].origin, after);
		enum rpki_state got = rpki_validate(t, &probes[i].prefix, probes[i].origin);
		rpki_hint(t, &probes[i].prefix, i % 2);
		if (got != want || (want != probes[i].state && !is_touched(c, &probes[i].prefix)))
			failures++;
		probes[i].state = want;
	}
	for (size_t i = 0; i < PATHS; i++) {
		enum aspa_state want = slow_path(i);
		struct cursor path = cursor_of(paths[i].octets, paths[i].length);
		if (rpki_aspa_verify(t, path) != want ||
		    (want != paths[i].state && !is_touched_path(c, i)))
			failures++;
		paths[i].state = want;
	}
	for (size_t i = 0; i < c->prefix_count; i++) {
		bool changed = false;
		for (size_t k = 0; k < VRPS; k++)
			changed |= before[k] != after[k] &&
				   prefix_equal(universe[k].prefix, c->prefixes[i].prefix);
		failures += !changed;
	}
	uint32_t v4 = 0, v6 = 0;
	for (size_t k = 0; k < VRPS; k++) {
		v4 += after[k] && universe[k].prefix.ip.family == IP_V4;
		v6 += after[k] && universe[k].prefix.ip.family == IP_V6;
	}
	struct rpki_counts counts = rpki_counts(t);
	failures += counts.vrps_ipv4 != v4 || counts.vrps_ipv6 != v6;
}

static void
run(uint64_t seed, uint32_t steps)
{
	random_state = seed;
	failures = 0;
	memset(sources, 0, sizeof(sources));
	memset(&asserted, 0, sizeof(asserted));
	memset(filtered, 0, sizeof(filtered));
	memset(customer_filtered, 0, sizeof(customer_filtered));
	memset(probes, 0, sizeof(probes));
	memset(paths, 0, sizeof(paths));
	cache_in_use = -1;
	make_universe();
	struct rpki_table *t = rpki_table_new();
	for (int i = 0; i < SOURCES; i++) {
		sources[i].preference = below(3);
		rpki_source_add(t, i < CACHES ? RPKI_CACHE : RPKI_FILE, "s", sources[i].preference);
	}
	bool before[VRPS] = {0}, after[VRPS];
	uint32_t quiet = 0;
	for (uint32_t i = 0; i < steps && failures == 0; i++) {
		bool was_ready = ready();
		step(t);
		struct rpki_changes c;
		bool any = rpki_take_changes(t, &c);
		for (size_t k = 0; k < VRPS; k++)
			after[k] = in_effect(k);
		bool same = memcmp(before, after, sizeof(before)) == 0 && was_ready == ready();
		if (same && (c.prefix_count || c.all_prefixes))
			failures++;
		quiet += !any;
		check(t, &c, before, after);
		memcpy(before, after, sizeof(before));
		if (failures)
			printf("# seed %llu, step %u\n", (unsigned long long)seed, i);
	}
	ok(failures == 0, "seed %llu: states and touched prefixes are as the model says",
	   (unsigned long long)seed);
	ok(quiet > 0, "seed %llu: some steps changed nothing in effect", (unsigned long long)seed);
	for (unsigned i = 0; i < SOURCES; i++)
		rpki_source_remove(t, i);
	const struct slurm *none[1] = {0};
	rpki_table_slurm(t, none, 0);
	struct rpki_counts counts = rpki_counts(t);
	ok(counts.vrps_ipv4 + counts.vrps_ipv6 + counts.aspas + counts.filtered + counts.asserted ==
		   0,
	   "without sources nothing is left");
	rpki_table_free(t);
}

int
main(int argc, char **argv)
{
	uint32_t steps = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 250;
	if (argc > 1) {
		run(strtoull(argv[1], NULL, 10), steps);
		return done_testing();
	}
	for (uint64_t seed = 1; seed <= 5; seed++)
		run(seed, steps);
	return done_testing();
}

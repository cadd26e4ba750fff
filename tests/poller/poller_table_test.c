/* Walks through made-up agents: whatever they leave out, cut or number anew, the right rows are read. */
#include "poller/poller_table.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

enum { ROWS_MAX = 64, STEPS_MAX = 200 };

/* An interface as an agent has it. */
struct row {
	uint32_t index;
	const char *name, *alias, *descr;
	uint64_t in, out;
	bool narrow;     /* has no counters of 64 bits */
	unsigned status; /* ifOperStatus; 0: it does not tell */
};

struct agent {
	struct row rows[ROWS_MAX];
	size_t count;
	unsigned variables_max; /* in an answer; 0: no limit */
	unsigned answers;
};

static bool
has(const struct row *r, enum poller_column column)
{
	switch (column) {
	case POLLER_DESCR:
		return true;
	case POLLER_NAME:
		return r->name;
	case POLLER_ALIAS:
		return r->alias;
	case POLLER_IN_OCTETS_32:
	case POLLER_OUT_OCTETS_32:
		return true;
	case POLLER_OPER_STATUS:
		return r->status;
	case POLLER_IN_ERRORS:
		return r->index % 2; /* a column with holes */
	default:
		return !r->narrow;
	}
}

static struct poller_variable
cell(const struct row *r, enum poller_column column, uint32_t oid[POLLER_OID_MAX + 1])
{
	const struct poller_oid *c = &poller_columns[column];
	memcpy(oid, c->number, c->length * sizeof(*oid));
	oid[c->length] = r->index;
	struct poller_variable v = {.oid = oid, .oid_length = c->length + 1u};
	const char *text = column == POLLER_DESCR   ? r->descr
			   : column == POLLER_NAME  ? r->name
			   : column == POLLER_ALIAS ? r->alias
						    : NULL;
	if (text) {
		v.text = text;
		v.length = strlen(text);
		return v;
	}
	v.is_number = true;
	v.number = column == POLLER_IN_OCTETS        ? r->in
		   : column == POLLER_OUT_OCTETS     ? r->out
		   : column == POLLER_IN_OCTETS_32   ? (uint32_t)r->in
		   : column == POLLER_OUT_OCTETS_32  ? (uint32_t)r->out
		   : column == POLLER_SPEED_MEGABITS ? 100000
		   : column == POLLER_DISCONTINUITY  ? 7
		   : column == POLLER_OPER_STATUS    ? r->status
						     : 1;
	return v;
}

static const struct row *
after(const struct agent *a, uint32_t index, enum poller_column column)
{
	const struct row *found = NULL;
	for (size_t i = 0; i < a->count; i++)
		if (a->rows[i].index > index && has(&a->rows[i], column) &&
		    (!found || a->rows[i].index < found->index))
			found = &a->rows[i];
	return found;
}

/* GETBULK (RFC 3416 section 4.2.3). */
static void
answer(struct agent *a, struct poller_table *t, uint32_t from, unsigned repetitions)
{
	static const uint32_t beyond[] = {1, 3, 6, 1, 9};
	uint32_t at[POLLER_COLUMNS];
	unsigned variables = 0;
	for (int c = 0; c < POLLER_COLUMNS; c++)
		at[c] = from;
	a->answers++;
	poller_table_uptime(t, 123456);
	for (unsigned n = 0; n < repetitions; n++)
		for (int c = 0; c < POLLER_COLUMNS; c++) {
			uint32_t oid[POLLER_OID_MAX + 1];
			if (!(poller_table_columns(t) & 1u << c))
				continue;
			if (a->variables_max && variables++ == a->variables_max)
				return;
			const struct row *r = after(a, at[c], (enum poller_column)c);
			struct poller_variable v = {
				.oid = beyond, .oid_length = 5, .is_number = true};
			if (r) {
				v = cell(r, (enum poller_column)c, oid);
				at[c] = r->index;
			}
			poller_table_take(t, &v, (struct utc_s){1700000000});
		}
}

static void
walk(struct agent *a, struct poller_table *t, struct poller_target *targets, size_t count)
{
	int64_t from;
	int steps = 0;
	poller_table_begin(t, targets, count);
	while ((from = poller_table_next(t)) >= 0 && steps++ < STEPS_MAX) {
		answer(a, t, (uint32_t)from, 10);
		poller_table_answered(t);
	}
	ok(steps < STEPS_MAX, "the walk comes to an end");
}

static struct agent
agent_of(size_t count)
{
	static char names[ROWS_MAX][32];
	struct agent a = {.count = count};
	for (size_t i = 0; i < count; i++) {
		snprintf(names[i], sizeof(names[i]), "eth%zu", i);
		a.rows[i] = (struct row){.index = (uint32_t)(1 + i * 3),
					 .name = names[i],
					 .alias = "",
					 .descr = "Ethernet",
					 .in = 1000000000000 + i,
					 .out = 2000000000000 + i};
	}
	return a;
}

static void
all_are_read(void)
{
	static const struct {
		const char *name;
		size_t rows;
		unsigned variables_max;
	} cases[] = {
		{"one interface", 1, 0},
		{"as many as one answer holds", 10, 0},
		{"many answers", 47, 0},
		{"answers cut in the middle of a row", 47, 53},
		{"answers of a single row", 20, 19},
		{"answers of not even one row", 20, 8},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct agent a = agent_of(cases[i].rows);
		struct poller_table t = {0};
		struct poller_target targets[ROWS_MAX] = {0};
		size_t good = 0;
		a.variables_max = cases[i].variables_max;
		for (size_t k = 0; k < a.count; k++)
			targets[k].interface = a.rows[k].name;
		walk(&a, &t, targets, a.count);
		for (size_t k = 0; k < a.count; k++) {
			struct poller_reading r;
			good += poller_table_reading(&t, &targets[k], &r) &&
				r.if_index == a.rows[k].index && r.in_octets == a.rows[k].in &&
				r.out_octets == a.rows[k].out && r.width == 64 &&
				r.uptime_ms == 1234560 && r.discontinuity_ticks == 7 &&
				r.speed_bps == 100000000000;
		}
		/* Eight variables never reach the octets of 64 bits and of both directions. */
		is_int((long long)good, cases[i].variables_max == 8 ? 0 : (long long)a.count,
		       cases[i].name);
		poller_table_fini(&t);
	}
}

static void
numbers_jump(void)
{
	struct agent a = agent_of(60);
	struct poller_table t = {0};
	struct poller_target targets[3] = {{.if_index = a.rows[50].index},
					   {.if_index = a.rows[2].index},
					   {.if_index = a.rows[2].index + 1}};
	struct poller_reading r;
	walk(&a, &t, targets, 3);
	ok(poller_table_reading(&t, &targets[0], &r) && r.in_octets == a.rows[50].in,
	   "a row by number");
	ok(poller_table_reading(&t, &targets[1], &r) && r.in_octets == a.rows[2].in,
	   "another one far from it");
	ok(!poller_table_reading(&t, &targets[2], &r), "a number that there is not");
	is_int(a.answers, 2, "only the rows around them are asked for");
	poller_table_fini(&t);
}

static void
names_are_found(void)
{
	struct agent a = agent_of(6);
	struct poller_table t = {0};
	struct poller_target targets[6] = {
		{.interface = "member 64512"}, {.interface = "eth5"}, {.interface = "twice"},
		{.interface = "eth3"},         {.interface = "none"}, {.interface = "Ethernet"},
	};
	struct poller_reading r;
	a.rows[1].alias = "member 64512";
	a.rows[0].alias = "eth5"; /* a name is better than an alias, whichever comes first */
	a.rows[2].alias = a.rows[4].alias = "twice";
	a.rows[3].narrow = true;
	a.rows[3].in = 4000000000;
	walk(&a, &t, targets, 6);
	ok(poller_table_reading(&t, &targets[0], &r) && r.if_index == a.rows[1].index,
	   "by what the operator wrote");
	ok(poller_table_reading(&t, &targets[1], &r) && r.if_index == a.rows[5].index,
	   "by ifName before ifAlias");
	ok(!poller_table_reading(&t, &targets[2], &r), "not by a name that two have");
	ok(poller_table_reading(&t, &targets[3], &r) && r.width == 32 && r.in_octets == 4000000000,
	   "32 bits where there are no 64");
	ok(r.in_packets == UINT64_MAX, "packets are not told there");
	ok(!poller_table_reading(&t, &targets[4], &r), "a name that nobody has");
	ok(!poller_table_reading(&t, &targets[5], &r), "nor by the description of all");
	is_int(targets[4].found, 0, "it is not found");

	/* The machine has started anew and numbers its interfaces in another order. */
	for (size_t i = 0; i < a.count; i++)
		a.rows[i].index = (uint32_t)(600 - i * 100);
	walk(&a, &t, targets, 6);
	ok(poller_table_reading(&t, &targets[0], &r) && r.if_index == 500 &&
		   r.in_octets == a.rows[1].in,
	   "other numbers are followed");
	poller_table_fini(&t);
}

/* Interfaces that tell of segments, beside one of a port. */
static void
states_are_told(void)
{
	struct agent a = agent_of(12);
	struct poller_table t = {0};
	struct poller_reading r;
	struct poller_target targets[] = {
		{.if_index = 7},
		{.if_index = 7, .is_source = true},
		{.interface = "eth3", .is_source = true},
		{.interface = "eth4", .is_source = true},
		{.interface = "eth5", .is_source = true},
		{.interface = "eth9", .is_source = true},
		{.interface = "gone", .is_source = true},
	};
	static const unsigned status[12] = {1, 1, 1, 2, 7, 5, 1, 1, 1, 0, 1, 1};
	for (size_t i = 0; i < 12; i++)
		a.rows[i].status = status[i];
	walk(&a, &t, targets, 1);
	is_int(poller_table_passes(&t, &targets[0]), -1, "nobody is asked who need not tell");
	walk(&a, &t, targets, 7);
	ok(poller_table_reading(&t, &targets[0], &r) && r.if_index == 7, "a port is still read");
	is_int(poller_table_passes(&t, &targets[1]), 1, "an interface that is up passes");
	is_int(poller_table_passes(&t, &targets[2]), 0, "one that is down does not");
	is_int(poller_table_passes(&t, &targets[3]), 0, "nor one whose lower layer is down");
	is_int(poller_table_passes(&t, &targets[4]), -1, "one that is dormant says neither");
	is_int(poller_table_passes(&t, &targets[5]), -1, "nor does one that tells no state");
	is_int(poller_table_passes(&t, &targets[6]), -1,
	       "nor one that is not there: that is no cut");
	a.variables_max = 30;
	walk(&a, &t, targets, 7);
	is_int(poller_table_passes(&t, &targets[3]), 0, "also in answers that are cut short");
	poller_table_fini(&t);
}

static void
give(struct poller_table *t, enum poller_column column, uint32_t index, int64_t now_s)
{
	uint32_t oid[POLLER_OID_MAX + 1];
	struct row row = {.index = index, .in = 1000, .out = 2000};
	struct poller_variable v = cell(&row, column, oid);
	poller_table_take(t, &v, (struct utc_s){now_s});
}

/* Octets of one answer, errors of a later one. */
static void
moments(void)
{
	struct poller_target targets[] = {{.if_index = 5}};
	struct poller_table t = {0};
	struct poller_reading r;
	poller_table_begin(&t, targets, 1);
	(void)poller_table_next(&t);
	poller_table_uptime(&t, 100);
	give(&t, POLLER_IN_OCTETS, 5, 1700000000);
	give(&t, POLLER_OUT_OCTETS, 5, 1700000000);
	poller_table_uptime(&t, 600);
	give(&t, POLLER_IN_ERRORS, 5, 1700000005);
	ok(poller_table_reading(&t, &targets[0], &r) && r.time.s == 1700000000 && r.has_uptime &&
		   r.uptime_ms == 1000,
	   "a reading is of the moment of its octets, whatever came later");
	poller_table_fini(&t);
}

int
main(void)
{
	moments();
	all_are_read();
	numbers_jump();
	names_are_found();
	states_are_told();
	return done_testing();
}

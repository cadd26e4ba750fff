/* Cells into rows, rows into readings. */
#include "poller/poller_table.h"

#include <stdlib.h>
#include <string.h>

/* RFC 2863: ifEntry and ifXEntry. */
#define IF(column)                                                                                 \
	{                                                                                          \
		{1, 3, 6, 1, 2, 1, 2, 2, 1, (column)}, 10                                          \
	}
#define IFX(column)                                                                                \
	{                                                                                          \
		{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, (column)}, 11                                      \
	}

const struct poller_oid poller_columns[POLLER_COLUMNS] = {
	[POLLER_DESCR] = IF(2),           [POLLER_NAME] = IFX(1),
	[POLLER_ALIAS] = IFX(18),         [POLLER_IN_OCTETS] = IFX(6),
	[POLLER_OUT_OCTETS] = IFX(10),    [POLLER_IN_OCTETS_32] = IF(10),
	[POLLER_OUT_OCTETS_32] = IF(16),  [POLLER_IN_UNICAST] = IFX(7),
	[POLLER_IN_MULTICAST] = IFX(8),   [POLLER_IN_BROADCAST] = IFX(9),
	[POLLER_OUT_UNICAST] = IFX(11),   [POLLER_OUT_MULTICAST] = IFX(12),
	[POLLER_OUT_BROADCAST] = IFX(13), [POLLER_IN_ERRORS] = IF(14),
	[POLLER_OUT_ERRORS] = IF(20),     [POLLER_IN_DISCARDS] = IF(13),
	[POLLER_OUT_DISCARDS] = IF(19),   [POLLER_SPEED_MEGABITS] = IFX(15),
	[POLLER_DISCONTINUITY] = IFX(19), [POLLER_OPER_STATUS] = IF(8),
};

struct poller_row {
	uint32_t index;
	uint32_t have; /* set of enum poller_column */
	uint32_t uptime_ticks;
	bool has_uptime;
	struct utc_s time; /* when its octets came */
	uint64_t number[POLLER_COLUMNS];
};

static uint32_t
bit(enum poller_column column)
{
	return UINT32_C(1) << column;
}

void
poller_table_fini(struct poller_table *t)
{
	free(t->rows);
	*t = (struct poller_table){0};
}

void
poller_table_begin(struct poller_table *t, struct poller_target *targets, size_t count)
{
	*t = (struct poller_table){.targets = targets,
				   .target_count = count,
				   .rows = t->rows,
				   .row_space = t->row_space};
	for (size_t i = 0; i < count; i++) {
		targets[i].found = targets[i].if_index;
		targets[i].found_by = POLLER_COLUMNS;
		targets[i].several = false;
		t->named |= !targets[i].if_index;
		t->sourced |= targets[i].is_source;
	}
}

uint32_t
poller_table_columns(const struct poller_table *t)
{
	uint32_t all = bit(POLLER_COLUMNS) - 1;
	if (!t->named)
		all &= ~(bit(POLLER_NAME) | bit(POLLER_ALIAS));
	return t->sourced ? all : all & ~bit(POLLER_OPER_STATUS);
}

int64_t
poller_table_next(struct poller_table *t)
{
	uint32_t least = 0;
	if (t->ended || t->failed || !t->target_count)
		return -1;
	if (t->named)
		return t->at;
	for (size_t i = 0; i < t->target_count; i++) {
		uint32_t wanted = t->targets[i].if_index;
		if (wanted > t->at && (!least || wanted < least))
			least = wanted;
	}
	if (!least)
		return -1;
	t->at = t->step_last = t->step_lead = least - 1;
	return t->at;
}

/* The row of an index, made when it is not there. Rows come in order but for a few. */
static struct poller_row *
row_of(struct poller_table *t, uint32_t index)
{
	size_t at = t->row_count;
	while (at && t->rows[at - 1].index > index)
		at--;
	if (at && t->rows[at - 1].index == index)
		return &t->rows[at - 1];
	if (t->row_count == POLLER_ROWS_MAX)
		return NULL;
	if (t->row_count == t->row_space) {
		size_t space = t->row_space ? t->row_space * 2 : 64;
		struct poller_row *grown = realloc(t->rows, space * sizeof(*grown));
		if (!grown)
			return NULL;
		t->rows = grown;
		t->row_space = space;
	}
	memmove(&t->rows[at + 1], &t->rows[at], (t->row_count - at) * sizeof(*t->rows));
	t->rows[at] = (struct poller_row){.index = index};
	t->row_count++;
	return &t->rows[at];
}

/* Which column it is of, POLLER_COLUMNS for none, and *index of the row. */
static enum poller_column
column_of(const struct poller_variable *v, uint32_t *index)
{
	for (unsigned i = 0; i < POLLER_COLUMNS; i++) {
		const struct poller_oid *c = &poller_columns[i];
		if (v->oid_length != c->length + 1u ||
		    memcmp(v->oid, c->number, c->length * sizeof(*v->oid)) != 0)
			continue;
		*index = v->oid[c->length];
		return (enum poller_column)i;
	}
	return POLLER_COLUMNS;
}

/* A name's rank: ifName is made for this (RFC 2863 section 3.1.12), an operator writes ifAlias, and
 * ifDescr is what there is on old machines. */
static unsigned
rank(enum poller_column column)
{
	return column == POLLER_NAME ? 0 : column == POLLER_ALIAS ? 1 : 2;
}

static void
match_name(struct poller_table *t, enum poller_column column, uint32_t index,
	   const struct poller_variable *v)
{
	for (size_t i = 0; i < t->target_count; i++) {
		struct poller_target *target = &t->targets[i];
		if (target->if_index || strlen(target->interface) != v->length ||
		    memcmp(target->interface, v->text, v->length) != 0)
			continue;
		if (target->found && target->found_by == column) {
			target->several |= target->found != index;
			continue;
		}
		if (target->found && rank((enum poller_column)target->found_by) < rank(column))
			continue;
		target->found = index;
		target->found_by = (uint8_t)column;
		target->several = false;
	}
}

void
poller_table_uptime(struct poller_table *t, uint32_t ticks)
{
	t->uptime_ticks = ticks;
	t->has_uptime = true;
}

void
poller_table_take(struct poller_table *t, const struct poller_variable *v, struct utc_s now)
{
	uint32_t index = 0;
	enum poller_column column = column_of(v, &index);
	if (column == POLLER_DESCR) {
		/* A new repetition begins: the one before is whole. */
		t->step_last = t->step_lead;
		t->step_cells = 0;
		if (index > t->step_lead)
			t->step_lead = index;
	}
	t->step_cells++;
	/* Beyond the end of a column the next object comes: not ours. What was had already comes
	 * again where a column lacks rows. */
	if (column == POLLER_COLUMNS || index <= t->at)
		return;
	if (!v->is_number) {
		if (column == POLLER_NAME || column == POLLER_ALIAS || column == POLLER_DESCR)
			match_name(t, column, index, v);
		return;
	}
	struct poller_row *row = row_of(t, index);
	if (!row) {
		t->failed = true;
		return;
	}
	row->have |= bit(column);
	row->number[column] = v->number;
	if (column == POLLER_IN_OCTETS || column == POLLER_IN_OCTETS_32) {
		row->time = now;
		row->uptime_ticks = t->uptime_ticks;
		row->has_uptime = t->has_uptime;
	}
}

void
poller_table_answered(struct poller_table *t)
{
	/* The last repetition may have been cut where the datagram was full; one alone is taken as
	 * it is, else the walk would not get on. */
	uint32_t columns = (uint32_t)__builtin_popcount(poller_table_columns(t));
	bool whole = t->step_cells >= columns || t->step_last <= t->at;
	uint32_t reached = whole ? t->step_lead : t->step_last;
	t->ended = reached <= t->at;
	t->at = t->ended ? t->at : reached;
	t->step_last = t->step_lead = t->at;
	t->step_cells = 0;
}

static uint64_t
number_of(const struct poller_row *row, enum poller_column column)
{
	return row->have & bit(column) ? row->number[column] : UINT64_MAX;
}

/* Three counters are one; not told where one of them is not. */
static uint64_t
sum_of(const struct poller_row *row, enum poller_column first)
{
	uint64_t sum = 0;
	for (int i = 0; i < 3; i++) {
		uint64_t part = number_of(row, (enum poller_column)((int)first + i));
		if (part == UINT64_MAX)
			return UINT64_MAX;
		sum += part;
	}
	return sum;
}

static const struct poller_row *
find_row(const struct poller_table *t, uint32_t index)
{
	size_t from = 0, to = t->row_count;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (t->rows[middle].index == index)
			return &t->rows[middle];
		if (t->rows[middle].index < index)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

bool
poller_table_reading(const struct poller_table *t, const struct poller_target *target,
		     struct poller_reading *out)
{
	const struct poller_row *row = target->found ? find_row(t, target->found) : NULL;
	if (!row || target->several)
		return false;
	uint32_t both = bit(POLLER_IN_OCTETS) | bit(POLLER_OUT_OCTETS);
	bool wide = (row->have & both) == both;
	uint64_t in = number_of(row, wide ? POLLER_IN_OCTETS : POLLER_IN_OCTETS_32);
	uint64_t out_octets = number_of(row, wide ? POLLER_OUT_OCTETS : POLLER_OUT_OCTETS_32);
	uint64_t megabits = number_of(row, POLLER_SPEED_MEGABITS);
	uint64_t discontinuity = number_of(row, POLLER_DISCONTINUITY);
	if (in == UINT64_MAX || out_octets == UINT64_MAX)
		return false;
	*out = (struct poller_reading){
		.if_index = row->index,
		.time = row->time,
		.in_octets = in,
		.out_octets = out_octets,
		.in_packets = sum_of(row, POLLER_IN_UNICAST),
		.out_packets = sum_of(row, POLLER_OUT_UNICAST),
		.in_errors = number_of(row, POLLER_IN_ERRORS),
		.out_errors = number_of(row, POLLER_OUT_ERRORS),
		.in_discards = number_of(row, POLLER_IN_DISCARDS),
		.out_discards = number_of(row, POLLER_OUT_DISCARDS),
		.width = wide ? 64 : 32,
		.speed_bps = megabits < UINT32_MAX ? megabits * 1000000 : 0,
		.uptime_ms = row->uptime_ticks * 10,
		.has_uptime = row->has_uptime,
		.discontinuity_ticks = discontinuity == UINT64_MAX ? 0 : (uint32_t)discontinuity,
	};
	return true;
}

int
poller_table_passes(const struct poller_table *t, const struct poller_target *target)
{
	/* By value of ifOperStatus: up, down, testing, unknown, dormant, notPresent, lowerLayerDown. */
	static const int passes[] = {-1, 1, 0, 0, -1, -1, 0, 0};
	const struct poller_row *row = target->found ? find_row(t, target->found) : NULL;
	if (!row || target->several)
		return -1;
	uint64_t status = number_of(row, POLLER_OPER_STATUS);
	return status < sizeof(passes) / sizeof(passes[0]) ? passes[status] : -1;
}

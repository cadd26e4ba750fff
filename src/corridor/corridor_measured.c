/* Demands as they were measured. */
#include "corridor/corridor_measured.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/json_read.h"
#include "corridor/corridor_avoided.h"

enum { PRIORITY = 10 };                 /* as the hub file has it when nothing is said */
static const double DERIVED_PART = 0.1; /* as corridor_fact_of has it of what is derived */

static const char *const statistics[] = {"mean", "p95", "peak"};
static const char *const keys[] = {"mean_bps", "p95_bps", "peak_bps"};

bool
corridor_measured_asked(const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], "--measured") == 0 || strcmp(words[i], "--demands") == 0)
			return true;
	return false;
}

static int
take_statistic(struct corridor_measured_ask *ask, const char *word,
	       struct corridor_complaint *complaint)
{
	for (size_t i = 0; i < sizeof(statistics) / sizeof(statistics[0]); i++) {
		if (strcmp(word, statistics[i]) != 0)
			continue;
		ask->statistic = (enum corridor_statistic)i;
		return 0;
	}
	corridor_complain(complaint, 400, "--measured: found \"%.40s\", expected mean, p95 or peak",
			  word);
	return -1;
}

static int
take_word(struct corridor_measured_ask *ask, const char *name, const char *word,
	  struct corridor_complaint *complaint)
{
	if (strcmp(name, "--measured") == 0)
		return take_statistic(ask, word, complaint);
	if (strcmp(name, "--month") == 0) {
		ask->month = word;
		return 0;
	}
	if (strcmp(name, "--hours") == 0) {
		ask->hours = word;
		return 0;
	}
	if (ask->content) {
		corridor_complain(complaint, 400,
				  "content has no %s; it takes --measured, --month "
				  "or --hours",
				  name);
		return -1;
	}
	ask->matrix = strcmp(word, "measured") == 0;
	if (ask->matrix)
		return 0;
	corridor_complain(complaint, 400, "--demands: found \"%.40s\", expected measured", word);
	return -1;
}

static bool
is_ours(const char *word)
{
	static const char *const names[] = {"--measured", "--demands", "--month", "--hours"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(word, names[i]) == 0)
			return true;
	return false;
}

bool
corridor_measured_content_asked(const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_ours(words[i]))
			return true;
	return false;
}

int
corridor_measured_take(struct corridor_measured_ask *ask, const char **words, size_t *count,
		       struct corridor_complaint *complaint)
{
	assert(ask && words && count && complaint);
	size_t kept = 0;
	*ask = (struct corridor_measured_ask){.statistic = CORRIDOR_P95,
					      .content = ask->content,
					      .keeps_month = ask->keeps_month};
	for (size_t i = 0; i < *count; i++) {
		if (!is_ours(words[i])) {
			words[kept++] = words[i];
			continue;
		}
		if (i + 1 == *count) {
			corridor_complain(complaint, 400, "%s needs a value", words[i]);
			return -1;
		}
		if (take_word(ask, words[i], words[i + 1], complaint) < 0)
			return -1;
		if (ask->keeps_month && strcmp(words[i], "--month") == 0) {
			words[kept++] = words[i];
			words[kept++] = words[i + 1];
		}
		i++;
	}
	*count = kept;
	if (!ask->month || !ask->hours)
		return 0;
	corridor_complain(complaint, 400, "--month and --hours: one of them, not both");
	return -1;
}

/* --- reading --- */

struct reader {
	struct arena *arena;
	const struct hub *hub;
	const struct corridor_measured_ask *ask;
	const struct json_value *root;
};

static double
number_of(const struct json_value *value, const char *key)
{
	double number = 0;
	(void)json_read_number(&number, json_read_get(value, key));
	return number;
}

static uint32_t
member_of(const struct reader *r, const struct json_value *value, const char *key)
{
	double asn = number_of(value, key);
	if (!(asn >= 1 && asn <= UINT32_MAX))
		return HUB_NONE;
	return hub_member_by_asn(r->hub, (struct asn){(uint32_t)asn});
}

static uint32_t
site_of(const struct reader *r, const struct json_value *value, const char *key)
{
	const char *id = json_read_text(json_read_get(value, key));
	for (uint32_t i = 0; id && i < r->hub->site_count; i++)
		if (strcmp(r->hub->sites[i].id, id) == 0)
			return i;
	return HUB_NONE;
}

static double
gbps_of(const struct reader *r, const struct json_value *value)
{
	double bps = number_of(value, keys[r->ask->statistic]);
	return bps > 0 && bps < 1e18 ? bps / 1e9 : 0;
}

/* By 1.96 standard errors of what samples add up to, if it rests on any (RFC 3176 and the theory
 * of simple random sampling). What was shared out is derived: that much more it may be off. */
static struct hub_basis
basis_of(const struct reader *r, double gbps, double samples, bool derived)
{
	struct hub_basis basis = {.low = NAN,
				  .high = NAN,
				  .source = statistics[r->ask->statistic],
				  .confidence = derived ? HUB_DERIVED : HUB_SEEN};
	if (samples >= 1) {
		double error = fmin(hypot(1.96 / sqrt(samples), derived ? DERIVED_PART : 0), 1);
		basis.low = gbps * (1 - error);
		basis.high = gbps * (1 + error);
	}
	return basis;
}

/* Kept out of what its member avoids, and of what the one avoids that it goes to, if that is told. 0, or -1 without
 * memory. */
static int
take_avoided(struct hub_demand *demand, const struct reader *r, uint32_t to)
{
	struct corridor_avoided from = {0}, behind = {0};
	if (corridor_avoided_by(&from, r->arena, r->hub, demand->member) < 0 ||
	    (to != HUB_NONE && corridor_avoided_by(&behind, r->arena, r->hub, to) < 0))
		return -1;
	demand->avoid =
		arena_take(r->arena, (from.count + behind.count + 1) * sizeof(*demand->avoid));
	if (!demand->avoid)
		return -1;
	corridor_avoided_add(demand->avoid, &demand->avoid_count, from.countries, from.count);
	corridor_avoided_add(demand->avoid, &demand->avoid_count, behind.countries, behind.count);
	return 0;
}

/* 1; 0 if it is nothing, or of what the hub no longer has; -1 without memory. */
static int
take_row(struct hub_demand *out, const struct reader *r, const struct json_value *row)
{
	struct hub_demand demand = {
		.from = site_of(r, row, "from"),
		.to = site_of(r, row, "to"),
		.gbps = gbps_of(r, row),
		.member = member_of(r, row, "asn"),
		.priority = PRIORITY,
		.growth_percent = NAN,
		.split = true,
		.price = NAN,
		.measured = true,
	};
	if (demand.from == HUB_NONE || demand.to == HUB_NONE || demand.from == demand.to ||
	    demand.member == HUB_NONE || demand.gbps <= 0)
		return 0;
	const struct hub_member *member = &r->hub->members[demand.member];
	const char *from = r->hub->sites[demand.from].id, *to = r->hub->sites[demand.to].id;
	uint32_t behind = member_of(r, row, "to_asn");
	const struct hub_member *who = behind == HUB_NONE ? NULL : &r->hub->members[behind];
	demand.id = who ? arena_printf(r->arena, "%u:%s-%s:%u", member->asn.number, from, to,
				       who->asn.number)
			: arena_printf(r->arena, "%u:%s-%s", member->asn.number, from, to);
	demand.name =
		who ? arena_printf(r->arena, "%s, %s to %s, %s", member->name, from, to, who->name)
		    : arena_printf(r->arena, "%s, %s to %s", member->name, from, to);
	demand.basis = basis_of(r, demand.gbps, number_of(row, "samples"), false);
	if (take_avoided(&demand, r, behind) < 0)
		return -1;
	*out = demand;
	return demand.id && demand.name ? 1 : -1;
}

static size_t
count_items(const struct json_value *array)
{
	size_t count = 0;
	for (const struct json_value *v = json_read_first(array); v; v = v->next)
		count++;
	return count;
}

static int
take_matrix(struct hub *out, const struct reader *r)
{
	const struct json_value *rows = json_read_get(r->root, "demands");
	out->demand_count = 0;
	out->demands = arena_take(r->arena, (count_items(rows) + 1) * sizeof(*out->demands));
	if (!out->demands)
		return -1;
	for (const struct json_value *v = json_read_first(rows); v; v = v->next) {
		int taken = take_row(&out->demands[out->demand_count], r, v);
		if (taken < 0)
			return -1;
		out->demand_count += (size_t)taken;
	}
	return 0;
}

/* Of the demands of the hub file, those that a member's ports say the rate of. */
static int
take_members(struct hub *out, const struct reader *r)
{
	out->demands = arena_take(r->arena, (out->demand_count + 1) * sizeof(*out->demands));
	if (!out->demands)
		return -1;
	memcpy(out->demands, r->hub->demands, out->demand_count * sizeof(*out->demands));
	const struct json_value *members = json_read_get(r->root, "members");
	for (const struct json_value *v = json_read_first(members); v; v = v->next) {
		uint32_t member = member_of(r, v, "asn");
		for (size_t i = 0; i < out->demand_count && member != HUB_NONE; i++) {
			struct hub_demand *demand = &out->demands[i];
			if (demand->member != member || !isnan(r->hub->demands[i].gbps))
				continue;
			demand->gbps = gbps_of(r, v);
			demand->basis = basis_of(r, demand->gbps, 0, false);
			demand->measured = true;
		}
	}
	return 0;
}

static int
take_content(struct hub *out, const struct reader *r)
{
	bool shaped = number_of(r->root, "shaped") > 0 && r->ask->statistic != CORRIDOR_MEAN;
	out->content = arena_take(r->arena, (out->content_count + 1) * sizeof(*out->content));
	if (!out->content)
		return -1;
	memcpy(out->content, r->hub->content, out->content_count * sizeof(*out->content));
	const struct json_value *rows = json_read_get(r->root, "content");
	for (const struct json_value *v = json_read_first(rows); v; v = v->next) {
		const char *id = json_read_text(json_read_get(v, "id"));
		bool split = json_read_is_true(json_read_get(v, "split"));
		for (size_t i = 0; id && i < out->content_count; i++) {
			struct hub_content *content = &out->content[i];
			if (strcmp(content->id, id) != 0)
				continue;
			content->gbps = gbps_of(r, v);
			content->traffic = basis_of(r, content->gbps, number_of(v, "samples"),
						    shaped || split);
			content->measured = true;
		}
	}
	return 0;
}

static const char *
rate_text(const struct reader *r, const char *key)
{
	return arena_printf(r->arena, "%.4g Gbit/s", number_of(r->root, key) / 1e9);
}

static const char *
note_of(const struct reader *r)
{
	const char *from = json_read_text(json_read_get(r->root, "from"));
	const char *to = json_read_text(json_read_get(r->root, "to"));
	size_t ports = count_items(json_read_get(r->root, "ports_without_site"));
	const char *of = arena_printf(
		r->arena, "Measured: %s of %.0f intervals of %.0f s, %s to %s%s.",
		statistics[r->ask->statistic], number_of(r->root, "intervals"),
		number_of(r->root, "interval_s"), from ? from : "?", to ? to : "?",
		json_read_is_true(json_read_get(r->root, "simulated")) ? " (simulated)" : "");
	double shaped = number_of(r->root, "shaped");
	if (of && shaped > 0)
		of = arena_printf(r->arena,
				  "%s Of %.0f of them a network has its share of the day in what "
				  "entered by each port.",
				  of, shaped);
	if (!of || !r->ask->matrix)
		return of;
	const char *within = rate_text(r, "within_sites_bps");
	if (!within || number_of(r->root, "unplaced_bps") <= 0)
		return within ? arena_printf(r->arena, "%s In the mean %s more stays at a site.",
					     of, within)
			      : NULL;
	const char *unplaced = rate_text(r, "unplaced_bps");
	return unplaced
		       ? arena_printf(r->arena,
				      "%s In the mean %s more stays at a site, and of %s it is not "
				      "known whence or where to: %zu port%s no site.",
				      of, within, unplaced, ports, ports == 1 ? " has" : "s have")
		       : NULL;
}

int
corridor_measured_read(struct corridor_measured_hub *out, struct arena *arena,
		       const struct hub *hub, const struct corridor_measured_ask *ask,
		       const char *json, size_t length)
{
	assert(out && arena && hub && ask && json);
	struct reader r = {arena, hub, ask, json_read(arena, json, length)};
	bool known = ask->content
			     ? json_read_get(r.root, "content") != NULL
			     : json_read_get(r.root, "demands") && json_read_get(r.root, "members");
	bool empty = ask->content && number_of(r.root, "intervals") < 1;
	if (!known || empty) {
		errno = known ? ENODATA : EBADMSG;
		return -1;
	}
	out->hub = *hub;
	out->note = note_of(&r);
	if (!out->note || (ask->content  ? take_content(&out->hub, &r)
			   : ask->matrix ? take_matrix(&out->hub, &r)
					 : take_members(&out->hub, &r))) {
		errno = ENOMEM;
		return -1;
	}
	return 0;
}

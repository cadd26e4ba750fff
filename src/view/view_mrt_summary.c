/* The summary of MRT files. */
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "view/view_mrt.h"

/* "TABLE_DUMP_V2/RIB_IPV4_UNICAST", or numbers where there is no name. */
static void
kind_name(char *out, size_t size, uint16_t type, uint16_t subtype)
{
	const char *name = mrt_type_name(type), *sub = mrt_subtype_name(type, subtype);
	if (name && sub)
		(void)snprintf(out, size, "%s/%s", name, sub);
	else if (name)
		(void)snprintf(out, size, "%s/%u", name, subtype);
	else
		(void)snprintf(out, size, "%u/%u", type, subtype);
}

static uint64_t
both(const uint64_t by_family[MRT_FAMILIES])
{
	return by_family[0] + by_family[1];
}

static void
by_family_json(struct json *j, const char *key, const uint64_t counts[MRT_FAMILIES])
{
	json_object(j, key);
	json_u64(j, "ipv4", counts[0]);
	json_u64(j, "ipv6", counts[1]);
	json_object_end(j);
}

static void
records_json(struct json *j, const struct mrt_summary *s)
{
	char name[80];
	json_u64(j, "records", s->records);
	json_u64(j, "octets", s->octets);
	json_array(j, "kinds");
	for (size_t i = 0; i < s->kind_count; i++) {
		json_object(j, NULL);
		kind_name(name, sizeof(name), s->kinds[i].type, s->kinds[i].subtype);
		json_str(j, "name", name);
		json_u64(j, "type", s->kinds[i].type);
		json_u64(j, "subtype", s->kinds[i].subtype);
		json_u64(j, "records", s->kinds[i].count);
		json_object_end(j);
	}
	json_array_end(j);
	json_u64(j, "skipped", s->verdicts[MRT_SKIPPED]);
	json_u64(j, "malformed", mrt_summary_malformed(s));
	json_array(j, "first_malformed");
	for (size_t i = 0; i < s->fault_count; i++) {
		json_object(j, NULL);
		kind_name(name, sizeof(name), s->faults[i].type, s->faults[i].subtype);
		json_u64(j, "offset", s->faults[i].offset);
		json_str(j, "name", name);
		json_str(j, "reason", mrt_verdict_text(s->faults[i].verdict));
		json_object_end(j);
	}
	json_array_end(j);
}

static void
summary_json(struct buf *out, const struct mrt_summary *s)
{
	struct json j = json_to(out);
	const uint64_t prefixes[] = {s->prefixes[0].count, s->prefixes[1].count};
	json_object(&j, NULL);
	records_json(&j, s);
	json_utc(&j, "from", (struct utc_s){s->first_s});
	json_utc(&j, "until", (struct utc_s){s->last_s});
	json_u64(&j, "peers", s->peers.count);
	by_family_json(&j, "routes", s->routes);
	by_family_json(&j, "announced", s->announced);
	by_family_json(&j, "withdrawn", s->withdrawn);
	json_u64(&j, "multicast", s->multicast);
	by_family_json(&j, "prefixes", prefixes);
	json_u64(&j, "attribute_sets", s->attributes.count);
	json_u64(&j, "ends_of_rib", s->ends_of_rib);
	json_u64(&j, "state_changes", s->states);
	json_object(&j, "messages");
	json_u64(&j, "open", s->messages[1]);
	json_u64(&j, "notification", s->messages[3]);
	json_u64(&j, "keepalive", s->messages[4]);
	json_u64(&j, "refresh", s->messages[5]);
	json_object_end(&j);
	json_object_end(&j);
	buf_u8(out, '\n');
}

static void
row(struct buf *out, const char *label, const uint64_t counts[MRT_FAMILIES])
{
	if (both(counts))
		buf_printf(out, "%-16s%12" PRIu64 "  IPv4 %" PRIu64 ", IPv6 %" PRIu64 "\n", label,
			   both(counts), counts[0], counts[1]);
}

static void
count_row(struct buf *out, const char *label, uint64_t count)
{
	if (count)
		buf_printf(out, "%-16s%12" PRIu64 "\n", label, count);
}

static void
malformed_text(struct buf *out, const struct mrt_summary *s)
{
	char name[80];
	uint64_t malformed = mrt_summary_malformed(s);
	if (!malformed)
		return;
	count_row(out, "malformed", malformed);
	for (size_t i = 0; i < s->fault_count; i++) {
		kind_name(name, sizeof(name), s->faults[i].type, s->faults[i].subtype);
		buf_printf(out, "  at %" PRIu64 ", %s: %s\n", s->faults[i].offset, name,
			   mrt_verdict_text(s->faults[i].verdict));
	}
	if (malformed > s->fault_count)
		buf_printf(out, "  and %" PRIu64 " more\n", malformed - s->fault_count);
}

static void
summary_text(struct buf *out, const struct mrt_summary *s)
{
	char name[80], from[CLOCK_TEXT], until[CLOCK_TEXT];
	const uint64_t prefixes[] = {s->prefixes[0].count, s->prefixes[1].count};
	buf_printf(out, "%-16s%12" PRIu64 "  %" PRIu64 " octets\n", "records", s->records,
		   s->octets);
	for (size_t i = 0; i < s->kind_count; i++) {
		kind_name(name, sizeof(name), s->kinds[i].type, s->kinds[i].subtype);
		buf_printf(out, "  %26" PRIu64 "  %s\n", s->kinds[i].count, name);
	}
	if (s->any_time)
		buf_printf(out, "%-18s%s to %s\n", "time",
			   utc_format(from, (struct utc_s){s->first_s}),
			   utc_format(until, (struct utc_s){s->last_s}));
	count_row(out, "peers", s->peers.count);
	row(out, "routes", s->routes);
	row(out, "announced", s->announced);
	row(out, "withdrawn", s->withdrawn);
	count_row(out, "of multicast", s->multicast);
	row(out, "prefixes", prefixes);
	count_row(out, "attribute sets", s->attributes.count);
	count_row(out, "end-of-rib", s->ends_of_rib);
	count_row(out, "state changes", s->states);
	count_row(out, "open", s->messages[1]);
	count_row(out, "notification", s->messages[3]);
	count_row(out, "keepalive", s->messages[4]);
	count_row(out, "refresh", s->messages[5]);
	count_row(out, "skipped", s->verdicts[MRT_SKIPPED]);
	malformed_text(out, s);
}

void
view_mrt_summary(struct buf *out, const struct mrt_summary *summary, enum view_form form)
{
	if (form == VIEW_JSON)
		summary_json(out, summary);
	else
		summary_text(out, summary);
}

/* The examples are hubs, the manual says what the schema says, and a large hub is read quickly. */
#include <stdio.h>
#include <time.h>

#include "hub/hub_file_io.h"
#include "hub/hub_memory.h"
#include "hub/hub_schema.h"
#include "hub/hub_value.h"
#include "tap.h"

static struct hub *
from_disk(const char *path, char **said)
{
	struct hub_report report;
	struct hub *hub = hub_file_read(path, hub_file_disk(), &report);
	struct buf out = {0};
	hub_report_print(&report, &out);
	buf_u8(&out, 0);
	*said = (char *)out.data;
	hub_report_fini(&report);
	return hub;
}

static void
example(const char *path, size_t members, size_t sites, size_t segments)
{
	char *said;
	struct hub *hub = from_disk(path, &said);
	ok(hub && !*said, "%s is read without complaint", path);
	if (!hub)
		printf("# %s", said);
	free(said);
	if (!hub)
		return;
	ok(hub->member_count == members && hub->site_count == sites &&
		   hub->segment_count == segments,
	   "%s has its members, sites and segments", path);
	char *text = memory_written(hub);
	struct memory_file file = {"written", text, false};
	struct hub *again = memory_hub(&file, 1, &said);
	ok(again && !*said, "%s, written in full, reads back without complaint", path);
	char *twice = again ? memory_written(again) : NULL;
	ok(twice && strcmp(text, twice) == 0, "%s reads back to the same text", path);
	ok(again && again->port_count == hub->port_count &&
		   again->contract_count == hub->contract_count &&
		   again->policy.martian_count == hub->policy.martian_count,
	   "%s reads back to as many ports, contracts and martians", path);
	free(said);
	free(text);
	free(twice);
	hub_free(again);
	hub_free(hub);
}

/* What study.csv of the data was computed with. */
static void
usable_segments(void)
{
	char *said;
	struct hub *hub = from_disk("examples/silkroad.yaml", &said);
	free(said);
	if (!hub)
		return;
	size_t usable = 0, estimated = 0;
	for (size_t i = 0; i < hub->segment_count; i++) {
		usable += hub->segments[i].usable;
		estimated += hub->segments[i].length_from.confidence == HUB_ESTIMATED;
	}
	is_int((long long)usable, 157, "157 segments of the corridor carry traffic");
	is_int((long long)estimated, 156, "156 lengths are estimates");
	const struct hub_segment *s = &hub->segments[hub_segment_by_id(hub, "C01")];
	ok(!s->usable && s->country_count == 2 && s->length_km == 380,
	   "the planned cable under the Caspian Sea is not among them");
	hub_free(hub);
}

static void
schema_rows(const struct hub_table *table)
{
	bool sizes = true, spoken = true;
	for (size_t i = 0; i < table->count; i++) {
		const struct hub_item *item = &table->items[i];
		bool plain = item->type != HUB_TYPE_TABLE && item->type != HUB_TYPE_FILE;
		size_t size = hub_codecs[item->type]->size;
		if (plain && !item->list && size && size != item->size)
			sizes = false;
		if (!item->help || item->help[strlen(item->help) - 1] != '.')
			spoken = false;
		if (item->type == HUB_TYPE_TABLE && !item->inherited)
			schema_rows(item->table);
	}
	ok(sizes, "every value of a %s fits its field", table->name);
	ok(spoken, "every item of a %s has its sentence of help", table->name);
}

static void
manual(void)
{
	struct buf text = {0}, schema = {0};
	struct hub_source disk = hub_file_disk();
	ok(disk.read(disk.context, "docs/hub-file.md", &text) == 0, "the manual can be read");
	buf_u8(&text, 0);
	hub_file_schema(&schema);
	buf_u8(&schema, 0);
	ok(strstr((const char *)text.data, (const char *)schema.data) != NULL,
	   "it holds the schema as it is now (else: tools/schema.sh)");
	buf_fini(&text);
	buf_fini(&schema);
}

/* Reads a hub file that is one example of the manual, with a hub and a LAN around it if it has none.
 * What it warns about is part of the example. */
static bool
example_reads(const char *example, char **said)
{
	bool whole = strncmp(example, "hub:", 4) == 0;
	struct memory_file files[] = {
		{"a",
		 whole ? "include: b\n"
		       : "include: b\nhub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"
			 "lans: [{name: l, ipv4: 192.0.2.0/24, ipv6: '2001:db8:100::/64'}]\n",
		 false},
		{"b", example, false},
	};
	struct hub *hub = memory_hub(files, 2, said);
	bool read = hub != NULL;
	hub_free(hub);
	return read;
}

/* Every indented part of the manual that begins with a key at the margin. */
static void
manual_examples(void)
{
	struct buf text = {0}, part = {0};
	struct hub_source disk = hub_file_disk();
	unsigned count = 0;
	(void)disk.read(disk.context, "docs/hub-file.md", &text);
	buf_str(&text, "\nend");
	buf_u8(&text, 0);
	for (char *line = (char *)text.data, *end; line; line = end ? end + 1 : NULL) {
		end = strchr(line, '\n');
		size_t length = end ? (size_t)(end - line) : strlen(line);
		bool inside = length >= 4 && memcmp(line, "    ", 4) == 0;
		if (inside) {
			buf_put(&part, line + 4, length - 4);
			buf_str(&part, "\n");
		} else if (length && part.length) {
			char *said;
			buf_u8(&part, 0);
			bool read = example_reads((const char *)part.data, &said);
			ok(read, "example %u of the manual is read", ++count);
			if (!read)
				printf("# %s", said);
			free(said);
			buf_clear(&part);
		}
	}
	ok(count >= 8, "the manual has its examples");
	buf_fini(&text);
	buf_fini(&part);
}

static void
disk_refuses(void)
{
	char *said;
	struct hub *hub = from_disk("examples", &said);
	is_str(said, "examples: cannot read \"examples\": Is a directory\n",
	       "a folder is no hub file");
	free(said);
	hub_free(hub);
	hub = from_disk("/dev/null", &said);
	is_str(said, "/dev/null: cannot read \"/dev/null\": Invalid argument\n", "nor is a device");
	free(said);
	hub_free(hub);
}

static void
large(void)
{
	struct buf text = {0};
	buf_str(&text, "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"
		       "lans: [{name: l, ipv4: 10.0.0.0/16, ipv6: '2001:db8::/64'}]\nmembers:\n");
	for (unsigned i = 0; i < 3000; i++)
		buf_printf(&text,
			   "- {asn: %u, name: Member %u, kind: access, ports: [{speed: 10G, ipv4: "
			   "10.0.%u.%u, ipv6: '2001:db8::%x', macs: [00:00:5e:00:%02x:%02x]}],\n"
			   "   sessions: [{address: 10.0.%u.%u, families: [ipv4, ipv6]}],\n"
			   "   contacts: [{role: noc, email: noc@m%u.example}]}\n",
			   200000 + i, i, 1 + i / 250, 1 + i % 250, i + 1, i / 256, i % 256,
			   1 + i / 250, 1 + i % 250, i);
	buf_str(&text, "contracts:\n");
	for (unsigned i = 0; i < 3000; i++)
		buf_printf(
			&text,
			"- {id: c%u, member: Member %u, kind: flat, currency: USD, monthly: 1}\n",
			i, i);
	buf_u8(&text, 0);
	struct memory_file file = {"large", (const char *)text.data, false};
	struct timespec start, end;
	char *said;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	struct hub *hub = memory_hub(&file, 1, &said);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	double seconds =
		(double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
	ok(hub && hub->member_count == 3000 && hub->contract_count == 3000,
	   "a hub of 3000 members is read");
	/* 40 ms as built; the limit leaves room for sanitizers and slow machines. */
	ok(seconds < 5, "without a search in a search (%.0f ms of processor time)", seconds * 1e3);
	free(said);
	hub_free(hub);
	buf_fini(&text);
}

int
main(void)
{
	example("examples/karachi.yaml", 12, 146, 172);
	example("examples/silkroad.yaml", 4, 146, 172);
	usable_segments();
	schema_rows(&hub_schema_root);
	manual();
	manual_examples();
	disk_refuses();
	large();
	return done_testing();
}

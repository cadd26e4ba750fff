/* UPDATEs that another implementation wrote: we read in them what it does (data/SOURCES.md). */
#include <jansson.h>
#include <stdlib.h>

#include "exchange/bgp/bgp_msg.h"
#include "exchange/bgp/bgp_update.h"
#include "hex.h"
#include "tap.h"

#define VECTORS "tests/exchange/data/exabgp_unicast.jsonl"

static struct bgp_scratch scratch;

/* Every prefix of the lists is in the JSON array and the other way round, counted. */
static bool
lists_agree(const struct bgp_nlri *lists, unsigned count, json_t *array, bool with_next_hop)
{
	size_t found = 0;
	for (unsigned i = 0; i < count; i++) {
		struct bgp_nlri list = lists[i];
		struct prefix prefix;
		while (bgp_nlri_next(&list, &prefix, NULL)) {
			char text[PREFIX_TEXT + 1 + IP_TEXT], address[IP_TEXT];
			size_t index;
			json_t *item;
			prefix_format(text, prefix);
			if (with_next_hop) {
				strcat(text, "@");
				strcat(text, ip_format(address, list.next_hop));
			}
			json_array_foreach(array, index, item) found +=
				strcmp(json_string_value(item), text) == 0;
		}
	}
	return found == json_array_size(array);
}

int
main(void)
{
	const struct bgp_peer peer = {
		.as4 = true, .ipv4 = true, .ipv6 = true, .extended_next_hop = true};
	FILE *f = fopen(VECTORS, "r");
	char *line = NULL;
	size_t size = 0;
	unsigned count = 0;
	if (!ok(f != NULL, "the vectors are there"))
		return done_testing();
	while (getline(&line, &size, f) > 0) {
		json_t *json = json_loads(line, 0, NULL);
		struct buf octets = {0};
		struct bgp_update update;
		struct bgp_header header;
		struct bgp_error error;
		hex_put(&octets, json_string_value(json_object_get(json, "raw")));
		struct cursor message = cursor_of(octets.data, octets.length);
		bool framed = bgp_header_read(&header, &error, message, BGP_MAX) == 0;
		cursor_skip(&message, BGP_HEADER);
		bgp_update_read(&update, message, &peer, &scratch);
		json_t *med = json_object_get(json, "med");
		bool same_med = json_is_integer(med)
					? update.attrs.has_med &&
						  update.attrs.med == json_integer_value(med)
					: !update.attrs.has_med;
		bool right = framed && header.length == octets.length &&
			     update.verdict == BGP_VERDICT_OK &&
			     lists_agree(update.announced, update.announced_count,
					 json_object_get(json, "announce"), true) &&
			     lists_agree(update.withdrawn, update.withdrawn_count,
					 json_object_get(json, "withdraw"), false) &&
			     same_med;
		ok(right, "%s: message %u reads the same",
		   json_string_value(json_object_get(json, "name")), ++count);
		if (!right)
			printf("# verdict %d, remarks %u\n", update.verdict, update.remark_count);
		buf_fini(&octets);
		json_decref(json);
	}
	ok(count >= 20, "%u messages were read", count);
	free(line);
	fclose(f);
	return done_testing();
}

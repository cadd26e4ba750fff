/* Any bytes are a difference to known ways or not; what is one is written as a whole that is read as the same. */
#include <stdlib.h>
#include <string.h>

#include "hub/ways.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char base_text[] =
	"{\"ways_version\":1,\"from\":\"2026-11-21T19:00:00Z\",\"until\":\"2026-11-22T19:00:00Z\","
	"\"why\":\"\","
	"\"segments\":[{\"id\":\"S1\",\"length_m\":1,\"latency_us\":1,\"estimated\":false,"
	"\"countries\":[\"PK\"],"
	"\"cables\":[],\"risks\":[]},{\"id\":\"S2\",\"length_m\":2,\"latency_us\":1,\"estimated\":"
	"true,\"countries\":[],"
	"\"cables\":[],\"risks\":[]}],\"ports\":[{\"id\":\"p1\",\"asn\":1,\"site\":\"A\","
	"\"country\":\"PK\"},"
	"{\"id\":\"p2\",\"asn\":2,\"site\":\"B\",\"country\":\"\",\"bought\":[\"S2\"]}],"
	"\"exits\":[{\"session\":\"e1\",\"port\":\"p1\",\"ipv4\":true,\"ipv6\":true},{\"session\":"
	"\"e2\",\"port\":\"p2\","
	"\"ipv4\":true,\"ipv6\":true}],\"ways\":[{\"site\":\"A\",\"asn\":0,\"to\":\"e1\","
	"\"segments\":[]},{\"site\":"
	"\"A\",\"asn\":0,\"to\":\"e2\",\"segments\":[\"S1\",\"S2\"]}],\"promises\":[{\"asn\":1,"
	"\"avoid\":[\"RU\"]}]}";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ways base, ways, again;
	const char *error;
	struct arena *arena = arena_new();
	struct buf text = {0};
	if (ways_read(&base, arena, base_text, sizeof(base_text) - 1, &error) < 0)
		abort();
	if (ways_delta_read(&ways, arena, &base, cursor_of(data, size), &error) == 0) {
		ways_write(&ways, &text);
		if (ways_read(&again, arena, text.data, text.length, &error) < 0 ||
		    !ways_same(&ways, &again))
			abort();
		buf_clear(&text);
		ways_delta_write(&base, &ways, 1, &text);
		if (ways_delta_read(&again, arena, &base, cursor_of(text.data, text.length),
				    &error) < 0 ||
		    !ways_same(&ways, &again))
			abort();
	}
	buf_fini(&text);
	arena_free(arena);
	return 0;
}

/* What bgpq4, PeeringDB and dumps of whois data say, whatever they say. The first octet chooses who. */
#include <stdlib.h>

#include "registry/registry_bgpq4.h"
#include "registry/registry_dump.h"
#include "registry/registry_peeringdb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
prefixes(enum ip_family family, const char *text, size_t length)
{
	struct prefix *list = NULL;
	size_t count = 0;
	if (bgpq4_read_prefixes(&list, &count, family, text, length) == 0) {
		struct registry_answer answer = {"AS-X", family, {1}, {1}, 1, list, count, NULL, 0};
		struct buf octets = {0};
		if (registry_set_write(&octets, &answer) < 0)
			abort();
		struct registry_set *set = registry_set_open(octets.data, octets.length);
		for (size_t i = 0; i < count; i++)
			if (!set || !registry_set_has(set, &list[i]))
				abort();
		registry_set_close(set);
		buf_fini(&octets);
	}
	free(list);
}

static void
networks(const char *text, size_t length)
{
	struct registry_networks list = {0};
	if (registry_networks_read(&list, text, length) == 0) {
		registry_networks_sort(&list);
		for (size_t i = 1; i < list.count; i++)
			if (list.list[i - 1].asn.number >= list.list[i].asn.number)
				abort();
	}
	registry_networks_fini(&list);
}

static void
records(enum registry_dump_kind kind, const char *text, size_t length)
{
	struct registry_records list = {0};
	if (registry_records_read(&list, kind, text, length) == 0)
		for (size_t i = 0; i < list.count; i++)
			if (!list.list[i].origin.number || list.list[i].prefix.length > 56)
				abort();
	registry_records_fini(&list);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	const char *text = (const char *)data + 1;
	struct asn *origins = NULL;
	size_t count;
	char remark[160], name[REGISTRY_NAME];
	switch (data[0] % 8) {
	case 0:
		prefixes(IP_V4, text, size - 1);
		break;
	case 1:
		prefixes(IP_V6, text, size - 1);
		break;
	case 2:
		(void)bgpq4_read_origins(&origins, &count, text, size - 1);
		free(origins);
		break;
	case 3:
		(void)bgpq4_complaint(remark, sizeof(remark), text, size - 1);
		break;
	case 4:
		networks(text, size - 1);
		break;
	case 6:
	case 7:
		records(data[0] % 8 == 6 ? REGISTRY_DUMP_ARIN : REGISTRY_DUMP_REGISTRO_BR, text,
			size - 1);
		break;
	case 5: {
		char *word = malloc(size);
		for (size_t i = 0; word && i < size; i++)
			word[i] = i + 1 < size ? text[i] : '\0';
		if (word && registry_name(name, word) && (name[0] < 'A' || name[0] > 'Z'))
			abort();
		free(word);
		break;
	}
	}
	return 0;
}

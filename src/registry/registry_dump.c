/* Dumps of whois data. */
#include "registry/registry_dump.h"

#include <bzlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/json_read.h"

enum {
	RECORDS_MAX = 1 << 22,
	UNPACKED_MAX = 1 << 28, /* octets */
	LENGTH_MAX = 56,        /* of a prefix, as the registry file has it */
	RETRY_FIRST_S = 60,
	RETRY_MOST_S = 3600,
};

void
registry_records_fini(struct registry_records *records)
{
	free(records->list);
	*records = (struct registry_records){0};
}

const char *
registry_dump_name(enum registry_dump_kind kind)
{
	return kind == REGISTRY_DUMP_ARIN ? "ARIN" : "Registro.br";
}

const char *
registry_dump_source(const struct hub *hub, enum registry_dump_kind kind)
{
	if (!hub->irr.enabled)
		return NULL;
	return kind == REGISTRY_DUMP_ARIN ? hub->irr.arin : hub->irr.registro_br;
}

/* --- reading --- */

static int
add(struct registry_records *records, const struct registry_record *record)
{
	if (record->prefix.length > LENGTH_MAX)
		return 0;
	if (records->count >= RECORDS_MAX)
		return -2;
	struct registry_record *list =
		array_grow(records->list, records->count, &records->capacity, sizeof(*list));
	if (!list)
		return -2;
	records->list = list;
	records->list[records->count++] = *record;
	return 0;
}

/* "AS64500", and nothing else that an AS number may be written as. */
static int
read_origin(struct asn *out, const char *text)
{
	return strncmp(text, "AS", 2) == 0 && !strchr(text, '.') && asn_parse(out, text) == 0 &&
			       out->number
		       ? 0
		       : -1;
}

static int
read_arin_record(struct registry_records *records, const struct json_value *value)
{
	struct registry_record record = {.sources = REGISTRY_ARIN};
	const char *prefix = json_read_text(json_read_get(value, "prefix"));
	const char *origin = json_read_text(json_read_get(value, "originas"));
	if (!prefix || !origin || prefix_parse(&record.prefix, prefix) < 0 ||
	    read_origin(&record.origin, origin) < 0)
		return -1;
	return add(records, &record);
}

static int
read_arin(struct registry_records *records, const char *json, size_t length)
{
	static const char *const families[] = {"v4", "v6"};
	struct arena *arena = arena_new();
	if (!arena)
		return -2;
	const struct json_value *all =
		json_read_get(json_read(arena, json, length), "whois_records");
	int result = all && all->type == JSON_OBJECT ? 0 : -1;
	for (size_t i = 0; i < 2 && result == 0; i++) {
		const struct json_value *list = json_read_get(all, families[i]);
		if (!json_read_is_null(list) && list->type != JSON_ARRAY)
			result = -1;
		for (const struct json_value *v = json_read_first(list); v && result == 0;
		     v = v->next)
			result = read_arin_record(records, v);
	}
	arena_free(arena);
	return result;
}

/* AS64500|holder|number|prefix|prefix ...; an AS without addresses has no prefixes. Changed: bars become
 * ends. */
static int
read_line(struct registry_records *records, char *line)
{
	struct registry_record record = {.sources = REGISTRY_REGISTRO_BR};
	int result = 0;
	size_t field = 0;
	for (char *at = line; at && result == 0; field++) {
		char *bar = strchr(at, '|');
		if (bar)
			*bar = '\0';
		if (field == 0)
			result = read_origin(&record.origin, at);
		else if (field >= 3 && *at)
			result = prefix_parse(&record.prefix, at) < 0 ? -1 : add(records, &record);
		at = bar ? bar + 1 : NULL;
	}
	return result == 0 && field < 3 ? -1 : result;
}

static int
read_registro_br(struct registry_records *records, const char *text, size_t length)
{
	struct buf line = {0};
	size_t lines = 0;
	int result = 0;
	for (const char *at = text, *end = text + length; at < end && result == 0; lines++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t size = (size_t)((stop ? stop : end) - at);
		if (size && at[size - 1] == '\r')
			size--;
		buf_clear(&line);
		buf_put(&line, at, size);
		buf_u8(&line, '\0');
		if (line.failed)
			result = -2;
		else if (memchr(at, '\0', size))
			result = -1;
		else if (size)
			result = read_line(records, (char *)line.data);
		at = stop ? stop + 1 : end;
	}
	buf_fini(&line);
	return result == 0 && !lines ? -1 : result;
}

static int
read_plain(struct registry_records *records, enum registry_dump_kind kind, const void *octets,
	   size_t length)
{
	return kind == REGISTRY_DUMP_ARIN ? read_arin(records, octets, length)
					  : read_registro_br(records, octets, length);
}

/* 0, -1 when it cannot be unpacked, -2 when there is no room for it. */
static int
unpack(struct buf *out, const void *octets, size_t length)
{
	bz_stream z = {.next_in = (char *)octets, .avail_in = (unsigned)length};
	int result = BZ_OK;
	if (length > UNPACKED_MAX || BZ2_bzDecompressInit(&z, 0, 0) != BZ_OK)
		return -2;
	while (result == BZ_OK) {
		size_t room = out->length < 65536 ? 65536 : out->length;
		if (out->length >= UNPACKED_MAX || !buf_reserve(out, room))
			break;
		z.next_out = (char *)out->data + out->length;
		z.avail_out = (unsigned)room;
		result = BZ2_bzDecompress(&z);
		size_t got = room - z.avail_out;
		out->length += got;
		if (!got && !z.avail_in && result == BZ_OK)
			result = BZ_UNEXPECTED_EOF;
	}
	(void)BZ2_bzDecompressEnd(&z);
	return result == BZ_STREAM_END ? 0 : result == BZ_OK ? -2 : -1;
}

int
registry_records_read(struct registry_records *records, enum registry_dump_kind kind,
		      const void *octets, size_t length)
{
	if (length < 3 || memcmp(octets, "BZh", 3) != 0)
		return read_plain(records, kind, octets, length);
	struct buf plain = {0};
	int result = unpack(&plain, octets, length);
	if (result == 0)
		result = read_plain(records, kind, plain.data, plain.length);
	buf_fini(&plain);
	return result;
}

int
registry_records_copy(struct registry_records *records, const struct registry *registry)
{
	struct registry_record record;
	size_t at = 0;
	while (registry_record_next(registry, &at, &record))
		if (add(records, &record) < 0)
			return -2;
	return 0;
}

/* --- believing --- */

void
registry_dump_failed(struct registry_dump *dump, const char *why, uint32_t refresh_s,
		     struct registry_moment now)
{
	int64_t delay_s = RETRY_FIRST_S;
	for (unsigned i = 0; i < dump->failures && delay_s < RETRY_MOST_S; i++)
		delay_s *= 2;
	if (delay_s > RETRY_MOST_S)
		delay_s = RETRY_MOST_S;
	if (delay_s > refresh_s)
		delay_s = refresh_s;
	dump->failures++;
	dump->failed = now.utc;
	(void)snprintf(dump->error, sizeof(dump->error), "%s", why);
	dump->asking = false;
	dump->due = mono_add_ms(now.mono, delay_s * 1000);
}

bool
registry_dump_answered(struct registry_dump *dump, struct registry_records *records,
		       uint32_t refresh_s, struct registry_moment now)
{
	if (dump->there && records->count < (dump->known.count + 1) / 2) {
		char why[REGISTRY_WHY];
		(void)snprintf(why, sizeof(why), "only %zu records, where there were %zu",
			       records->count, dump->known.count);
		registry_records_fini(records);
		registry_dump_failed(dump, why, refresh_s, now);
		return false;
	}
	registry_records_fini(&dump->known);
	dump->known = *records;
	*records = (struct registry_records){0};
	dump->there = true;
	dump->fetched = now.utc;
	dump->failures = 0;
	dump->error[0] = '\0';
	dump->asking = false;
	dump->due = mono_add_ms(now.mono, (int64_t)refresh_s * 1000);
	return true;
}

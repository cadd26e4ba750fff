/* The JSON of validated payloads into the table. A list is known by its key and depth, a record is what stands one
 * level in it; what is deeper (Routinator's "source") is passed over. */
#include "exchange/rpki/vrp_json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 20 };

enum list { NO_LIST, ROAS, ASPAS };

enum field { OTHER, PREFIX, MAX_LENGTH, ASN, EXPIRES, CUSTOMER, PROVIDERS };

struct vrp_json {
	struct json_stream stream;
	struct rpki_table *table;
	unsigned source;
	struct utc_s now;
	bool committed, has_roas;
	struct vrp_json_counts counts;

	bool split; /* within "provider_authorizations" */
	enum list list;
	unsigned list_depth; /* of its records */
	enum list next_list; /* that the key just read announces */
	enum field field;    /* of the key just read */

	/* The record being read. */
	struct rpki_vrp vrp;
	bool has_prefix, has_asn, has_max_length, has_customer, expired;
	uint32_t max_length;
	uint32_t *providers;
	size_t provider_count, provider_room;
};

static bool
is(const struct json_stream_item *item, const char *text)
{
	return item->length == strlen(text) && memcmp(item->text, text, item->length) == 0;
}

/* A whole number up to `most`, of digits only. */
static bool
whole(const char *text, size_t length, uint64_t most, uint64_t *out)
{
	uint64_t value = 0;
	if (length == 0 || length > NUMBER_MAX - 1)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(text[i] - '0');
	}
	*out = value;
	return value <= most;
}

static bool
read_asn(struct vrp_json *r, const struct json_stream_item *item, uint32_t *out)
{
	bool text = item->kind == JSON_STREAM_TEXT;
	size_t skip = text && item->length > 2 && (item->text[0] | 32) == 'a' &&
				      (item->text[1] | 32) == 's'
			      ? 2
			      : 0;
	uint64_t value;
	if ((!text && item->kind != JSON_STREAM_NUMBER) ||
	    !whole(item->text + skip, item->length - skip, UINT32_MAX, &value))
		return json_stream_fail(&r->stream, "not an AS number");
	*out = (uint32_t)value;
	return true;
}

static bool
read_prefix(struct vrp_json *r, const struct json_stream_item *item)
{
	char text[PREFIX_TEXT];
	if (item->kind != JSON_STREAM_TEXT || item->length >= sizeof(text))
		return json_stream_fail(&r->stream, "not a prefix");
	memcpy(text, item->text, item->length);
	text[item->length] = '\0';
	if (strlen(text) != item->length || prefix_parse(&r->vrp.prefix, text) != 0)
		return json_stream_fail(&r->stream, "not a prefix");
	r->has_prefix = true;
	return true;
}

static bool
read_max_length(struct vrp_json *r, const struct json_stream_item *item)
{
	uint64_t value;
	if (item->kind != JSON_STREAM_NUMBER || !whole(item->text, item->length, 128, &value))
		return json_stream_fail(&r->stream, "not a length of a prefix");
	r->has_max_length = true;
	r->max_length = (uint32_t)value;
	return true;
}

static bool
read_provider(struct vrp_json *r, const struct json_stream_item *item)
{
	uint32_t asn;
	if (!read_asn(r, item, &asn))
		return false;
	if (r->provider_count >= RPKI_PROVIDERS_MAX)
		return json_stream_fail(&r->stream, "too many providers");
	if (r->provider_count == r->provider_room) {
		size_t room = r->provider_room ? r->provider_room * 2 : 16;
		uint32_t *larger = realloc(r->providers, room * sizeof(*larger));
		if (!larger)
			return json_stream_fail(&r->stream, "no memory");
		r->providers = larger;
		r->provider_room = room;
	}
	r->providers[r->provider_count++] = asn;
	return true;
}

/* A number or text that belongs to a record. */
static bool
read_field(struct vrp_json *r, const struct json_stream_item *item)
{
	uint64_t when;
	switch (r->field) {
	case PREFIX:
		return read_prefix(r, item);
	case MAX_LENGTH:
		return read_max_length(r, item);
	case ASN:
		r->has_asn = true;
		return read_asn(r, item, &r->vrp.asn.number);
	case CUSTOMER:
		r->has_customer = true;
		return read_asn(r, item, &r->vrp.asn.number);
	case EXPIRES:
		r->expired = item->kind == JSON_STREAM_NUMBER &&
			     whole(item->text, item->length, INT64_MAX, &when) &&
			     (int64_t)when <= r->now.s;
		return true;
	default:
		return true;
	}
}

static enum field
field_of(enum list list, const struct json_stream_item *key)
{
	static const struct {
		const char *key;
		enum list list;
		enum field field;
	} fields[] = {
		{"prefix", ROAS, PREFIX},
		{"maxLength", ROAS, MAX_LENGTH},
		{"asn", ROAS, ASN},
		{"expires", ROAS, EXPIRES},
		{"customer_asid", ASPAS, CUSTOMER},
		{"customer", ASPAS, CUSTOMER},
		{"providers", ASPAS, PROVIDERS},
		{"expires", ASPAS, EXPIRES},
	};
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].list == list && is(key, fields[i].key))
			return fields[i].field;
	return OTHER;
}

static void
read_key(struct vrp_json *r, const struct json_stream_item *key)
{
	if (r->list) {
		if (key->depth == r->list_depth + 1)
			r->field = field_of(r->list, key);
		return;
	}
	r->next_list = NO_LIST;
	if (key->depth == 1) {
		r->split = is(key, "provider_authorizations");
		if (is(key, "roas"))
			r->next_list = ROAS;
		else if (is(key, "aspas"))
			r->next_list = ASPAS;
	} else if (key->depth == 2 && r->split && (is(key, "ipv4") || is(key, "ipv6"))) {
		r->next_list = ASPAS;
	}
}

static bool
took(struct vrp_json *r, enum rpki_result result)
{
	r->counts.records++;
	r->counts.expired += r->expired;
	switch (result) {
	case RPKI_DUPLICATE:
		r->counts.twice++;
		return true;
	case RPKI_OK:
		return true;
	case RPKI_TOO_MANY:
		return json_stream_fail(&r->stream, "too many records");
	default:
		return json_stream_fail(&r->stream, "no memory");
	}
}

static bool
end_roa(struct vrp_json *r)
{
	if (!r->has_prefix)
		return json_stream_fail(&r->stream, "a ROA without a prefix");
	if (!r->has_asn)
		return json_stream_fail(&r->stream, "a ROA without an AS number");
	uint32_t length = r->vrp.prefix.length, bits = ip_bits(r->vrp.prefix.ip.family);
	uint32_t max_length = r->has_max_length ? r->max_length : length;
	if (max_length < length || max_length > bits)
		return json_stream_fail(&r->stream, "a maxLength that does not fit the prefix");
	r->vrp.max_length = (uint8_t)max_length;
	return took(r, rpki_announce(r->table, r->source, &r->vrp));
}

static int
by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static bool
end_aspa(struct vrp_json *r)
{
	if (!r->has_customer)
		return json_stream_fail(&r->stream, "an ASPA without a customer");
	size_t count = 0;
	if (r->provider_count > 1)
		qsort(r->providers, r->provider_count, sizeof(*r->providers), by_number);
	for (size_t i = 0; i < r->provider_count; i++)
		if (i == 0 || r->providers[i] != r->providers[count - 1])
			r->providers[count++] = r->providers[i];
	/* An empty list would say that the customer has no provider at all; that is AS 0. */
	if (count == 0)
		return json_stream_fail(&r->stream, "an ASPA without providers");
	return took(r, rpki_announce_aspa(r->table, r->source, r->vrp.asn, r->providers, count));
}

static void
begin_record(struct vrp_json *r)
{
	r->field = OTHER;
	r->has_prefix = r->has_asn = r->has_max_length = r->has_customer = r->expired = false;
	r->provider_count = 0;
}

static bool
begin_list(struct vrp_json *r, const struct json_stream_item *item)
{
	if (item->kind != JSON_STREAM_ARRAY)
		return json_stream_fail(&r->stream, "not a list");
	r->list = r->next_list;
	r->list_depth = item->depth + 1;
	r->has_roas |= r->list == ROAS;
	r->counts.with_aspas |= r->list == ASPAS;
	r->next_list = NO_LIST;
	return true;
}

/* An item that stands in a list. */
static bool
list_item(struct vrp_json *r, const struct json_stream_item *item)
{
	if (item->kind == JSON_STREAM_ARRAY_END && item->depth + 1 == r->list_depth) {
		r->list = NO_LIST;
		return true;
	}
	if (item->depth == r->list_depth) {
		if (item->kind == JSON_STREAM_OBJECT)
			begin_record(r);
		else if (item->kind == JSON_STREAM_OBJECT_END)
			return r->list == ROAS ? end_roa(r) : end_aspa(r);
		else
			return json_stream_fail(&r->stream, "not a record");
		return true;
	}
	if (item->kind == JSON_STREAM_KEY) {
		read_key(r, item);
		return true;
	}
	if (item->depth == r->list_depth + 1) {
		bool array = item->kind == JSON_STREAM_ARRAY || item->kind == JSON_STREAM_ARRAY_END;
		if (r->field == PROVIDERS)
			return array || json_stream_fail(&r->stream, "not a list of providers");
		return read_field(r, item);
	}
	if (item->depth == r->list_depth + 2 && r->field == PROVIDERS)
		return read_provider(r, item);
	return true;
}

static bool
take_item(void *context, const struct json_stream_item *item)
{
	struct vrp_json *r = context;
	if (r->list)
		return list_item(r, item);
	if (item->depth == 0 && item->kind != JSON_STREAM_OBJECT &&
	    item->kind != JSON_STREAM_OBJECT_END)
		return json_stream_fail(&r->stream, "not an object");
	if (item->kind == JSON_STREAM_KEY)
		read_key(r, item);
	else if (r->next_list)
		return begin_list(r, item);
	return true;
}

struct vrp_json *
vrp_json_new(struct rpki_table *table, unsigned source, struct utc_s now)
{
	struct vrp_json *r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->stream.item = take_item;
	r->stream.context = r;
	r->table = table;
	r->source = source;
	r->now = now;
	rpki_begin(table, source, RPKI_WHOLE);
	return r;
}

void
vrp_json_free(struct vrp_json *r)
{
	if (!r)
		return;
	if (!r->committed)
		rpki_abort(r->table, r->source);
	json_stream_fini(&r->stream);
	free(r->providers);
	free(r);
}

int
vrp_json_feed(struct vrp_json *r, const void *octets, size_t length)
{
	return json_stream_feed(&r->stream, octets, length);
}

int
vrp_json_end(struct vrp_json *r)
{
	assert(!r->committed);
	if (json_stream_end(&r->stream) != 0)
		return -1;
	if (!r->has_roas) {
		json_stream_fail(&r->stream, "no \"roas\" in it");
		return -1;
	}
	rpki_commit(r->table, r->source, r->counts.with_aspas);
	r->committed = true;
	return 0;
}

const char *
vrp_json_error(const struct vrp_json *r)
{
	return r->stream.error;
}

const struct vrp_json_counts *
vrp_json_counts(const struct vrp_json *r)
{
	return &r->counts;
}

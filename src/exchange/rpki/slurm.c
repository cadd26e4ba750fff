/* SLURM files: RFC 8416 section 3, and the ASPAs of draft-ietf-sidrops-aspa-slurm. Strict where a slip would
 * silently do nothing or too much (a member that is not known, a filter without a condition), lenient where nothing
 * can be meant but one thing (a list that is left out). */
#include "exchange/rpki/slurm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/json_stream.h"
#include "exchange/rpki/rpki_table.h"

struct reader {
	struct slurm *out;
	struct arena *arena;
	const char *text;
	size_t length;
	char *error;
};

/* Where a value begins, in words. */
static bool
fail(struct reader *r, const struct json_value *at, const char *what)
{
	size_t line = 1, column = 1;
	const char *stop = at ? at->raw : r->text;
	for (const char *c = r->text; c < stop; c++) {
		column = *c == '\n' ? 1 : column + 1;
		line += *c == '\n';
	}
	if (!r->error[0])
		snprintf(r->error, SLURM_ERROR, "line %zu, column %zu: %s", line, column, what);
	return false;
}

/* --- values --- */

/* All members of an object are among these names. */
static bool
only(struct reader *r, const struct json_value *object, const char *const *names)
{
	if (object->type != JSON_OBJECT)
		return fail(r, object, "not an object");
	for (const struct json_value *v = json_read_first(object); v; v = v->next) {
		size_t i = 0;
		while (names[i] && strcmp(names[i], v->key) != 0)
			i++;
		if (!names[i])
			return fail(r, v, "a member that SLURM does not know");
	}
	return true;
}

static bool
read_number(struct reader *r, const struct json_value *v, double most, uint32_t *out)
{
	double number;
	if (!json_read_number(&number, v) || number < 0 || number > most ||
	    number != (double)(uint32_t)number)
		return fail(r, v, "not a whole number that may stand here");
	*out = (uint32_t)number;
	return true;
}

static bool
read_prefix(struct reader *r, const struct json_value *v, struct prefix *out)
{
	const char *text = json_read_text(v);
	return (text && prefix_parse(out, text) == 0) || fail(r, v, "not a prefix");
}

static const struct json_value *
either(const struct json_value *object, const char *a, const char *b)
{
	const struct json_value *v = json_read_get(object, a);
	return v ? v : json_read_get(object, b);
}

/* Room for the items of a list; one that is left out is empty. False: it is no list, or no memory. */
static bool
list_room(struct reader *r, const struct json_value *list, size_t size, void **items)
{
	if (json_read_is_null(list))
		return !list || fail(r, list, "not a list");
	if (list->type != JSON_ARRAY)
		return fail(r, list, "not a list");
	size_t count = 0;
	for (const struct json_value *v = json_read_first(list); v; v = v->next)
		count++;
	*items = arena_take(r->arena, (count + 1) * size);
	return *items || fail(r, list, "no memory");
}

/* --- entries --- */

static bool
read_prefix_filter(struct reader *r, const struct json_value *v)
{
	static const char *const names[] = {"prefix", "asn", "comment", NULL};
	struct slurm_prefix_filter *f = &r->out->prefix_filters[r->out->prefix_filter_count++];
	if (!only(r, v, names))
		return false;
	const struct json_value *prefix = json_read_get(v, "prefix"),
				*asn = json_read_get(v, "asn");
	/* RFC 8416 section 3.3.1: at least one of them. */
	if (!prefix && !asn)
		return fail(r, v, "a filter with neither prefix nor asn");
	f->has_asn = asn;
	return (!prefix || read_prefix(r, prefix, &f->prefix)) &&
	       (!asn || read_number(r, asn, UINT32_MAX, &f->asn.number));
}

static bool
read_prefix_assertion(struct reader *r, const struct json_value *v)
{
	static const char *const names[] = {"prefix", "asn", "maxPrefixLength", "comment", NULL};
	struct rpki_vrp *a = &r->out->prefix_assertions[r->out->prefix_assertion_count++];
	if (!only(r, v, names))
		return false;
	const struct json_value *prefix = json_read_get(v, "prefix"),
				*asn = json_read_get(v, "asn"),
				*most = json_read_get(v, "maxPrefixLength");
	if (!prefix || !asn)
		return fail(r, v, "an assertion without prefix or asn");
	if (!read_prefix(r, prefix, &a->prefix) || !read_number(r, asn, UINT32_MAX, &a->asn.number))
		return false;
	uint32_t max_length = a->prefix.length;
	if (most && !read_number(r, most, ip_bits(a->prefix.ip.family), &max_length))
		return false;
	if (max_length < a->prefix.length)
		return fail(r, most, "a maxPrefixLength below the prefix's length");
	a->max_length = (uint8_t)max_length;
	return true;
}

static bool
read_aspa_filter(struct reader *r, const struct json_value *v)
{
	static const char *const names[] = {"customerAsn", "customer_asid", "customerAsid",
					    "comment", NULL};
	if (!only(r, v, names))
		return false;
	const struct json_value *customer = either(v, "customerAsn", "customer_asid");
	customer = customer ? customer : json_read_get(v, "customerAsid");
	if (!customer)
		return fail(r, v, "a filter without customerAsn");
	return read_number(r, customer, UINT32_MAX,
			   &r->out->aspa_filters[r->out->aspa_filter_count++].number);
}

static int
by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static bool
read_providers(struct reader *r, const struct json_value *list, struct slurm_aspa *out)
{
	void *items = NULL;
	if (!list_room(r, list, sizeof(uint32_t), &items))
		return false;
	out->providers = items;
	size_t count = 0;
	for (const struct json_value *v = json_read_first(list); v; v = v->next)
		if (!read_number(r, v, UINT32_MAX, &out->providers[count++]))
			return false;
	if (count == 0 || count > RPKI_PROVIDERS_MAX)
		return fail(r, list, "no providers, or too many");
	qsort(out->providers, count, sizeof(uint32_t), by_number);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || out->providers[i] != out->providers[out->count - 1])
			out->providers[out->count++] = out->providers[i];
	return true;
}

static bool
read_aspa_assertion(struct reader *r, const struct json_value *v)
{
	static const char *const names[] = {
		"customerAsn", "customer_asid", "customerAsid", "providerAsns",
		"providers",   "providerSet",   "comment",      NULL};
	struct slurm_aspa *a = &r->out->aspa_assertions[r->out->aspa_assertion_count++];
	if (!only(r, v, names))
		return false;
	const struct json_value *customer = either(v, "customerAsn", "customer_asid"),
				*providers = either(v, "providerAsns", "providers");
	customer = customer ? customer : json_read_get(v, "customerAsid");
	providers = providers ? providers : json_read_get(v, "providerSet");
	if (!customer || !providers)
		return fail(r, v, "an assertion without customerAsn or providerAsns");
	return read_number(r, customer, UINT32_MAX, &a->customer.number) &&
	       read_providers(r, providers, a);
}

/* What concerns BGPsec is not used. */
static bool
pass_over(struct reader *r, const struct json_value *v)
{
	(void)r;
	(void)v;
	return true;
}

static bool
read_list(struct reader *r, const struct json_value *list,
	  bool (*read)(struct reader *, const struct json_value *))
{
	for (const struct json_value *v = json_read_first(list); v; v = v->next)
		if (!read(r, v))
			return false;
	return true;
}

static bool
read_filters(struct reader *r, const struct json_value *filters, uint32_t version)
{
	static const char *const names[] = {"prefixFilters", "bgpsecFilters", "aspaFilters", NULL};
	if (!only(r, filters, names))
		return false;
	const struct json_value *prefixes = json_read_get(filters, "prefixFilters"),
				*keys = json_read_get(filters, "bgpsecFilters"),
				*aspas = json_read_get(filters, "aspaFilters");
	if (aspas && version < 2)
		return fail(r, aspas, "aspaFilters need slurmVersion 2");
	void *room[3] = {0};
	if (!list_room(r, prefixes, sizeof(*r->out->prefix_filters), &room[0]) ||
	    !list_room(r, aspas, sizeof(*r->out->aspa_filters), &room[1]) ||
	    !list_room(r, keys, 1, &room[2]))
		return false;
	r->out->prefix_filters = room[0];
	r->out->aspa_filters = room[1];
	return read_list(r, prefixes, read_prefix_filter) &&
	       read_list(r, aspas, read_aspa_filter) && read_list(r, keys, pass_over);
}

static bool
read_assertions(struct reader *r, const struct json_value *assertions, uint32_t version)
{
	static const char *const names[] = {"prefixAssertions", "bgpsecAssertions",
					    "aspaAssertions", NULL};
	if (!only(r, assertions, names))
		return false;
	const struct json_value *prefixes = json_read_get(assertions, "prefixAssertions"),
				*keys = json_read_get(assertions, "bgpsecAssertions"),
				*aspas = json_read_get(assertions, "aspaAssertions");
	if (aspas && version < 2)
		return fail(r, aspas, "aspaAssertions need slurmVersion 2");
	void *room[3] = {0};
	if (!list_room(r, prefixes, sizeof(*r->out->prefix_assertions), &room[0]) ||
	    !list_room(r, aspas, sizeof(*r->out->aspa_assertions), &room[1]) ||
	    !list_room(r, keys, 1, &room[2]))
		return false;
	r->out->prefix_assertions = room[0];
	r->out->aspa_assertions = room[1];
	return read_list(r, prefixes, read_prefix_assertion) &&
	       read_list(r, aspas, read_aspa_assertion) && read_list(r, keys, pass_over);
}

static bool
read_file(struct reader *r, const struct json_value *root)
{
	static const char *const names[] = {"slurmVersion", "validationOutputFilters",
					    "locallyAddedAssertions", NULL};
	if (!only(r, root, names))
		return false;
	const struct json_value *version = json_read_get(root, "slurmVersion"),
				*filters = json_read_get(root, "validationOutputFilters"),
				*assertions = json_read_get(root, "locallyAddedAssertions");
	uint32_t number;
	if (!version)
		return fail(r, root, "no slurmVersion");
	if (!read_number(r, version, UINT32_MAX, &number))
		return false;
	if (number != 1 && number != 2)
		return fail(r, version, "a slurmVersion that is neither 1 nor 2");
	return (!filters || read_filters(r, filters, number)) &&
	       (!assertions || read_assertions(r, assertions, number));
}

static bool
any_item(void *context, const struct json_stream_item *item)
{
	(void)context;
	(void)item;
	return true;
}

/* The reader into a tree does not say where JSON is broken; the one in pieces does. */
static int
check_grammar(const char *text, size_t length, char error[SLURM_ERROR])
{
	struct json_stream stream = {.item = any_item};
	int result = json_stream_feed(&stream, text, length);
	result = result == 0 ? json_stream_end(&stream) : result;
	if (result != 0)
		snprintf(error, SLURM_ERROR, "%s", stream.error);
	json_stream_fini(&stream);
	return result;
}

int
slurm_read(struct slurm *out, struct arena *arena, const char *text, size_t length,
	   char error[SLURM_ERROR])
{
	error[0] = '\0';
	if (length > SLURM_FILE_MAX) {
		snprintf(error, SLURM_ERROR, "larger than %d octets", SLURM_FILE_MAX);
		return -1;
	}
	if (check_grammar(text, length, error) != 0)
		return -1;
	struct slurm slurm = {0};
	struct reader r = {&slurm, arena, text, length, error};
	const struct json_value *root = json_read(arena, text, length);
	if (!root) {
		fail(&r, NULL, "not JSON, or no memory");
		return -1;
	}
	if (!read_file(&r, root))
		return -1;
	*out = slurm;
	return 0;
}

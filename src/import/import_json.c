/* JSON of a source, with the places of its values. */
#include "import/import_json.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"

enum { STRIDE = 1024 }; /* octets between two places whose column is known */

/* A column is a character: an octet that does not continue one (RFC 3629). */
static bool
begins_character(unsigned char c)
{
	return (c & 0xc0) != 0x80;
}

/* Lines begin behind line feeds. */
static void
find_lines(struct import *im, struct import_json *doc)
{
	const unsigned char *text = doc->bytes.data;
	size_t count = 1;
	uint32_t column = 1;
	for (size_t i = 0; i < doc->bytes.length; i++)
		count += text[i] == '\n';
	doc->lines = import_take(im, count * sizeof(*doc->lines));
	doc->columns = import_take(im, (doc->bytes.length / STRIDE + 1) * sizeof(*doc->columns));
	doc->line_count = 1;
	for (size_t i = 0; i < doc->bytes.length; i++) {
		if (i % STRIDE == 0)
			doc->columns[i / STRIDE] = column;
		column += begins_character(text[i]);
		if (text[i] != '\n')
			continue;
		doc->lines[doc->line_count++] = i + 1;
		column = 1;
	}
}

static struct hub_mark
mark_at(const struct import_json *doc, size_t offset)
{
	size_t low = 0, high = doc->line_count;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (doc->lines[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	size_t from = doc->lines[low], known = offset / STRIDE * STRIDE;
	uint32_t column = 1;
	if (known > from && known < doc->bytes.length) {
		from = known;
		column = doc->columns[known / STRIDE];
	}
	for (; from < offset; from++)
		column += begins_character(doc->bytes.data[from]);
	return (struct hub_mark){doc->file, (unsigned)low + 1, column};
}

struct hub_mark
import_json_mark(const struct import_json *doc, const struct json_value *value)
{
	if (!value)
		return (struct hub_mark){doc->file, 0, 0};
	return mark_at(doc, (size_t)(value->raw - (const char *)doc->bytes.data));
}

/* Reads what was fetched. */
static bool
parse(struct import *im, struct import_json *doc)
{
	static const char mark[] = "\xef\xbb\xbf"; /* some editors write it first */
	size_t stop, skip = 0;
	buf_u8(&doc->bytes, 0);
	if (doc->bytes.failed)
		fatal("import: no memory");
	doc->bytes.length--;
	find_lines(im, doc);
	if (doc->bytes.length >= 3 && memcmp(doc->bytes.data, mark, 3) == 0)
		skip = 3;
	doc->root = json_read_until(im->arena, (const char *)doc->bytes.data + skip,
				    doc->bytes.length - skip, &stop);
	if (doc->root)
		return true;
	hub_complain(im->report, mark_at(doc, stop + skip),
		     doc->bytes.length ? "found something else than JSON up to here"
				       : "the file is empty, expected JSON");
	return false;
}

bool
import_json_open(struct import *im, struct import_json *out, const char *path)
{
	*out = (struct import_json){.file = path};
	return import_fetch(im, path, &out->bytes) && parse(im, out);
}

bool
import_json_open_if_there(struct import *im, struct import_json *out, const char *path)
{
	*out = (struct import_json){.file = path};
	errno = 0;
	if (im->source.read(im->source.context, path, &out->bytes) == 0)
		return parse(im, out);
	if (errno != ENOENT)
		hub_complain(im->report, (struct hub_mark){path, 0, 0}, "cannot be read: %s",
			     errno ? strerrordesc_np(errno) : "unknown error");
	return false;
}

void
import_json_fini(struct import_json *doc)
{
	buf_fini(&doc->bytes);
}

static bool
is_among(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

void
import_json_check(struct import *im, const struct import_json *doc, const struct json_value *object,
		  const struct import_json_keys *keys)
{
	if (!object || object->type != JSON_OBJECT)
		return;
	for (const struct json_value *v = object->first; v; v = v->next) {
		if (is_among(v->key, keys->taken) || json_read_is_null(v))
			continue;
		bool lost = is_among(v->key, keys->lost);
		import_note(im, lost ? IMPORT_NO_COUNTERPART : IMPORT_UNKNOWN,
			    import_json_mark(doc, v), "%s.%s", keys->what, hub_show(v->key).text);
	}
}

bool
import_json_number(const struct json_value *value, uint64_t max, uint64_t *out)
{
	double number;
	if (json_read_number(&number, value)) {
		if (!(number >= 0) || number > (double)max || number != floor(number))
			return false;
		*out = (uint64_t)number;
		return true;
	}
	const char *text = json_read_text(value);
	uint64_t sum = 0;
	if (!text || !*text)
		return false;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			return false;
		sum = sum * 10 + (uint64_t)(*text - '0');
		if (sum > max)
			return false;
	}
	*out = sum;
	return true;
}

bool
import_json_asn(const struct json_value *value, uint32_t *out)
{
	uint64_t number;
	struct asn asn;
	const char *text = json_read_text(value);
	if (text && asn_parse(&asn, text) == 0)
		*out = asn.number;
	else if (import_json_number(value, UINT32_MAX, &number))
		*out = (uint32_t)number;
	else
		return false;
	return *out != 0;
}

bool
import_json_bool(const struct json_value *value, bool *out)
{
	static const char *const yes[] = {"true", "yes", "1", NULL};
	static const char *const no[] = {"false", "no", "0", "", NULL};
	const char *text = json_read_text(value);
	double number;
	*out = json_read_is_true(value);
	if (*out || json_read_is_null(value) || value->type == JSON_FALSE)
		return true;
	if (json_read_number(&number, value)) {
		*out = number == 1;
		return *out || number == 0;
	}
	for (size_t i = 0; text && yes[i]; i++)
		*out |= strcasecmp(yes[i], text) == 0;
	bool known = *out;
	for (size_t i = 0; text && no[i]; i++)
		known |= strcasecmp(no[i], text) == 0;
	return known;
}

const char *
import_json_excuse(struct import *im, const struct json_value *root)
{
	static const char *const keys[] = {"message", "error", "detail", NULL};
	const struct json_value *places[] = {root, json_read_get(root, "meta")};
	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; keys[j]; j++) {
			const char *text =
				import_clean(im, import_json_text(places[i], keys[j]), 200);
			if (text)
				return import_printf(im, "; it says \"%s\"", text);
		}
	return "";
}

const char *
import_json_text(const struct json_value *object, const char *key)
{
	const char *text = json_read_text(json_read_get(object, key));
	return text && *text ? text : NULL;
}

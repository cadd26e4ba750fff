/* JSON of a source, with the places of its values. Used inside import only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json_read.h"
#include "hub/hub_node.h"
#include "import/import_state.h"

struct import_json {
	const char *file;
	struct buf bytes; /* values point into it */
	const struct json_value *root;
	size_t *lines; /* where each begins */
	size_t line_count;
	uint32_t *columns; /* of every so many octets: files of one line are long */
};

/* Reads what is at a path or URL. False, and complained, when it cannot be read or is no JSON. The
 * caller ends it in any case. */
bool import_json_open(struct import *im, struct import_json *out, const char *path);
/* The same; false without a complaint when there is no such file. */
bool import_json_open_if_there(struct import *im, struct import_json *out, const char *path);
void import_json_fini(struct import_json *doc);

/* Where a value begins; that of the file for NULL. */
struct hub_mark import_json_mark(const struct import_json *doc, const struct json_value *value);

/* What may stand in an object. */
struct import_json_keys {
	const char *what;         /* "member": for messages */
	const char *const *taken; /* read, or known to say nothing; NULL at the end */
	const char *const *lost;  /* known, without a counterpart; NULL at the end */
};
/* Notes what an object says that is not taken over, and what nobody knows. */
void import_json_check(struct import *im, const struct import_json *doc,
		       const struct json_value *object, const struct import_json_keys *keys);

/* A whole number up to `max`, written as one or as text; false for anything else. */
bool import_json_number(const struct json_value *value, uint64_t max, uint64_t *out);
/* An AS number, written as a number, "64500" or "AS64500"; false for anything else, and for 0. */
bool import_json_asn(const struct json_value *value, uint32_t *out);
/* Yes or no: true, 1 and "yes" in any of their spellings, false and null likewise. False when it is
 * neither; *out is then no. */
bool import_json_bool(const struct json_value *value, bool *out);
/* What a server says instead of an answer ({"message": ...}, {"error": ...}, {"meta": {"error": ...}}),
 * as "; it says \"...\""; "" when it says nothing. */
const char *import_json_excuse(struct import *im, const struct json_value *root);
/* The text of a member of an object; NULL when there is none or it is empty. */
const char *import_json_text(const struct json_value *object, const char *key);

/* The parts of reading GNPy's files; used by its files only. A reader remembers the first thing
 * that is wrong; what is read after that does not matter. */
#pragma once

#include "corridor/corridor_optics_gnpy.h"

struct corridor_gnpy_reader {
	const struct corridor_gnpy *gnpy;
	struct corridor_complaint *complaint;
	bool failed;
	const char *kind, *name; /* of what is being read, for messages: Edfa "std_low_gain" */
	char place[40];          /* "elements[3]": the kind, where there is no other */
};

/* What a number may be. Text "" and null stand for a number that is not given. */
struct corridor_gnpy_range {
	double low, high;
};

void corridor_gnpy_fail(struct corridor_gnpy_reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void corridor_gnpy_note(struct corridor_gnpy_reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* From now on the item of a list is being read. */
void corridor_gnpy_at(struct corridor_gnpy_reader *r, const char *list, size_t item);
/* Zeroed memory; NULL, and the reader failed, without. */
void *corridor_gnpy_take(struct corridor_gnpy_reader *r, size_t size);

/* The text as an object; NULL, and the reader failed with the place, when it is none. */
const struct json_value *corridor_gnpy_json(struct corridor_gnpy_reader *r, const char *text,
					    size_t length);
/* A member that is a list; NULL when there is none. Any other kind is a failure. */
const struct json_value *corridor_gnpy_list(struct corridor_gnpy_reader *r,
					    const struct json_value *object, const char *key);

/* Fails where something else stands in place of the object; notes the members of it that are not in `known` (words, NULL at the end). */
void corridor_gnpy_unknown(struct corridor_gnpy_reader *r, const struct json_value *object,
			   const char *const *known);
bool corridor_gnpy_has(const struct json_value *object, const char *key);
double corridor_gnpy_number(struct corridor_gnpy_reader *r, const struct json_value *object,
			    const char *key, double otherwise, struct corridor_gnpy_range range);
/* As above; it must be there. */
double corridor_gnpy_need(struct corridor_gnpy_reader *r, const struct json_value *object,
			  const char *key, struct corridor_gnpy_range range);
bool corridor_gnpy_flag(struct corridor_gnpy_reader *r, const struct json_value *object,
			const char *key, bool otherwise);
/* NULL when it is not there or empty. */
const char *corridor_gnpy_word(struct corridor_gnpy_reader *r, const struct json_value *object,
			       const char *key);
size_t corridor_gnpy_words(struct corridor_gnpy_reader *r, const struct json_value *object,
			   const char *key, const char ***out);
/* The items of an array; 0 when there is none. */
size_t corridor_gnpy_length(const struct json_value *array);

/* --- corridor_optics_gnpy_fibre.c --- */
/* Parameters of fibre that a kind and an element may both say; what is not said stays. */
void corridor_gnpy_fibre(struct corridor_gnpy_reader *r, struct corridor_fibre *fibre,
			 const struct json_value *object);

/* --- corridor_optics_gnpy_roadm.c --- */
void corridor_gnpy_roadm(struct corridor_gnpy_reader *r, struct corridor_roadm_kind *kind,
			 const struct json_value *object);
extern const char *const corridor_gnpy_roadm_keys[];
/* `equipment` NULL: not known. */
void corridor_gnpy_degrees(struct corridor_gnpy_reader *r, struct corridor_roadm *roadm,
			   const struct corridor_equipment *equipment,
			   const struct json_value *params);

/* --- corridor_optics_gnpy_amplifier.c --- */
void corridor_gnpy_amplifiers(struct corridor_gnpy_reader *r, struct corridor_equipment *equipment,
			      const struct json_value *list);

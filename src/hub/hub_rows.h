/* Shorthand of the files that hold rows of the schema, and of nobody else. */
#pragma once

#include <stddef.h>

#define FIELD(s, f)   .at = offsetof(struct s, f), .size = sizeof(((struct s *)0)->f)
#define LIST(s, f, n) .list = true, .at = offsetof(struct s, f), .count_at = offsetof(struct s, n)
#define ROWS(rows)    .items = (rows), .count = sizeof(rows) / sizeof((rows)[0])

/* What stands beside a number with the key `key`: its bounds, where it was read, how sure it is.
 * `field` is a struct hub_basis. */
#define BOUNDS(key, s, field, most)                                                                \
	{key "_low",                                                                               \
	 HUB_TYPE_DECIMAL,                                                                         \
	 FIELD(s, field.low),                                                                      \
	 .max = (most),                                                                            \
	 .fallback_help = "as the basis has it",                                                   \
	 .help = "It is at least this."},                                                          \
	{                                                                                          \
		key "_high", HUB_TYPE_DECIMAL, FIELD(s, field.high),                               \
			.max = (most), .fallback_help = "as the basis has it",                     \
			.help = "It is at most this."                                              \
	}
#define GROUNDS(key, s, field)                                                                     \
	{key "_source",                                                                            \
	 HUB_TYPE_TEXT,                                                                            \
	 FIELD(s, field.source),                                                                   \
	 .min = 1,                                                                                 \
	 .max = 4000,                                                                              \
	 .fallback_help = "source",                                                                \
	 .help = "Where it was read."},                                                            \
	{                                                                                          \
		key "_confidence", HUB_TYPE_TEXT, FIELD(s, field.said),                            \
			.min = 1, .max = 1000, .fallback_help = "confidence",                      \
			.help = "Begins with seen, derived or estimated."                          \
	}
/* The same of a whole row. */
#define ROW_GROUNDS(s, field)                                                                      \
	{"source", HUB_TYPE_TEXT, FIELD(s, field.source),                                          \
	 .min = 1, .max = 8000,   .help = "Where this was read."},                                 \
	{                                                                                          \
		"confidence", HUB_TYPE_TEXT, FIELD(s, field.said),                                 \
			.min = 1, .max = 1000,                                                     \
			.help = "How sure it is; begins with seen, derived or estimated."          \
	}

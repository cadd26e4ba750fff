/* Shorthand of the files that hold rows of the schema, and of nobody else. */
#pragma once

#include <stddef.h>

#define FIELD(s, f)   .at = offsetof(struct s, f), .size = sizeof(((struct s *)0)->f)
#define LIST(s, f, n) .list = true, .at = offsetof(struct s, f), .count_at = offsetof(struct s, n)
#define ROWS(rows)    .items = (rows), .count = sizeof(rows) / sizeof((rows)[0])

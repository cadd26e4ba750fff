/* Memory that dies together: a configuration, a request, a decoded message. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* An empty arena; NULL if there is no memory. */
struct arena *arena_new(void);
/* Frees everything that was taken from it. NULL is allowed. */
void arena_free(struct arena *a);
/* Zeroed memory for any type, valid until arena_free. NULL if there is no memory. */
void *arena_take(struct arena *a, size_t size);
/* A copy of `length` octets with a zero after them. */
char *arena_copy(struct arena *a, const void *bytes, size_t length);
char *arena_str(struct arena *a, const char *text);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
/* Octets held, for reports. */
size_t arena_size(const struct arena *a);

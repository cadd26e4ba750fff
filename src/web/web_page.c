/* The page's files. They come in by the assembler, so that no tool but the compiler is needed;
 * their names are stable (ui/vite.config.ts), and a test compares this list with the folder. */
#include "web/web_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "base/hash.h"

#define EMBED(name, file)                                                                          \
	__asm__(".section .rodata\n"                                                               \
		".balign 16\n"                                                                     \
		"web_file_" #name ":\n"                                                            \
		".incbin \"ui/dist/" file "\"\n"                                                   \
		"web_file_" #name "_end:\n"                                                        \
		".byte 0\n"                                                                        \
		".previous\n");                                                                    \
	extern const uint8_t web_file_##name[], web_file_##name##_end[];

EMBED(index, "index.html")
EMBED(script, "assets/app.js")
EMBED(style, "assets/app.css")
EMBED(land, "assets/land.json")
EMBED(font, "assets/inter.woff2")
EMBED(icon, "assets/icon.svg")
EMBED(licences, "licences.txt")

static struct embedded {
	struct web_file file;
	const uint8_t *end;
	bool pack;
} files[] = {
#define FILE_OF(path, name, type, pack)                                                            \
	{                                                                                          \
		{path, type, web_file_##name, 0, NULL, 0, ""}, web_file_##name##_end, pack         \
	}
	FILE_OF("", index, "text/html; charset=utf-8", true),
	FILE_OF("index.html", index, "text/html; charset=utf-8", true),
	FILE_OF("assets/app.js", script, "text/javascript; charset=utf-8", true),
	FILE_OF("assets/app.css", style, "text/css; charset=utf-8", true),
	FILE_OF("assets/land.json", land, "application/json", true),
	FILE_OF("assets/inter.woff2", font, "font/woff2", false),
	FILE_OF("assets/icon.svg", icon, "image/svg+xml", true),
	FILE_OF("licences.txt", licences, "text/plain; charset=utf-8", true),
};
enum { FILES = sizeof(files) / sizeof(files[0]) };

static bool ready;

/* gzip in one piece, into memory of the file; left out when it is no shorter. */
static bool
pack(struct web_file *file)
{
	enum { GZIP_WINDOW = 15 + 16, MEMORY = 8 };
	z_stream z = {0};
	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	uLong room = deflateBound(&z, file->length);
	uint8_t *packed = malloc(room);
	bool done = false;
	if (packed) {
		z.next_in = (z_const Bytef *)file->octets;
		z.avail_in = (uInt)file->length;
		z.next_out = packed;
		z.avail_out = (uInt)room;
		done = deflate(&z, Z_FINISH) == Z_STREAM_END;
	}
	bool shorter = done && z.total_out < file->length;
	if (shorter) {
		file->packed = packed;
		file->packed_length = z.total_out;
	} else {
		free(packed);
	}
	deflateEnd(&z);
	return done;
}

bool
web_page_init(void)
{
	if (ready)
		return true;
	for (size_t i = 0; i < FILES; i++) {
		struct web_file *file = &files[i].file;
		file->length = (size_t)(files[i].end - file->octets);
		snprintf(file->tag, sizeof(file->tag), "\"%016" PRIx64 "\"",
			 hash_bytes(file->octets, file->length));
		if (files[i].pack && !pack(file)) {
			web_page_fini();
			return false;
		}
	}
	ready = true;
	return true;
}

void
web_page_fini(void)
{
	for (size_t i = 0; i < FILES; i++) {
		free((void *)files[i].file.packed);
		files[i].file.packed = NULL;
	}
	ready = false;
}

const struct web_file *
web_page_file(const char *path)
{
	for (size_t i = 0; i < FILES; i++)
		if (strcmp(files[i].file.path, path) == 0)
			return &files[i].file;
	return NULL;
}

/* The next item of a list with commas, without the spaces around it; false at the end. */
static bool
next_item(const char **at, const char **item, size_t *length)
{
	*at += strspn(*at, " \t,");
	if (!**at)
		return false;
	*item = *at;
	*at += strcspn(*at, ",");
	*length = (size_t)(*at - *item);
	while (*length > 0 && ((*item)[*length - 1] == ' ' || (*item)[*length - 1] == '\t'))
		(*length)--;
	return true;
}

bool
web_page_unchanged(const struct web_file *file, const char *if_none_match)
{
	const char *item;
	size_t length;
	while (if_none_match && next_item(&if_none_match, &item, &length)) {
		/* The comparison is the weak one: W/"x" names the same as "x". */
		if (length > 2 && strncmp(item, "W/", 2) == 0) {
			item += 2;
			length -= 2;
		}
		if ((length == 1 && *item == '*') ||
		    (length == strlen(file->tag) && strncmp(item, file->tag, length) == 0))
			return true;
	}
	return false;
}

bool
web_page_takes_gzip(const char *accept_encoding)
{
	const char *item;
	size_t length;
	while (accept_encoding && next_item(&accept_encoding, &item, &length)) {
		size_t name = strcspn(item, "; \t,");
		if (name > length || !(name == 4 && strncasecmp(item, "gzip", 4) == 0))
			continue;
		/* "gzip;q=0" is a refusal. */
		const char *weight = memchr(item, '=', length);
		return !weight || strtod(weight + 1, NULL) > 0;
	}
	return false;
}

/* The page: the built files of ui/dist, embedded in the program. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WEB_TAG_TEXT = 20 };

struct web_file {
	const char *path; /* "assets/app.js"; "" is the page itself */
	const char *content_type;
	const uint8_t *octets;
	size_t length;
	/* The same by gzip (RFC 1952), where that is shorter; else NULL. */
	const uint8_t *packed;
	size_t packed_length;
	char tag[WEB_TAG_TEXT]; /* for ETag, with its quotes: changes with the contents */
};

/* Packs and tags the files, once; later calls do nothing. False if there is no memory. */
bool web_page_init(void);
void web_page_fini(void);
/* The file at `path`, or NULL. */
const struct web_file *web_page_file(const char *path);
/* Whether a header If-None-Match (RFC 9110 section 13.1.2) names the file; NULL names none. */
bool web_page_unchanged(const struct web_file *file, const char *if_none_match);
/* Whether a header Accept-Encoding (section 12.5.3) takes gzip; NULL takes none. */
bool web_page_takes_gzip(const char *accept_encoding);

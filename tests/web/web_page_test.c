/* The page's files are all embedded, as they are in ui/dist. */
#include "web/web_page.h"

#include <dirent.h>
#include <stdlib.h>
#include <zlib.h>

#include "tap.h"

static bool
same_as_file(const struct web_file *file, const char *path)
{
	FILE *in = fopen(path, "rb");
	uint8_t *octets = malloc(file->length + 1);
	bool same = in && fread(octets, 1, file->length + 1, in) == file->length &&
		    memcmp(octets, file->octets, file->length) == 0;
	free(octets);
	if (in)
		fclose(in);
	return same;
}

/* Every file below ui/dist, which the tests are run beside. */
static void
folder(const char *prefix)
{
	char path[512];
	snprintf(path, sizeof(path), "ui/dist/%s", prefix);
	DIR *dir = opendir(path);
	ok(dir != NULL, "ui/dist/%s is there", prefix);
	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
		char name[300];
		snprintf(name, sizeof(name), "%s%s", prefix, entry->d_name);
		if (entry->d_name[0] == '.' || entry->d_type == DT_DIR)
			continue;
		const struct web_file *file = web_page_file(name);
		snprintf(path, sizeof(path), "ui/dist/%s", name);
		if (ok(file != NULL, "%s is embedded", name))
			ok(same_as_file(file, path), "%s is as it is in the folder", name);
	}
	if (dir)
		closedir(dir);
}

static void
packing(void)
{
	const struct web_file *script = web_page_file("assets/app.js");
	ok(script->packed && script->packed_length < script->length / 2,
	   "the script is less than half as long when packed");
	uint8_t *back = malloc(script->length + 1);
	z_stream z = {.next_in = (Bytef *)(uintptr_t)script->packed,
		      .avail_in = (uInt)script->packed_length,
		      .next_out = back,
		      .avail_out = (uInt)script->length + 1};
	inflateInit2(&z, 15 + 16);
	ok(inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == script->length &&
		   memcmp(back, script->octets, script->length) == 0,
	   "and comes back whole");
	inflateEnd(&z);
	free(back);
	ok(!web_page_file("assets/inter.woff2")->packed, "the typeface is packed already");
	ok(web_page_takes_gzip("br, GZIP;q=0.5"), "gzip among others is taken");
	ok(!web_page_takes_gzip("gzip;q=0"), "gzip with weight 0 is refused");
	ok(!web_page_takes_gzip("x-gzip2, br"), "another name is not gzip");
	ok(!web_page_takes_gzip(NULL), "who says nothing gets it plain");
}

static void
tags(void)
{
	const struct web_file *page = web_page_file(""), *style = web_page_file("assets/app.css");
	char list[100];
	ok(web_page_unchanged(page, page->tag), "the same tag is unchanged");
	snprintf(list, sizeof(list), "\"x\" , W/%s", page->tag);
	ok(web_page_unchanged(page, list), "also weakly, among others");
	ok(web_page_unchanged(page, "*"), "a star means any");
	ok(!web_page_unchanged(page, style->tag), "another file's tag is not");
	ok(!web_page_unchanged(page, NULL), "nor is none");
}

int
main(void)
{
	ok(web_page_init(), "the files are prepared");
	ok(!web_page_file("nothing.js") && !web_page_file("/etc/passwd"),
	   "what is not embedded is not there");
	folder("");
	folder("assets/");
	packing();
	tags();
	web_page_fini();
	return done_testing();
}

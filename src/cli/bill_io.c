/* `bill --pdf PATH`: one invoice into a file, or all of a month into a folder; `ledger document ID
 * --pdf PATH`. The hub draws them; here they are written. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "cli/cli_parts.h"

enum { PATH_SIZE = 4200 };

static int
one_pdf(const struct cli *cli, const char *path, const char *const *words, size_t count)
{
	struct buf pdf = {0};
	char kind[256];
	int status = ask_text(cli, CONTROL_JSON, &pdf, kind, words, count);
	if (status == CLI_OK && strncmp(kind, "application/pdf", 15) != 0) {
		fprintf(stderr, "sarai: the hub sent no PDF\n");
		status = CLI_REFUSED;
	}
	if (status == CLI_OK)
		status = write_file(path, &pdf);
	if (status == CLI_OK && strstr(kind, "missing"))
		fprintf(stderr,
			"sarai: %s: some characters have no font on the hub's machine; the "
			"document says which (fonts-noto-core, fonts-noto-cjk)\n",
			path);
	if (status == CLI_OK && !cli->quiet)
		printf("%s\n", path);
	buf_fini(&pdf);
	return status;
}

/* A number of an invoice as the name of a file: what is no letter, digit, dot, dash or underscore
 * becomes an underscore, so that no name leads out of the folder. */
static void
file_path(char out[PATH_SIZE], const char *folder, const char *number)
{
	int used = snprintf(out, PATH_SIZE, "%.3900s%s", folder, slash_after(folder));
	size_t at = (size_t)used;
	for (const char *c = number; *c && at + 5 < PATH_SIZE; c++) {
		bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
			     (*c >= '0' && *c <= '9') || *c == '-' || *c == '_' ||
			     (*c == '.' && c > number);
		out[at++] = plain ? *c : '_';
	}
	(void)snprintf(out + at, PATH_SIZE - at, ".pdf");
}

/* Each invoice of the list that `show invoices` gives. */
static int
each_pdf(const struct cli *cli, const char *folder, const struct json_value *list)
{
	const char *month = json_read_text(json_read_get(list, "month"));
	const struct json_value *first = json_read_first(json_read_get(list, "invoices"));
	int worst = CLI_OK;
	for (const struct json_value *i = first; i && month; i = i->next) {
		const char *number = json_read_text(json_read_get(i, "number"));
		const char *contract = json_read_text(json_read_get(i, "contract"));
		const char *party = json_read_text(json_read_get(i, "party"));
		double asn = 0;
		char member[16], path[PATH_SIZE];
		if (!number || !contract ||
		    (!party && !json_read_number(&asn, json_read_get(i, "asn"))))
			continue;
		(void)snprintf(member, sizeof(member), "%.0f", asn);
		file_path(path, folder, number);
		const char *words[] = {"bill",       "--month", month,  party ? party : member,
				       "--contract", contract,  "--pdf"};
		int status = one_pdf(cli, path, words, sizeof(words) / sizeof(words[0]));
		worst = status > worst ? status : worst;
		if (status == CLI_NO_HUB)
			break;
	}
	if (!first)
		fprintf(stderr, "sarai: no contract is in force in that month\n");
	return worst;
}

static int
all_pdfs(const struct cli *cli, const char *folder, const char *month)
{
	const char *words[] = {"show", "invoices", "month", month};
	struct buf text = {0};
	char kind[256];
	int status = ask_text(cli, CONTROL_JSON, &text, kind, words, month ? 4 : 2);
	struct arena *arena = status == CLI_OK ? arena_new() : NULL;
	if (status == CLI_OK)
		status = make_folder(folder);
	if (status == CLI_OK)
		status = each_pdf(cli, folder,
				  arena ? json_read(arena, (const char *)text.data, text.length)
					: NULL);
	arena_free(arena);
	buf_fini(&text);
	return status;
}

int
bill_pdf_command(const struct cli *cli, const char *path, const char *const *words, size_t count)
{
	const char *asked[CONTROL_WORDS_MAX], *month = NULL;
	size_t used = 0;
	bool member = strcmp(words[0], "ledger") == 0; /* a document has its own */
	for (size_t i = 0; i < count && used + 1 < CONTROL_WORDS_MAX; i++) {
		bool takes =
			strcmp(words[i], "--month") == 0 || strcmp(words[i], "--contract") == 0;
		asked[used++] = words[i];
		if (takes && i + 1 < count) {
			if (words[i][2] == 'm')
				month = words[i + 1];
			asked[used++] = words[++i];
		} else if (i > 0 && words[i][0] != '-') {
			member = true;
		}
	}
	if (!member)
		return all_pdfs(cli, path, month);
	asked[used++] = "--pdf";
	return one_pdf(cli, path, asked, used);
}

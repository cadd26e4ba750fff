/* Checking a journal that nobody need have open: an auditor's copy, or a hub's data directory. */
#include "main/journal_verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf_io.h"
#include "cli/cli.h"
#include "ledger/ledger_journal_io.h"
#include "main/folders.h"
#include "view/view_journal.h"

/* Of a folder the journal in it. To be freed; NULL: there is no memory. */
static char *
path_of(const char *where)
{
	struct stat st;
	char *path = NULL;
	bool folder = stat(where, &st) == 0 && S_ISDIR(st.st_mode);
	if (asprintf(&path, "%s%s%s", where, folder ? "/" : "", folder ? FOLDERS_JOURNAL : "") < 0)
		return NULL;
	return path;
}

static int
verify(const char *path, const struct ledger_hash *head, bool json)
{
	struct buf faults = {0}, out = {0};
	struct ledger_head last;
	char reason[LEDGER_JOURNAL_REASON];
	int status = CLI_REFUSED;
	if (ledger_journal_verify(path, head, &last, &faults, reason) < 0) {
		fprintf(stderr, "sarai ledger: %s: %s\n", path, reason);
	} else {
		view_journal_verified(&out, json ? VIEW_JSON : VIEW_TEXT, last.number, &faults);
		buf_write(&out, stdout);
		status = faults.length ? CLI_REFUSED : CLI_OK;
	}
	buf_fini(&faults);
	buf_fini(&out);
	return status;
}

int
journal_verify_main(int argc, char **argv, bool json)
{
	struct ledger_hash head;
	bool has_head = argc == 5 && strcmp(argv[3], "--head") == 0;
	if ((argc != 3 && !has_head) || (has_head && ledger_hash_parse(&head, argv[4]) < 0))
		return CLI_USAGE;
	char *path = path_of(argv[2]);
	if (!path) {
		fprintf(stderr, "sarai ledger: no memory\n");
		return CLI_REFUSED;
	}
	int status = verify(path, has_head ? &head : NULL, json);
	free(path);
	return status;
}

/* Checking journals that nobody need have open: an auditor's copy, or a hub's data directory, where the journal of money
 * vouches for that of ways: each proof of the way on an invoice names the last entry that it rests on, and its
 * digest, which binds all before it. */
#include "main/journal_verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/buf_io.h"
#include "base/json_read.h"
#include "cli/cli.h"
#include "ledger/ledger_journal_io.h"
#include "main/folders.h"
#include "view/view_journal.h"
#include "view/view_proof.h"

/* A proof of the way on an invoice: what it rests on. */
struct proof {
	char *invoice;
	uint64_t last_entry; /* 0: nothing was said of that time */
	struct ledger_hash last_hash;
	bool is_there, is_another;
};

struct checking {
	struct view_verified found;
	struct proof *proofs;
	size_t proof_room;
	bool no_memory;
};

void
journal_verify_ways(struct buf *faults, const struct buf *of_ways)
{
	const char *at = (const char *)of_ways->data;
	const char *stop = at ? at + of_ways->length : at;
	while (at && at < stop) {
		const char *newline = memchr(at, '\n', (size_t)(stop - at));
		const char *line_end = newline ? newline : stop;
		buf_printf(faults, "ways: %.*s\n", (int)(line_end - at), at);
		at = line_end + 1;
	}
}

/* --- what vouches for what --- */

static void
add_proof(struct checking *c, const char *invoice, const struct ledger_way *way)
{
	struct proof *more =
		array_grow(c->proofs, c->found.proofs, &c->proof_room, sizeof(*c->proofs));
	char *name = more ? strdup(invoice) : NULL;
	c->proofs = more ? more : c->proofs;
	c->no_memory |= !name;
	if (name)
		c->proofs[c->found.proofs++] =
			(struct proof){name, way->last_entry, way->last_hash, false, false};
}

/* Of the journal of money. */
static void
see_invoice(void *context, const struct ledger_row *row)
{
	struct checking *c = context;
	struct ledger_way way;
	if (row->entry.kind != LEDGER_ENTRY_INVOICE)
		return;
	struct arena *arena = arena_new();
	const struct json_value *root =
		arena ? json_read(arena, (const char *)row->body.at, cursor_left(&row->body))
		      : NULL;
	const struct json_value *said = root ? json_read_get(root, "way") : NULL;
	c->no_memory |= !arena;
	if (said && !json_read_is_null(said) && view_proof_read(&way, arena, said) == 0)
		add_proof(c, row->entry.document, &way);
	else if (said && !json_read_is_null(said))
		buf_printf(&c->found.faults,
			   "invoice %.100s: its proof of the way cannot be read\n",
			   row->entry.document);
	arena_free(arena);
}

/* Of the journal of ways. */
static void
see_ways(void *context, const struct ledger_row *row)
{
	struct checking *c = context;
	struct ledger_hash hash = ledger_hash_of(row->text.at, cursor_left(&row->text));
	for (size_t i = 0; i < c->found.proofs; i++) {
		struct proof *p = &c->proofs[i];
		if (p->last_entry != row->entry.number)
			continue;
		p->is_there = memcmp(&p->last_hash, &hash, sizeof(hash)) == 0;
		p->is_another = !p->is_there;
	}
}

static void
tell_missing(struct checking *c)
{
	for (size_t i = 0; i < c->found.proofs; i++) {
		const struct proof *p = &c->proofs[i];
		if (p->last_entry && !p->is_there)
			buf_printf(&c->found.faults,
				   "invoice %.100s: its proof of the way rests on entry %" PRIu64
				   " of the ways, which is %s\n",
				   p->invoice, p->last_entry,
				   p->is_another ? "another one now" : "not there");
	}
}

/* --- files --- */

static int
refuse(const char *path, const char *reason)
{
	fprintf(stderr, "sarai ledger: %s: %s\n", path, reason);
	return -1;
}

/* The journal of ways of a folder: it may never have been made, when no proof rests on it. */
static int
verify_ways(struct checking *c, const char *path)
{
	struct buf faults = {0};
	struct ledger_head last;
	char reason[LEDGER_JOURNAL_REASON];
	struct ledger_journal_watcher watcher = {see_ways, c};
	struct ledger_journal_asked asked = {.watcher = &watcher};
	struct stat st;
	int result = 0;
	if (stat(path, &st) == 0) {
		result = ledger_journal_verify(path, asked, &last, &faults, reason);
		c->found.has_ways = result == 0;
		c->found.way_entries = result == 0 ? last.number : 0;
		if (result < 0)
			(void)refuse(path, reason);
		else
			journal_verify_ways(&c->found.faults, &faults);
	}
	if (result == 0)
		tell_missing(c);
	buf_fini(&faults);
	return result;
}

/* `folder` NULL: `path` is a journal by itself. 0, or -1 and it was told why. */
static int
verify(struct checking *c, const char *path, const char *folder, const struct ledger_hash *head)
{
	struct ledger_head last;
	char reason[LEDGER_JOURNAL_REASON];
	struct ledger_journal_watcher watcher = {see_invoice, c};
	struct ledger_journal_asked asked = {head, &watcher};
	if (ledger_journal_verify(path, asked, &last, &c->found.faults, reason) < 0)
		return refuse(path, reason);
	c->found.entries = last.number;
	char *ways = NULL;
	int result = 0;
	if (folder && asprintf(&ways, "%s/%s", folder, FOLDERS_WAYS) < 0)
		return refuse(path, "no memory");
	if (folder)
		result = verify_ways(c, ways);
	free(ways);
	return result == 0 && (c->no_memory || c->found.faults.failed) ? refuse(path, "no memory")
								       : result;
}

/* Of a folder the journal in it. To be freed; NULL: there is no memory. */
static char *
path_of(const char *where, bool is_folder)
{
	char *path = NULL;
	if (asprintf(&path, "%s%s%s", where, is_folder ? "/" : "",
		     is_folder ? FOLDERS_JOURNAL : "") < 0)
		return NULL;
	return path;
}

int
journal_verify_main(int argc, char **argv, bool json)
{
	struct ledger_hash head;
	bool has_head = argc == 5 && strcmp(argv[3], "--head") == 0;
	if ((argc != 3 && !has_head) || (has_head && ledger_hash_parse(&head, argv[4]) < 0))
		return CLI_USAGE;
	struct stat st;
	struct buf out = {0};
	struct checking c = {0};
	bool is_folder = stat(argv[2], &st) == 0 && S_ISDIR(st.st_mode);
	char *path = path_of(argv[2], is_folder);
	int status = CLI_REFUSED;
	if (!path) {
		(void)refuse(argv[2], "no memory");
	} else if (verify(&c, path, is_folder ? argv[2] : NULL, has_head ? &head : NULL) == 0) {
		view_journal_verified(&out, json ? VIEW_JSON : VIEW_TEXT, &c.found);
		buf_write(&out, stdout);
		status = c.found.faults.length ? CLI_REFUSED : CLI_OK;
	}
	for (size_t i = 0; i < c.found.proofs; i++)
		free(c.proofs[i].invoice);
	free(c.proofs);
	free(path);
	buf_fini(&c.found.faults);
	buf_fini(&out);
	return status;
}

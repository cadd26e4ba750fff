/* The journal in the ledger's process: verified. Both journals are read from the disk by a thread, which shares nothing
 * with the loop; then the proofs of all issued invoices are held against journal and bins, some at a turn. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock_io.h"
#include "main/journal_verify.h"
#include "main/ledger_books_parts.h"
#include "main/ledger_thread.h"
#include "view/view_journal.h"

/* --- the files --- */

/* A journal that is read from its first octet to its last. */
struct file {
	char path[4096]; /* "": there is none */
	struct ledger_hash head;
	bool has_head; /* which must be there */
	struct ledger_head last;
	struct buf faults;
	char reason[LEDGER_JOURNAL_REASON];
	int result;
};

enum { MONEY, WAYS, FILES };

struct files {
	struct file of[FILES];
};

static void
files_free(void *job)
{
	struct files *files = job;
	for (int i = 0; i < FILES; i++)
		buf_fini(&files->of[i].faults);
	free(files);
}

/* In the thread. */
static void
read_files(void *job)
{
	struct files *files = job;
	for (int i = 0; i < FILES; i++) {
		struct file *f = &files->of[i];
		if (f->path[0])
			f->result = ledger_journal_verify(
				f->path,
				(struct ledger_journal_asked){.head = f->has_head ? &f->head
										  : NULL},
				&f->last, &f->faults, f->reason);
	}
}

/* --- invoices --- */

/* The words on an invoice about the availability of its ways; NULL: it says nothing of it. */
static const char *
lived_words(const struct ledger_invoice *invoice)
{
	for (size_t i = 0; i < invoice->rule_count; i++)
		if (strncmp(invoice->rules[i], LEDGER_LIVED_WORDS, strlen(LEDGER_LIVED_WORDS)) == 0)
			return invoice->rules[i];
	return NULL;
}

/* Reckons that anew too. *fault is "" when it follows, or there are no such words. */
static void
check_lived(char fault[LEDGER_BOOKS_FAULT], struct arena *arena, struct ledger_books *books,
	    const struct ledger_invoice *invoice)
{
	const struct hub_contract *c = invoice->contract;
	const char *issued = lived_words(invoice), *now = NULL;
	const char **ports = arena_take(arena, (c->port_count + 1) * sizeof(*ports));
	struct ledger_lived lived;
	fault[0] = '\0';
	if (!issued)
		return;
	for (size_t i = 0; ports && i < c->port_count; i++)
		ports[i] = invoice->hub->ports[c->ports[i]].id;
	struct ledger_way_of of = {ports, c->port_count, invoice->member->asn};
	if (ports &&
	    ledger_books_lived(books, &of, invoice->period.from, invoice->period.to, &lived) == 0)
		now = ledger_lived_words(arena, &lived);
	if (!now)
		(void)snprintf(fault, LEDGER_BOOKS_FAULT,
			       "the availability of its ways cannot be reckoned");
	else if (strcmp(issued, now) != 0)
		(void)snprintf(fault, LEDGER_BOOKS_FAULT,
			       "the availability of its ways does not follow from the journal");
}

struct verifying {
	struct ledger_books *books;
	enum view_form form;
	struct ledger_thread *thread; /* reads the files; NULL: they were read */
	struct view_verified found;
	size_t bill; /* the next one */
};

static void
verifying_free(void *state)
{
	struct verifying *v = state;
	ledger_thread_free(v->thread);
	buf_fini(&v->found.faults);
	free(v);
}

/* The next bill. False when its proof is not reckoned yet. */
static bool
look_at(struct verifying *v, const struct ledger_issued *bill)
{
	struct ledger_books *books = v->books;
	char reason[LEDGER_JOURNAL_REASON] = "no memory", fault[LEDGER_BOOKS_FAULT] = "";
	char lived[LEDGER_BOOKS_FAULT] = "";
	struct ledger_books_proof proof = {0};
	enum ledger_books_way got = LEDGER_BOOKS_WAY_READY;
	struct arena *arena = arena_new();
	if (!arena || (!bill->received &&
		       ledger_books_proof_read(&proof, arena, books, bill->entry, reason) < 0))
		got = LEDGER_BOOKS_WAY_FAILED;
	else if (proof.has_way)
		got = ledger_books_proof_check(fault, arena, books, &proof, reason);
	v->found.proofs += proof.has_way && got != LEDGER_BOOKS_WAY_MORE;
	if (got == LEDGER_BOOKS_WAY_READY && !bill->received)
		check_lived(lived, arena, books, &proof.invoice);
	arena_free(arena);
	if (got == LEDGER_BOOKS_WAY_MORE)
		return false;
	if (got == LEDGER_BOOKS_WAY_FAILED || *fault)
		buf_printf(&v->found.faults, "invoice %.100s: %.180s\n", bill->id,
			   got == LEDGER_BOOKS_WAY_FAILED ? reason : fault);
	if (*lived)
		buf_printf(&v->found.faults, "invoice %.100s: %s\n", bill->id, lived);
	return true;
}

static void
end(struct verifying *v, struct control_answer *answer)
{
	view_journal_verified(&answer->body, v->form, &v->found);
	/* As JSON it says so itself. */
	if (v->found.faults.length && v->form != VIEW_JSON)
		control_error(answer, 409, "the journal is damaged, or a proof does not follow");
}

/* True when all bills were looked at. */
static bool
look_on(struct verifying *v)
{
	struct mono_us start = clock_mono();
	struct ledger_books_place place;
	do {
		const struct ledger_books *books = v->books;
		place = books->where(books->context);
		const struct ledger_journal *journal =
			books->file ? ledger_journal_of(books->file) : NULL;
		/* Without store there is nothing to hold them against. */
		v->found.reckoned = journal && place.desk;
		if (!v->found.reckoned || v->bill >= journal->documents.bill_count)
			return true;
		if (!look_at(v, &journal->documents.bills[v->bill]))
			return false;
		v->bill++;
	} while (clock_mono().us - start.us < place.turn_us);
	return false;
}

/* What was found in the files. False when the journal could not be read at all. */
static bool
take_files(struct verifying *v, struct files *files, struct control_answer *answer)
{
	struct file *money = &files->of[MONEY], *ways = &files->of[WAYS];
	if (money->result < 0) {
		control_error(answer, 503, "the journal: %.180s", money->reason);
		return false;
	}
	v->found.entries = money->last.number;
	v->found.faults = money->faults;
	money->faults = (struct buf){0};
	v->found.has_ways = ways->path[0] != '\0';
	v->found.way_entries = ways->last.number;
	if (ways->result < 0)
		buf_printf(&v->found.faults, "ways: %.200s\n", ways->reason);
	journal_verify_ways(&v->found.faults, &ways->faults);
	return true;
}

static bool
ready(void *state, struct control_answer *answer)
{
	struct verifying *v = state;
	if (v->thread) {
		struct files *files = ledger_thread_look(v->thread);
		if (!files)
			return false;
		if (!take_files(v, files, answer))
			return true;
		ledger_thread_free(v->thread);
		v->thread = NULL;
		answer->works = true;
	}
	if (!look_on(v))
		return false;
	end(v, answer);
	return true;
}

/* --- asked --- */

static struct files *
files_of(const struct ledger_books *books, const struct ledger_hash *head)
{
	struct files *files = calloc(1, sizeof(*files));
	const struct ledger_journal *said = ledger_books_said(books);
	if (!files)
		return NULL;
	struct file *money = &files->of[MONEY], *ways = &files->of[WAYS];
	memcpy(money->path, books->path, sizeof(money->path));
	money->has_head = head != NULL;
	if (head)
		money->head = *head;
	/* Nothing may ever have been said. */
	if (!said && !books->said_trouble[0])
		return files;
	memcpy(ways->path, books->said_path, sizeof(ways->path));
	ways->has_head = said && said->head.number;
	if (ways->has_head)
		ways->head = said->head.hash;
	return files;
}

void
ledger_books_verify(struct ledger_books *books, const struct ledger_hash *head, enum view_form form,
		    struct control_answer *answer)
{
	struct verifying *v = calloc(1, sizeof(*v));
	struct files *files = v ? files_of(books, head) : NULL;
	if (files)
		*v = (struct verifying){.books = books,
					.form = form,
					.thread =
						ledger_thread_start(read_files, files, files_free)};
	if (!files || !v->thread) {
		free(v);
		control_error(answer, 500, "no memory");
		return;
	}
	answer->state = v;
	answer->ready = ready;
	answer->done = verifying_free;
}

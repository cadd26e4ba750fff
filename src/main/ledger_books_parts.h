/* The parts of ledger_books; used by its files only. */
#pragma once

#include "hub/ways.h"
#include "ledger/ledger_journal_post.h"
#include "ledger/ledger_journal_question.h"
#include "main/ledger_books.h"
#include "view/view_form.h"

struct ledger_books {
	char path[4096];
	struct ledger_journal_file *file; /* NULL: see trouble */
	char trouble[LEDGER_JOURNAL_REASON];
	ledger_books_where *where;
	void *context;
	/* Issuing by itself: which contract is next, and the month it is about. */
	struct utc_s automatic_month;
	uint32_t automatic_next;
	int64_t automatic_after_s; /* not before */
	/* What the corridor says of its ways comes by this folder; NULL: none. */
	const char *told;
	const char *run;          /* where the exchange says by what routes go; NULL: nowhere */
	int64_t plain_looked_s;   /* when that was last looked at */
	struct utc_s plain_since; /* the moment that is put down, or needs not be */
	char said_path[4096];
	struct ledger_journal_file *said; /* that it said it; NULL: see said_trouble */
	char said_trouble[LEDGER_JOURNAL_REASON];
	struct ledger_books_whole { /* what was last said as a whole, to say what has changed since */
		struct arena *arena; /* NULL: it is not known, and the next is said whole */
		struct ways ways;
		uint64_t entry;
	} whole;
	struct ledger_books_month *month; /* of ways, the last that was asked for; NULL */
	struct ledger_books_gathered
		*gathered; /* what was said in that time, and maybe more; NULL */
};

static inline struct utc_s
ledger_books_now(const struct ledger_books *books)
{
	return books->where(books->context).now;
}

/* A command on its way to the journal. */
struct ledger_deed {
	struct ledger_books *books;
	struct ledger_drafts drafts;
	struct ledger_order order;
	char by[80];
	char note[160]; /* what is told beside the entries; "" */
};
/* `peer`: who asks. `reason` and `key` last as long as the deed. */
void ledger_deed_begin(struct ledger_deed *deed, struct ledger_books *books,
		       struct control_peer peer, const char *reason, const char *key);
/* Adds what was posted (`result` of ledger_post_...). 0: it is on the disk, or was known; else the
 * status, with the complaint in order.complaint. */
int ledger_deed_carry_out(struct ledger_deed *deed, int result);
void ledger_deed_end(struct ledger_deed *deed);

/* --- ledger_books_issue.c --- */
void ledger_books_issue(struct ledger_books *books, const struct ledger_journal_question *question,
			enum view_form form, struct control_peer peer,
			struct control_answer *answer);
bool ledger_books_issue_turn(struct ledger_books *books);
/* What a charge is made of by account: "revenue:KIND" (`prefix` and the kinds of its lines), and "tax";
 * from `arena`, with room for its lines. SIZE_MAX if that does not fit, or there is no memory. */
size_t ledger_books_accounts(struct ledger_posting *parts, struct arena *arena, const char *prefix,
			     const struct ledger_charge *charge);
/* The day that the document says of a moment, whatever the zone it says it in. */
struct utc_s ledger_books_day(const struct ledger_invoice *invoice, struct utc_s moment);

/* --- ledger_books_ways.c --- */
/* Opens the journal of ways if it is not open, and takes in what the corridor has said, some of it at a time.
 * True when there is more. */
bool ledger_books_ways_turn(struct ledger_books *books);
/* Puts ways down; *text is their text, and is used up. False when it is to be tried again. */
bool ledger_books_put_ways(struct ledger_books *books, const struct ways *ways, const char *number,
			   const char *by, struct buf *text);
/* What is in it; NULL: it is not open. */
const struct ledger_journal *ledger_books_said(const struct ledger_books *books);
/* Forgets what was last said as a whole. */
void ledger_books_whole_free(struct ledger_books_whole *whole);

/* --- ledger_books_month.c --- */
/* What the last ways say by their own time, read into `arena`; NULL: there are none, or they cannot be read. */
const struct ways *ledger_books_last_ways(struct ledger_books *books, struct arena *arena);
void ledger_books_month_free(struct ledger_books_month *month);
void ledger_books_gathered_free(struct ledger_books_gathered *gathered);

enum ledger_books_way {
	LEDGER_BOOKS_WAY_READY,
	LEDGER_BOOKS_WAY_MORE,    /* a part was read: ask again */
	LEDGER_BOOKS_WAY_NOTHING, /* the journal says nothing of ways in that time */
	LEDGER_BOOKS_WAY_FAILED,  /* with the reason */
};
/* Seconds that what was measured from `from` on can be told apart by. */
uint32_t ledger_books_way_bin(const struct ledger_books_place *place, struct utc_s from);
/* The ways of a time, read a few milliseconds at a call and kept until journal or store have more of it.
 * *month lasts until the next call. A time of which nothing was said, though something was of another, is NOTHING,
 * or with `silent` one of which no way is known. */
enum ledger_books_way ledger_books_way_month(struct ledger_way_month **month,
					     struct ledger_books *books, struct utc_s from,
					     struct utc_s to, bool silent,
					     char reason[LEDGER_JOURNAL_REASON]);
/* The proof of a contract's ports in a time. */
enum ledger_books_way ledger_books_way_of(struct ledger_way *out, struct arena *arena,
					  struct ledger_books *books,
					  const struct ledger_invoice *invoice, bool silent,
					  char reason[LEDGER_JOURNAL_REASON]);

/* For how long ports had no way in a time: of `books` (struct ledger_others). */
int ledger_books_lived(void *books, const struct ledger_way_of *of, struct utc_s from,
		       struct utc_s to, struct ledger_lived *out);

/* --- ledger_books_plain.c --- */
/* When the exchange no longer goes by a plan and the corridor does not say so itself, puts that down. */
void ledger_books_plain_turn(struct ledger_books *books);

/* --- ledger_books_way.c --- */
void ledger_books_way_show(struct ledger_books *books,
			   const struct ledger_journal_question *question, enum view_form form,
			   struct control_answer *answer);
/* The proof on an invoice, and whose. */
struct ledger_books_proof {
	struct ledger_invoice invoice;
	struct ledger_way way;
	bool has_way;
};
/* Reads the invoice of an entry. 0, or -1 with the reason. */
int ledger_books_proof_read(struct ledger_books_proof *out, struct arena *arena,
			    struct ledger_books *books, uint64_t entry,
			    char reason[LEDGER_JOURNAL_REASON]);
enum { LEDGER_BOOKS_FAULT = 160 };
/* Reckons it anew. READY: *fault is "" when it follows; else as ledger_books_way_of. */
enum ledger_books_way ledger_books_proof_check(char fault[LEDGER_BOOKS_FAULT], struct arena *arena,
					       struct ledger_books *books,
					       const struct ledger_books_proof *proof,
					       char reason[LEDGER_JOURNAL_REASON]);

/* --- ledger_books_verify.c --- */
/* Reads both journals anew and holds all issued invoices against them. `head` must be in that of money; NULL: any. */
void ledger_books_verify(struct ledger_books *books, const struct ledger_hash *head,
			 enum view_form form, struct control_answer *answer);

/* --- ledger_books_receive.c --- */
/* 0, or the status, with the complaint in the deed's order. */
int ledger_books_receive(struct ledger_deed *deed, const struct ledger_journal_question *question);
int ledger_books_adjust(struct ledger_deed *deed, const struct ledger_journal_question *question);

/* --- ledger_books_show.c --- */
void ledger_books_show(struct ledger_books *books, const struct ledger_journal_question *question,
		       enum view_form form, struct control_answer *answer);
/* The documents of all settlements so far, in order, from `arena`. 0, or -1 with the reason. */
int ledger_books_settlements(struct ledger_books *books, struct arena *arena,
			     const struct ledger_settlement ***out, size_t *count,
			     char reason[LEDGER_JOURNAL_REASON]);

/* --- ledger_books_reconcile.c --- */
void ledger_books_reconcile(struct ledger_books *books,
			    const struct ledger_journal_question *question,
			    const struct control_request *request, struct control_answer *answer);

/* The book of changes: what each change of the order of exits was made for, what it moved, and how long it took until
 * the first and the last UPDATE of it was handed to a socket. And the alarm of the dead man's switch. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/exchange_private.h"

static struct exchange_steer_change *
newest(struct exchange_steer_book *book)
{
	return book->count ? &book->ring[(book->count - 1) % EXCHANGE_STEER_CHANGES] : NULL;
}

const struct exchange_steer_change *
exchange_steer_change_at(const struct exchange *x, size_t back)
{
	const struct exchange_steer_book *book = &x->steer.book;
	if (back >= book->count || back >= EXCHANGE_STEER_CHANGES)
		return NULL;
	return &book->ring[(book->count - 1 - back) % EXCHANGE_STEER_CHANGES];
}

static bool
is_waited_for(const struct exchange_steer_book *book, unsigned slot)
{
	return book->open && slot < book->slots && book->waiting[slot];
}

void
exchange_steer_book_begin(struct exchange *x, const struct exchange_steer_change *change,
			  struct mono_us taken)
{
	struct exchange_steer_book *book = &x->steer.book;
	bool *waiting = realloc(book->waiting, (x->slots + 1u) * sizeof(*waiting));
	if (waiting)
		book->waiting = waiting;
	book->slots = waiting ? x->slots : 0;
	book->open = book->stepping = true;
	book->taken = taken;
	for (unsigned slot = 0; slot < book->slots; slot++) {
		uint32_t session = x->peers[slot].id ? x->peers[slot].hub_session : HUB_NONE;
		waiting[slot] =
			session != HUB_NONE && x->hub->sessions[session].transit != HUB_AS_NONE;
	}
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		book->from[i] = rib_out_end(x->ribs[i]);
	book->count++;
	*newest(book) = *change;
	newest(book)->first_us = newest(book)->last_us = -1;
}

/* All that it moved has been written for those who read it. */
static void
end_of_steps(struct exchange *x)
{
	struct exchange_steer_book *book = &x->steer.book;
	struct exchange_steer_change *change = newest(book);
	book->stepping = false;
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		book->to[i] = rib_out_end(x->ribs[i]);
		change->moved[i] = rib_steer_moved(x->ribs[i]);
		for (unsigned slot = 0; slot < x->slots; slot++) {
			struct rib_steer_shift shift = rib_steer_shift_of(x->ribs[i], slot);
			change->routes_to += shift.to;
			change->routes_from += shift.from;
			x->peers[slot].steered.to += shift.to;
			x->peers[slot].steered.from += shift.from;
		}
	}
}

/* Has it been sent all of the change? */
static bool
is_done(const struct exchange *x, unsigned slot)
{
	const struct exchange_steer_book *book = &x->steer.book;
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		if (rib_session_is_open(x->ribs[i], slot) &&
		    !rib_out_is_past(x->ribs[i], slot, book->to[i]))
			return false;
	return true;
}

void
exchange_steer_book_turn(struct exchange *x, bool more)
{
	struct exchange_steer_book *book = &x->steer.book;
	bool any = false;
	if (!book->open)
		return;
	if (book->stepping && !more)
		end_of_steps(x);
	for (unsigned slot = 0; slot < book->slots && !book->stepping; slot++) {
		book->waiting[slot] = book->waiting[slot] && !is_done(x, slot);
		any |= book->waiting[slot];
	}
	book->open = book->stepping || any;
	if (!book->open)
		newest(book)->is_sent = true;
}

void
exchange_steer_book_sent(struct exchange *x, unsigned slot, unsigned family, struct mono_us now)
{
	struct exchange_steer_book *book = &x->steer.book;
	const struct rib *rib = x->ribs[family];
	/* What it was sent before comes first. */
	if (!is_waited_for(book, slot) ||
	    (rib_out_in_front(rib, slot) && (rib_out_end(rib) == book->from[family] ||
					     !rib_out_is_past(rib, slot, book->from[family] + 1))))
		return;
	struct exchange_steer_change *change = newest(book);
	int64_t us = now.us - book->taken.us;
	change->last_us = us > 0 ? us : 0;
	if (change->first_us < 0)
		change->first_us = change->last_us;
}

void
exchange_steer_book_fini(struct exchange *x)
{
	free(x->steer.book.waiting);
}

struct rib_steer_shift
exchange_steer_moves_of(const struct exchange *x, unsigned slot)
{
	return slot < x->slots && x->peers[slot].id ? x->peers[slot].steered
						    : (struct rib_steer_shift){0};
}

bool
exchange_steer_alarm(const struct exchange *x, char out[EXCHANGE_STEER_ALARM])
{
	const struct exchange_steer *s = &x->steer;
	char since[CLOCK_TEXT];
	if (!s->plan || s->state == EXCHANGE_STEER_BY_PLAN || s->state == EXCHANGE_STEER_NONE)
		return false;
	utc_format(since, s->plan->good_until);
	if (s->state == EXCHANGE_STEER_HELD)
		(void)snprintf(out, EXCHANGE_STEER_ALARM,
			       "Overdue since %s; plain BGP %u s after that", since,
			       x->hub->transit.hold_s);
	else if (s->state == EXCHANGE_STEER_PLAIN)
		(void)snprintf(out, EXCHANGE_STEER_ALARM,
			       "None in time since %s: routes go by plain BGP", since);
	else
		(void)snprintf(
			out, EXCHANGE_STEER_ALARM,
			"Plans come again; routes go by them when they came in time for %u s",
			x->hub->transit.return_s);
	return true;
}

/* Which words ask for which answer of the exchange. */
#include "view/view_exchange.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "view/view_exchange_parts.h"

int
view_exchange_complain(struct view_exchange_complaint *complaint, int status, const char *format,
		       ...)
{
	va_list args;
	va_start(args, format);
	complaint->status = status;
	(void)vsnprintf(complaint->text, sizeof(complaint->text), format, args);
	va_end(args);
	return -1;
}

char *
view_age(char out[VIEW_AGE_TEXT], int64_t seconds)
{
	long long s = seconds < 0 ? 0 : seconds;
	if (s >= 86400)
		(void)snprintf(out, VIEW_AGE_TEXT, "%lldd %lldh", s / 86400 % 100000,
			       s % 86400 / 3600);
	else if (s >= 3600)
		(void)snprintf(out, VIEW_AGE_TEXT, "%lldh %lldm", s / 3600, s % 3600 / 60);
	else if (s >= 60)
		(void)snprintf(out, VIEW_AGE_TEXT, "%lldm %llds", s / 60, s % 60);
	else
		(void)snprintf(out, VIEW_AGE_TEXT, "%llds", s);
	return out;
}

/* Answers that take no further word. */
static const struct {
	const char *word;
	void (*text)(struct buf *out, struct exchange *x);
	void (*json)(struct buf *out, struct exchange *x);
} plain[] = {
	{"members", view_exchange_members_text, view_exchange_members_json},
	{"sessions", view_exchange_sessions_text, view_exchange_sessions_json},
	{"participants", view_exchange_participants, view_exchange_participants},
};

static int
answer_member(struct buf *out, struct exchange *x, enum view_exchange_form form, const char *name,
	      struct view_exchange_complaint *complaint)
{
	uint32_t member = hub_member_by_name(exchange_hub(x), name);
	if (member == HUB_NONE)
		return view_exchange_complain(complaint, 404, "there is no member %.100s", name);
	if (form == VIEW_EXCHANGE_JSON)
		view_exchange_member_json(out, x, member);
	else
		view_exchange_member_text(out, x, member);
	return 0;
}

static int
answer_show(struct buf *out, struct view_exchange_more **more, struct exchange *x,
	    enum view_exchange_form form, const char *const *words, size_t count,
	    struct view_exchange_complaint *complaint)
{
	if (strcmp(words[0], "routes") == 0 || strcmp(words[0], "filtered") == 0)
		return view_exchange_list(out, more, x, form, words, count, complaint);
	if (form == VIEW_EXCHANGE_CSV)
		return view_exchange_complain(complaint, 400, "there is no CSV of %.100s",
					      words[0]);
	if (strcmp(words[0], "route") == 0 && count == 2)
		return view_exchange_route(out, more, x, form, words[1], complaint);
	if (strcmp(words[0], "route") == 0)
		return view_exchange_complain(
			complaint, 400, "expected show route PREFIX, ADDRESS, AS number or member");
	if (strcmp(words[0], "member") == 0 && count == 2)
		return answer_member(out, x, form, words[1], complaint);
	if (strcmp(words[0], "member") == 0)
		return view_exchange_complain(complaint, 400,
					      "expected show member ASN, or the member's name");
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (strcmp(words[0], plain[i].word) != 0)
			continue;
		if (count != 1)
			return view_exchange_complain(complaint, 400,
						      "show %s takes no further word, found "
						      "\"%.100s\"",
						      plain[i].word, words[1]);
		(form == VIEW_EXCHANGE_JSON ? plain[i].json : plain[i].text)(out, x);
		return 0;
	}
	return view_exchange_complain(complaint, 404, "the exchange has no answer to show %.100s",
				      words[0]);
}

int
view_exchange_answer(struct buf *out, struct view_exchange_more **more, struct exchange *x,
		     enum view_exchange_form form, const char *const *words, size_t count,
		     struct view_exchange_complaint *complaint)
{
	*more = NULL;
	int result;
	if (count >= 2 && strcmp(words[0], "show") == 0) {
		result = answer_show(out, more, x, form, words + 1, count - 1, complaint);
	} else if (count == 2 && strcmp(words[0], "metrics") == 0) {
		view_exchange_metrics(out, x);
		result = 0;
	} else {
		return view_exchange_complain(complaint, 404,
					      "the exchange has no answer to \"%.100s\"",
					      count ? words[0] : "");
	}
	if (result == 0 && out->failed) {
		view_exchange_more_free(*more);
		*more = NULL;
		return view_exchange_complain(complaint, 500, "out of memory");
	}
	return result;
}

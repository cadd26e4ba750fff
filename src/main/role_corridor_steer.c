/* Commands about the live state of the corridor, and its steering:
 *
 *	corridor cut NAMES [--until T] [--reason TEXT] [--preview]
 *	corridor drain NAMES [the same]
 *	corridor work NAMES --from T --until T [--reason TEXT] [--preview]
 *	corridor restore NAMES [--reason TEXT] [--preview]
 *	corridor hear SOURCE up|down, by HTTP with --token T --by FROM before the last word; or without words: lines of these in the file that goes along
 *	corridor cut|drain|restore NAMES --preview --plan     the exchange asks: the plan of exits that would follow, encoded
 *	corridor steer
 *	show corridor events
 *	show corridor live
 *
 * NAMES are segments, cables, risks, countries, operators or sites, with commas between: what is ordered is done to all
 * of them at once, or to none. */
#include "main/role_corridor_steer.h"

#include <stdio.h>
#include <string.h>

#include "base/clock_io.h"
#include "base/json.h"
#include "base/log.h"
#include "main/peer_name_io.h"

static const char usage[] =
	"expected: corridor cut|drain|restore NAME[,NAME...], or corridor work NAME[,NAME...] "
	"--from TIME --until TIME; "
	"with --until TIME, --reason TEXT, --preview";

enum {
	HEARD_LINE = 128, /* an id has at most 64 octets */
	NAME_ROOM = 256,
	THINGS_MAX = 64, /* of one order */
};

/* An order as it was typed: the same of each thing. */
struct typed {
	struct corridor_order order; /* without a thing */
	struct corridor_order orders[THINGS_MAX];
	size_t count;
	bool preview, plan;
	char name[72],
		by[88]; /* of who has the token, and where it was shown; each with what follows it */
	char who[CORRIDOR_ORDER_TEXT_MAX + 1];
};

/* The state that a word orders; -1: it is none of these. */
static int
live_of(const char *word)
{
	static const struct {
		const char *word;
		enum corridor_live live;
	} words[] = {{"restore", CORRIDOR_UP},
		     {"work", CORRIDOR_WORK},
		     {"drain", CORRIDOR_DRAINED},
		     {"cut", CORRIDOR_CUT}};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, word) == 0)
			return (int)words[i].live;
	return -1;
}

/* The value of the option at words[*at] if it is called `name`, and *at is on its last word; "--name X" or
 * "--name=X". NULL: it is another one, or has no value. */
static const char *
value_of(const struct control_request *request, size_t *at, const char *name)
{
	const char *word = request->words[*at];
	size_t length = strlen(name);
	if (strncmp(word, name, length) != 0)
		return NULL;
	if (word[length] == '=')
		return word + length + 1;
	if (word[length] || *at + 1 >= request->count)
		return NULL;
	return request->words[++*at];
}

static bool
take_time(struct utc_s *out, const char *text, struct control_answer *answer)
{
	if (utc_parse(out, text) == 0)
		return true;
	control_error(answer, 400, "found \"%.80s\", expected a time: 2026-11-21T12:00:00Z", text);
	return false;
}

/* Whose token it is: it is known before the corridor is asked by HTTP. */
static bool
take_giver(struct typed *typed, const struct hub *hub, const char *token,
	   struct control_answer *answer)
{
	const struct hub_steering_token *giver = hub_steering_whose(hub, token);
	if (!giver) {
		control_error(answer, 401, "the token is missing or wrong");
		return false;
	}
	(void)snprintf(typed->name, sizeof(typed->name), "%.64s, ", giver->name);
	return true;
}

static bool
take_options(struct typed *typed, const struct hub *hub, const struct control_request *request,
	     struct control_answer *answer)
{
	struct corridor_order *order = &typed->order;
	for (size_t at = 3; at < request->count; at++) {
		const char *value;
		if (strcmp(request->words[at], "--preview") == 0) {
			typed->preview = true;
		} else if (typed->preview && strcmp(request->words[at], "--plan") == 0) {
			typed->plan = true;
		} else if ((value = value_of(request, &at, "--reason"))) {
			order->why = value;
		} else if ((value = value_of(request, &at, "--token"))) {
			if (!take_giver(typed, hub, value, answer))
				return false;
		} else if ((value = value_of(request, &at, "--by"))) {
			(void)snprintf(typed->by, sizeof(typed->by), "%.80s, ", value);
		} else if (order->live != CORRIDOR_UP &&
			   (value = value_of(request, &at, "--until"))) {
			if (!take_time(&order->until, value, answer))
				return false;
		} else if (order->live == CORRIDOR_WORK &&
			   (value = value_of(request, &at, "--from"))) {
			if (!take_time(&order->from, value, answer))
				return false;
		} else {
			control_error(answer, 400, "%s", usage);
			return false;
		}
	}
	return true;
}

/* Was it named before? */
static bool
is_named(const struct typed *typed, enum corridor_kind kind, const char *id)
{
	for (size_t i = 0; i < typed->count; i++)
		if (typed->orders[i].kind == kind && strcmp(typed->orders[i].id, id) == 0)
			return true;
	return false;
}

/* One thing more that is ordered. False after the complaint. */
static bool
take_thing(struct typed *typed, const struct corridor_plan *plan, const char *name,
	   struct control_answer *answer)
{
	struct corridor_named named;
	struct corridor_complaint complaint;
	if (typed->count == THINGS_MAX) {
		control_error(answer, 400, "more than %d names in one order", THINGS_MAX);
		return false;
	}
	if (corridor_named_find(&named, plan, CORRIDOR_EVERY_KIND, name, &complaint) < 0) {
		control_error(answer, complaint.status, "%s", complaint.text);
		return false;
	}
	if (named.index == HUB_NONE) {
		control_error(answer, 404, "no segment crosses %.200s", name);
		return false;
	}
	const char *id = corridor_named_id(plan, named);
	if (is_named(typed, named.kind, id)) {
		control_error(answer, 400, "%s %.100s is named twice",
			      corridor_kind_word(named.kind), id);
		return false;
	}
	struct corridor_order *order = &typed->orders[typed->count++];
	order->kind = named.kind;
	order->id = id;
	return true;
}

/* Names with commas between; what has a comma in its own name is meant by the whole of it. False after the
 * complaint. */
static bool
take_things(struct typed *typed, const struct corridor_plan *plan, const char *names,
	    struct control_answer *answer)
{
	struct corridor_named named;
	struct corridor_complaint complaint;
	if (!strchr(names, ',') ||
	    corridor_named_find(&named, plan, CORRIDOR_EVERY_KIND, names, &complaint) == 0)
		return take_thing(typed, plan, names, answer);
	for (const char *rest = names;; rest++) {
		char name[NAME_ROOM];
		size_t length = strcspn(rest, ",");
		if (length == 0 || length >= sizeof(name)) {
			control_error(answer, 400, "found \"%.80s\", expected %s", names,
				      length ? "shorter names"
					     : "a name before and after each comma");
			return false;
		}
		(void)snprintf(name, sizeof(name), "%.*s", (int)length, rest);
		if (!take_thing(typed, plan, name, answer))
			return false;
		rest += length;
		if (!*rest)
			return true;
	}
}

/* False after the complaint. */
static bool
take_order(struct typed *typed, const struct corridor_plan *plan,
	   const struct control_request *request, struct control_answer *answer)
{
	struct utc_s now = clock_utc();
	if (request->count < 3) {
		control_error(answer, 400, "%s", usage);
		return false;
	}
	if (!take_things(typed, plan, request->words[2], answer))
		return false;
	typed->order = (struct corridor_order){
		.live = (enum corridor_live)live_of(request->words[1]),
		.given = now,
		.who = typed->who,
		.why = "",
	};
	if (!take_options(typed, plan->hub, request, answer))
		return false;
	struct corridor_order *order = &typed->order;
	char peer[PEER_NAME];
	(void)snprintf(typed->who, sizeof(typed->who), "%s%s%s", typed->name, typed->by,
		       peer_name(peer, request->peer));
	if (order->live == CORRIDOR_WORK && (!order->from.s || !order->until.s)) {
		control_error(answer, 400, "%s", usage);
		return false;
	}
	if (!order->from.s)
		order->from = now;
	if (order->until.s && (order->until.s <= order->from.s || order->until.s <= now.s)) {
		control_error(answer, 400, "it would end before it begins, or is over");
		return false;
	}
	for (size_t i = 0; i < typed->count; i++) {
		struct corridor_order *one = &typed->orders[i];
		enum corridor_kind kind = one->kind;
		const char *id = one->id;
		*one = *order;
		one->kind = kind;
		one->id = id;
	}
	return true;
}

/* False, after the complaint about the thing that is in the way, when it did not come to anything. */
static bool
came_to_something(enum corridor_state_result result, const struct corridor_order *wrong,
		  struct control_answer *answer)
{
	const char *kind = corridor_kind_word(wrong->kind);
	switch (result) {
	case CORRIDOR_STATE_DONE:
		return true;
	case CORRIDOR_STATE_AS_IT_WAS:
		control_error(answer, 409, "%s %.100s: that is ordered already", kind, wrong->id);
		break;
	case CORRIDOR_STATE_OVERRULED:
		control_error(answer, 409, "%s %.100s: the operator has restored it", kind,
			      wrong->id);
		break;
	case CORRIDOR_STATE_NOTHING:
		control_error(answer, 404,
			      "nothing is ordered of %s %.100s itself; what is: corridor steer",
			      kind, wrong->id);
		break;
	case CORRIDOR_STATE_FULL:
		control_error(answer, 409, "%d orders stand already", CORRIDOR_ORDERS_MAX);
		break;
	case CORRIDOR_STATE_LONG:
		control_error(answer, 400, "a text has more than %d octets",
			      CORRIDOR_ORDER_TEXT_MAX);
		break;
	case CORRIDOR_STATE_NO_MEMORY:
		control_error(answer, 500, "out of memory");
		break;
	}
	return false;
}

static void
answer_order_json(struct buf *out, const struct typed *typed, const char *word, uint64_t plan)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	/* Of one thing, and of several the first. */
	json_str(&j, "kind", corridor_kind_word(typed->orders[0].kind));
	json_str(&j, "id", typed->orders[0].id);
	json_array(&j, "things");
	for (size_t i = 0; i < typed->count; i++) {
		json_object(&j, NULL);
		json_str(&j, "kind", corridor_kind_word(typed->orders[i].kind));
		json_str(&j, "id", typed->orders[i].id);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_str(&j, "state", word);
	json_u64(&j, "plan", plan);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
answer_order(struct corridor_steering *steering, const struct typed *typed,
	     const struct control_request *request, struct control_answer *answer)
{
	size_t wrong = 0;
	enum corridor_state_result result =
		corridor_steering_order(steering, typed->orders, typed->count, &wrong);
	if (!came_to_something(result, &typed->orders[wrong], answer))
		return;
	struct view_corridor_steering view = corridor_steering_view(steering);
	bool done = typed->order.from.s <= view.now.s;
	const char *word = !done ? "planned"
			   : typed->order.live == CORRIDOR_UP
				   ? "restored"
				   : corridor_live_word(typed->order.live);
	if (request->form == CONTROL_JSON) {
		answer_order_json(&answer->body, typed, word, view.plan ? view.plan->number : 0);
		return;
	}
	for (size_t i = 0; i < typed->count; i++)
		buf_printf(&answer->body, "%s %s: %s\n", corridor_kind_word(typed->orders[i].kind),
			   typed->orders[i].id, word);
}

static void
give_order(struct corridor_steering *steering, const struct corridor_plan *plan,
	   const struct corridor_preview_load *measured, const struct control_request *request,
	   struct control_answer *answer)
{
	struct typed typed = {.preview = false};
	if (!take_order(&typed, plan, request, answer))
		return;
	if (!typed.preview) {
		answer_order(steering, &typed, request, answer);
		return;
	}
	enum corridor_state_result result = CORRIDOR_STATE_NO_MEMORY;
	size_t wrong = 0;
	struct corridor_preview_ask ask = {typed.orders, typed.count, *measured,
					   (enum view_corridor_form)request->form};
	if (typed.plan && !corridor_steering_view(steering).steer) {
		control_error(answer, 409, "the corridor steers nothing");
		return;
	}
	if ((typed.plan ? corridor_steering_ahead : corridor_steering_preview)(
		    steering, &ask, &result, &wrong, &answer->body) < 0)
		result = CORRIDOR_STATE_NO_MEMORY;
	(void)came_to_something(result, &typed.orders[wrong], answer);
}

/* "SOURCE WORD" of one line; what is left of the lines is taken. False: it is no such line. */
static bool
hear_line(struct corridor_steering *steering, struct cursor *lines)
{
	char line[HEARD_LINE], *space;
	size_t length = 0;
	int c = 0;
	while (cursor_left(lines) && (c = cursor_u8(lines)) != '\n')
		if (length < sizeof(line) - 1)
			line[length++] = (char)c;
	line[length] = '\0';
	space = strchr(line, ' ');
	if (!space)
		return false;
	*space = '\0';
	int word = corridor_word_parse(space + 1);
	return word >= 0 && corridor_steering_hear(steering, line, (enum corridor_word)word);
}

/* One source's word: how many were heard, which is 0 after the complaint. */
static unsigned
hear_word(struct corridor_steering *steering, const char *source, const char *text,
	  struct control_answer *answer)
{
	int word = corridor_word_parse(text);
	if (word < 0)
		control_error(answer, 400, "found \"%.60s\", expected up or down", text);
	else if (!corridor_steering_hear(steering, source, (enum corridor_word)word))
		control_error(answer, 404, "there is no source %.100s of segments", source);
	else
		return 1;
	return 0;
}

/* What machines tell of segments: a source that is not there any more is passed over in a file, as it may come from
 * a process that has not got the new picture yet. */
static void
hear(struct corridor_steering *steering, const struct hub *hub,
     const struct control_request *request, struct control_answer *answer)
{
	unsigned heard = 0;
	if (request->count == 4) {
		heard = hear_word(steering, request->words[2], request->words[3], answer);
	} else if (request->count == 8 && strcmp(request->words[3], "--token") == 0 &&
		   strcmp(request->words[5], "--by") == 0) {
		struct typed typed = {.preview = false};
		if (!take_giver(&typed, hub, request->words[4], answer))
			return;
		heard = hear_word(steering, request->words[2], request->words[7], answer);
		if (heard)
			log_info("segment source %s: %s, says %s%s", request->words[2],
				 request->words[7], typed.name, request->words[6]);
	} else if (request->count == 2 && request->body) {
		struct cursor lines = cursor_of(request->body, request->body_length);
		while (cursor_left(&lines))
			heard += hear_line(steering, &lines);
	} else {
		control_error(answer, 400, "expected: corridor hear SOURCE up|down");
		return;
	}
	if (answer->status)
		return;
	corridor_steering_heard(steering);
	if (request->form == CONTROL_JSON)
		buf_printf(&answer->body, "{\"heard\":%u}\n", heard);
	else
		buf_printf(&answer->body, "heard %u\n", heard);
}

bool
role_corridor_steer(struct corridor_steering *steering, const struct corridor_plan *plan,
		    const struct corridor_preview_load *measured,
		    const struct control_request *request, struct control_answer *answer)
{
	enum view_corridor_form form = (enum view_corridor_form)request->form;
	const char *const *words = request->words;
	bool steer = request->count == 2 && strcmp(words[0], "corridor") == 0 &&
		     strcmp(words[1], "steer") == 0;
	bool show = request->count == 3 && strcmp(words[0], "show") == 0 &&
		    strcmp(words[1], "corridor") == 0;
	bool events = show && strcmp(words[2], "events") == 0;
	bool live = show && strcmp(words[2], "live") == 0;
	if (steer || events || live) {
		struct view_corridor_steering view = corridor_steering_view(steering);
		if (steer)
			view_corridor_steer(&answer->body, &view, form);
		else if (live)
			view_corridor_live(&answer->body, &view, form);
		else
			view_corridor_events(&answer->body, &view, form);
		return true;
	}
	if (request->count < 2 || strcmp(words[0], "corridor") != 0)
		return false;
	if (strcmp(words[1], "hear") == 0) {
		hear(steering, plan->hub, request, answer);
		return true;
	}
	if (live_of(words[1]) < 0)
		return false;
	give_order(steering, plan, measured, request, answer);
	return true;
}

/* Flow records on their way from the files to who asks. */
#include "main/role_meter_flows.h"

#include <stdlib.h>
#include <string.h>

#include "meter/flow_keep_io.h"
#include "view/view_watch_flows.h"

enum { HOUR_S = 3600 };

struct listing {
	char *folder;
	struct asn member;
	enum view_form form;
	struct view_flows_wish wish;
	struct utc_s *hours;
	size_t hour_count, at;
	struct flow_keep_file file; /* fd -1: the next hour is to be opened */
	struct buf bytes;
	uint64_t given;
	bool begun, ended;
};

static void
done(void *state)
{
	struct listing *l = state;
	flow_keep_close(&l->file);
	buf_fini(&l->bytes);
	free(l->hours);
	free(l->folder);
	free(l);
}

static void
give_block(struct listing *l, struct buf *out)
{
	struct flow_block block;
	struct flow_record record;
	struct arena *arena = arena_new();
	if (arena && flow_block_open(&block, arena, cursor_of(l->bytes.data, l->bytes.length)) == 0)
		while (l->given < l->wish.limit && flow_block_next(&block, &record))
			l->given +=
				view_flows_record(out, l->form, &l->wish, &record, l->given == 0);
	arena_free(arena);
}

/* The next hour that can hold what is asked for. False: there is none. */
static bool
open_next(struct listing *l)
{
	while (l->at < l->hour_count) {
		struct utc_s hour = l->hours[l->at++];
		if (hour.s + HOUR_S + FLOW_KEEP_WAIT_S <= l->wish.from.s || hour.s >= l->wish.to.s)
			continue;
		if (flow_keep_open(&l->file, l->folder, l->member, hour) == 0)
			return true;
	}
	return false;
}

static bool
more(void *state, struct buf *out)
{
	struct listing *l = state;
	if (l->ended)
		return false;
	if (!l->begun)
		view_flows_begin(out, l->form);
	l->begun = true;
	if (l->file.fd < 0 && (l->given >= l->wish.limit || !open_next(l))) {
		view_flows_end(out, l->form);
		l->ended = true;
		return true;
	}
	if (l->given < l->wish.limit && flow_keep_read(&l->file, &l->bytes))
		give_block(l, out);
	else
		flow_keep_close(&l->file);
	return true;
}

/* "from T to T peer ASN limit N", in any order. False: it is not that. */
static bool
read_wish(struct view_flows_wish *out, const struct control_request *request)
{
	*out = (struct view_flows_wish){.to = {INT64_MAX}, .limit = UINT64_MAX};
	for (size_t i = 3; i < request->count; i += 2) {
		const char *key = request->words[i];
		const char *value = i + 1 < request->count ? request->words[i + 1] : "";
		char *end = NULL;
		if (strcmp(key, "from") == 0 && utc_parse(&out->from, value) == 0)
			continue;
		if (strcmp(key, "to") == 0 && utc_parse(&out->to, value) == 0)
			continue;
		if (strcmp(key, "peer") == 0 && asn_parse(&out->other, value) == 0)
			continue;
		if (strcmp(key, "limit") != 0 || *value < '1' || *value > '9')
			return false;
		out->limit = strtoull(value, &end, 10);
		if (*end)
			return false;
	}
	return true;
}

void
role_meter_flows(const struct role_context *context, const struct control_request *request,
		 struct control_answer *answer)
{
	struct view_flows_wish wish;
	const struct hub *hub = context->hub;
	if (request->count < 3 || !read_wish(&wish, request)) {
		control_error(answer, 400,
			      "expected: show flows ASN|NAME [from T] [to T] [peer ASN] [limit N]");
		return;
	}
	uint32_t index = hub_member_by_name(hub, request->words[2]);
	if (index == HUB_NONE) {
		control_error(answer, 404, "there is no member %.100s", request->words[2]);
		return;
	}
	if (!hub->members[index].flow_records.keep_days) {
		control_error(answer, 404,
			      "no flow records are kept of AS%u: it has not asked for it "
			      "(flow_records)",
			      hub->members[index].asn.number);
		return;
	}
	struct listing *l = calloc(1, sizeof(*l));
	if (l)
		*l = (struct listing){.folder = strdup(context->flows_directory),
				      .member = hub->members[index].asn,
				      .form = (enum view_form)request->form,
				      .wish = wish,
				      .file = {.fd = -1}};
	if (!l || !l->folder) {
		free(l);
		control_error(answer, 500, "out of memory");
		return;
	}
	l->hour_count = flow_keep_hours(l->folder, l->member, &l->hours);
	answer->more = more;
	answer->done = done;
	answer->state = l;
}

/* The exchange's process: its sockets and engine on the loop, its answers, the operator's word about members. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "exchange/bgp/bgp_msg.h"
#include "exchange/exchange_blackhole.h"
#include "exchange/exchange_held_io.h"
#include "exchange/exchange_io.h"
#include "main/role.h"
#include "main/role_exchange_sr.h"
#include "main/role_exchange_suppose.h"
#include "view/view_exchange.h"
#include "view/view_watch_blackholes.h"

enum { FOLDERS_MAX = 12, FOLDER_LENGTH = 4096 };

/* Adds the folder of the file, if it is another. */
static int
add_folder(char folders[][FOLDER_LENGTH], int count, int max, const char *file)
{
	const char *slash = strrchr(file, '/');
	char folder[FOLDER_LENGTH] = ".";
	if (slash)
		(void)snprintf(folder, sizeof(folder), "%.*s",
			       slash == file ? 1 : (int)(slash - file), file);
	for (int i = 0; i < count; i++)
		if (strcmp(folders[i], folder) == 0)
			return count;
	if (count == max)
		return -1;
	memcpy(folders[count], folder, sizeof(folder));
	return count + 1;
}

int
role_exchange_readable(const struct hub *hub, const char **folders, int max)
{
	static char texts[FOLDERS_MAX][FOLDER_LENGTH];
	const struct hub_validation *validation = &hub->validation;
	int count = 0;
	max = max < FOLDERS_MAX ? max : FOLDERS_MAX;
	for (size_t i = 0; i < validation->vrp_file_count && count >= 0; i++)
		count = add_folder(texts, count, max, validation->vrp_files[i]);
	for (size_t i = 0; i < validation->slurm_file_count && count >= 0; i++)
		count = add_folder(texts, count, max, validation->slurm_files[i]);
	for (int i = 0; i < count; i++)
		folders[i] = texts[i];
	return count;
}

/* The sandbox was closed around the folders of the picture at the start. */
static int
check_folders(const struct hub *now, const struct hub *next, char reason[ROLE_REASON])
{
	const char *folders[FOLDERS_MAX];
	static char known[FOLDERS_MAX][FOLDER_LENGTH];
	int had = role_exchange_readable(now, folders, FOLDERS_MAX);
	for (int i = 0; i < had; i++)
		memcpy(known[i], folders[i], FOLDER_LENGTH);
	int wanted = role_exchange_readable(next, folders, FOLDERS_MAX);
	for (int i = 0; i < wanted || wanted < 0; i++) {
		int at = 0;
		while (wanted >= 0 && at < had && strcmp(known[at], folders[i]) != 0)
			at++;
		if (wanted >= 0 && at < had)
			continue;
		(void)snprintf(reason, ROLE_REASON,
			       "files of the RPKI in another folder are read only after "
			       "`sarai upgrade` or a restart");
		return -1;
	}
	return 0;
}

static int
start(struct role_context *context, char reason[ROLE_REASON])
{
	char why[EXCHANGE_REASON];
	struct exchange_folders folders = {context->run_directory, context->registry_directory,
					   context->control_socket};
	struct exchange_service *service =
		exchange_service_open(context->loop, context->hub, &folders, why);
	if (!service) {
		(void)snprintf(reason, ROLE_REASON, "%.200s", why);
		return -1;
	}
	context->state = service;
	if (context->returns) {
		struct exchange *x = exchange_service_engine(service);
		exchange_held_load(x, context->run_directory, loop_now(context->loop));
		exchange_return(x, loop_now(context->loop));
	}
	return 0;
}

static int
prepare(struct role_context *context, const struct hub *next, char reason[ROLE_REASON])
{
	char why[EXCHANGE_REASON] = "";
	if (exchange_service_check(context->state, next, why) == 0)
		return check_folders(context->hub, next, reason);
	(void)snprintf(reason, ROLE_REASON, "%.200s", why);
	return -1;
}

static int
apply(struct role_context *context, const struct hub *old)
{
	(void)old;
	return exchange_service_apply(context->state, context->hub);
}

static void
stop(struct role_context *context)
{
	if (context->state)
		exchange_service_close(context->state, context->leaves);
	context->state = NULL;
}

/* --- answers --- */

/* A list that comes in pieces. */
struct listing {
	struct exchange_service *service;
	struct view_exchange_rest *rest;
};

static bool
more(void *state, struct buf *out)
{
	struct listing *listing = state;
	return view_exchange_rest_next(listing->rest, exchange_service_engine(listing->service),
				       out);
}

static void
done(void *state)
{
	struct listing *listing = state;
	view_exchange_rest_free(listing->rest);
	free(listing);
}

static void
show(struct exchange_service *service, const struct control_request *request,
     struct control_answer *answer)
{
	struct view_complaint complaint = {0};
	struct view_exchange_rest *rest;
	if (view_exchange_answer(&answer->body, exchange_service_engine(service),
				 (enum view_form)request->form, request->words, request->count,
				 &rest, &complaint) < 0) {
		buf_clear(&answer->body);
		control_error(answer, complaint.status, "%s", complaint.text);
		return;
	}
	if (!rest)
		return;
	struct listing *listing = malloc(sizeof(*listing));
	if (!listing) {
		view_exchange_rest_free(rest);
		buf_clear(&answer->body);
		control_error(answer, 500, "out of memory");
		return;
	}
	*listing = (struct listing){service, rest};
	answer->more = more;
	answer->done = done;
	answer->state = listing;
}

/* Takes the member's sessions down, or lets them come up. */
static void
hold(const struct role_context *role, const struct control_request *request,
     const struct hub_member *member, bool up, struct control_answer *answer)
{
	struct exchange *x = exchange_service_engine(role->state);
	const char *text = request->count == 4 ? request->words[3] : NULL;
	if (text && strlen(text) > BGP_TEXT_MAX) {
		control_error(answer, 400, "the text is longer than %d octets (RFC 9003)",
			      BGP_TEXT_MAX);
		return;
	}
	for (uint32_t i = 0; i < member->session_count; i++) {
		int slot = exchange_slot_of(x, member->first_session + i);
		if (slot >= 0 && up)
			exchange_peer_up(x, (unsigned)slot, loop_now(role->loop));
		else if (slot >= 0)
			exchange_peer_down(x, (unsigned)slot, text, loop_now(role->loop));
	}
	if (exchange_held_save(x, role->run_directory) < 0)
		log_warn("sessions taken down will come up when the exchange is started anew: %s",
			 strerror(errno));
	log_info("member AS%u: taken %s by the operator", member->asn.number, up ? "up" : "down");
	if (request->form == CONTROL_JSON)
		buf_printf(&answer->body, "{\"asn\":%u,\"sessions\":%u,\"state\":\"%s\"}\n",
			   member->asn.number, member->session_count, up ? "up" : "down");
	else
		buf_printf(&answer->body, "%s, AS%u: %u session%s %s\n", member->name,
			   member->asn.number, member->session_count,
			   member->session_count == 1 ? "" : "s",
			   up ? "may come up" : "taken down");
}

static void
refresh(const struct role_context *role, const struct control_request *request,
	const struct hub_member *member, struct control_answer *answer)
{
	struct exchange *x = exchange_service_engine(role->state);
	unsigned asked = 0;
	for (uint32_t i = 0; i < member->session_count; i++) {
		int slot = exchange_slot_of(x, member->first_session + i);
		asked += slot >= 0 && exchange_peer_refresh(x, (unsigned)slot);
	}
	if (!asked) {
		control_error(answer, 409, "AS%u has no session that can be asked for its routes",
			      member->asn.number);
		return;
	}
	if (request->form == CONTROL_JSON)
		buf_printf(&answer->body, "{\"asn\":%u,\"sessions\":%u,\"state\":\"asked\"}\n",
			   member->asn.number, asked);
	else
		buf_printf(&answer->body, "%s, AS%u: asked for its routes on %u session%s\n",
			   member->name, member->asn.number, asked, asked == 1 ? "" : "s");
}

/* member ASN|NAME down ["TEXT"] | member ASN|NAME up|refresh */
static void
operate(const struct role_context *role, const struct control_request *request,
	struct control_answer *answer)
{
	const struct hub *hub = exchange_hub(exchange_service_engine(role->state));
	const char *what = request->count > 2 ? request->words[2] : "";
	bool up = strcmp(what, "up") == 0, down = strcmp(what, "down") == 0;
	bool again = strcmp(what, "refresh") == 0;
	if ((!up && !down && !again) || request->count > (down ? 4u : 3u)) {
		control_error(
			answer, 400,
			"expected: member ASN down [TEXT], member ASN up, or member ASN refresh");
		return;
	}
	uint32_t index = hub_member_by_name(hub, request->words[1]);
	if (index == HUB_NONE) {
		control_error(answer, 404, "there is no member %.100s", request->words[1]);
		return;
	}
	if (again)
		refresh(role, request, &hub->members[index], answer);
	else
		hold(role, request, &hub->members[index], up, answer);
}

/* rpki refresh */
static void
ask_caches(const struct role_context *role, const struct control_request *request,
	   struct control_answer *answer)
{
	if (request->count != 2 || strcmp(request->words[1], "refresh") != 0) {
		control_error(answer, 400, "expected: rpki refresh");
		return;
	}
	size_t count = exchange_service_rpki_refresh(role->state);
	if (request->form == CONTROL_JSON)
		buf_printf(&answer->body, "{\"sources\":%zu}\n", count);
	else
		buf_printf(&answer->body, "caches and files that are looked at now: %zu\n", count);
}

/* dump table [all] */
static void
dump(const struct role_context *role, const struct control_request *request,
     struct control_answer *answer)
{
	char text[EXCHANGE_DUMP_TEXT];
	bool all = request->count == 3 && strcmp(request->words[2], "all") == 0;
	if (request->count > 3 || (request->count == 3 && !all)) {
		control_error(answer, 400, "expected: dump table [all]");
		return;
	}
	if (exchange_service_dump(role->state, all, text) < 0) {
		control_error(answer, 409, "%s", text);
		return;
	}
	if (request->form == CONTROL_JSON) {
		struct json j = json_to(&answer->body);
		json_object(&j, NULL);
		json_str(&j, "file", text);
		json_object_end(&j);
		buf_u8(&answer->body, '\n');
	} else {
		buf_printf(&answer->body, "%s: being written\n", text);
	}
}

/* "for N": seconds from now on. 0, or -1. */
static int
take_time(int64_t *out, const struct control_request *request, size_t at)
{
	*out = 3600;
	if (request->count == at)
		return 0;
	if (request->count != at + 2 || strcmp(request->words[at], "for") != 0)
		return -1;
	char *end;
	*out = strtol(request->words[at + 1], &end, 10);
	return *end || *out < 1 || *out > EXCHANGE_BLACKHOLE_MAX_S ? -1 : 0;
}

static void
add_blackhole(const struct role_context *role, const struct control_request *request,
	      struct exchange_blackhole what, struct control_answer *answer)
{
	struct exchange *x = exchange_service_engine(role->state);
	char why[EXCHANGE_BLACKHOLE_WHY], prefix[PREFIX_TEXT], until[CLOCK_TEXT];
	uint32_t index = hub_member_by_name(exchange_hub(x), request->words[3]);
	int64_t seconds;
	if (take_time(&seconds, request, 4) < 0) {
		control_error(answer, 400, "expected: for SECONDS, at most %d",
			      EXCHANGE_BLACKHOLE_MAX_S);
		return;
	}
	if (index == HUB_NONE) {
		control_error(answer, 404, "there is no member %.100s", request->words[3]);
		return;
	}
	what.member = exchange_hub(x)->members[index].asn;
	what.ends = (struct utc_s){exchange_now(x).s + seconds};
	int status = exchange_blackhole_add(x, &what, why);
	if (status) {
		control_error(answer, status, "%s", why);
		return;
	}
	exchange_service_keep(role->state);
	(void)utc_format(until, what.ends);
	(void)prefix_format(prefix, what.prefix);
	if (request->form == CONTROL_JSON)
		buf_printf(&answer->body, "{\"prefix\":\"%s\",\"asn\":%u,\"ends\":\"%s\"}\n",
			   prefix, what.member.number, until);
	else
		buf_printf(&answer->body, "%s, AS%u: blackholed until %s\n", prefix,
			   what.member.number, until);
}

/* blackhole add PREFIX ASN|NAME [for SECONDS] | blackhole remove PREFIX */
static void
blackhole(const struct role_context *role, const struct control_request *request,
	  struct control_answer *answer)
{
	struct exchange_blackhole what = {0};
	const char *word = request->count > 2 ? request->words[1] : "";
	bool add = strcmp(word, "add") == 0 && request->count > 3;
	bool remove = strcmp(word, "remove") == 0 && request->count == 3;
	if (!add && !remove) {
		control_error(answer, 400,
			      "expected: blackhole add PREFIX ASN|NAME [for SECONDS], or blackhole "
			      "remove PREFIX");
		return;
	}
	if (prefix_parse(&what.prefix, request->words[2]) < 0) {
		control_error(answer, 400, "found \"%.60s\", expected a prefix", request->words[2]);
		return;
	}
	if (add) {
		add_blackhole(role, request, what, answer);
		return;
	}
	if (exchange_blackhole_remove(exchange_service_engine(role->state), &what.prefix) < 0) {
		control_error(answer, 404, "there is no blackhole %.60s", request->words[2]);
		return;
	}
	exchange_service_keep(role->state);
	if (request->form == CONTROL_JSON)
		buf_printf(&answer->body, "{\"prefix\":\"%s\",\"removed\":true}\n",
			   request->words[2]);
	else
		buf_printf(&answer->body, "%s: removed\n", request->words[2]);
}

static void
show_blackholes(const struct role_context *role, const struct control_request *request,
		struct control_answer *answer)
{
	if (request->count != 2 || request->form == CONTROL_CSV)
		control_error(answer, 400, "expected: show blackholes, as text or JSON");
	else
		view_watch_blackholes(&answer->body, exchange_service_engine(role->state),
				      (enum view_form)request->form);
}

/* steer take */
static void
steer(const struct role_context *role, const struct control_request *request,
      struct control_answer *answer)
{
	if (request->count != 2 || strcmp(request->words[1], "take") != 0) {
		control_error(answer, 400, "expected: steer take");
		return;
	}
	const char *why = exchange_service_steer(role->state);
	if (why)
		control_error(answer, 409, "%s", why);
	else
		buf_str(&answer->body, request->form == CONTROL_JSON ? "{\"taken\":true}\n"
								     : "the plan is taken\n");
}

static void
answer_request(void *context, const struct control_request *request, struct control_answer *answer)
{
	const struct role_context *role = context;
	if (strcmp(request->words[0], "member") == 0)
		operate(role, request, answer);
	else if (strcmp(request->words[0], "rpki") == 0)
		ask_caches(role, request, answer);
	else if (strcmp(request->words[0], "dump") == 0)
		dump(role, request, answer);
	else if (strcmp(request->words[0], "blackhole") == 0)
		blackhole(role, request, answer);
	else if (strcmp(request->words[0], "steer") == 0)
		steer(role, request, answer);
	else if (strcmp(request->words[0], "sr") == 0)
		role_exchange_sr(exchange_service_engine(role->state), request, answer);
	else if (request->count > 1 && strcmp(request->words[1], "blackholes") == 0)
		show_blackholes(role, request, answer);
	else if (!role_exchange_suppose(role, request, answer))
		show(role->state, request, answer);
}

const struct role role_exchange = {
	.name = "exchange",
	.start = start,
	.prepare = prepare,
	.apply = apply,
	.answer = answer_request,
	.stop = stop,
	.listens = true,
};

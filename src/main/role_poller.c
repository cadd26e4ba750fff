/* The poller's process: asks switches by SNMP. It talks to machines that may answer anything, in a
 * library that is not ours; so it has nothing but its sockets and the door that pushes go through. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main/role.h"
#include "poller/poller_service_io.h"
#include "view/view_poller.h"

/* Folders that hold secrets: a file that is replaced is another one, so the folder is opened. */
int
role_poller_readable(const struct hub *hub, const char **folders, int max)
{
	static char texts[ROLE_POLLER_READABLE][ROLE_SECRET_PATH];
	int count = 0;
	for (size_t i = 0; i < hub->exporter_count; i++) {
		const struct hub_snmp *s = &hub->exporters[i].snmp;
		const char *const files[] = {s->community_file, s->auth_password_file,
					     s->privacy_password_file};
		for (size_t f = 0; f < 3; f++) {
			const char *slash = files[f] ? strrchr(files[f], '/') : NULL;
			size_t length = slash > files[f] ? (size_t)(slash - files[f]) : 1;
			bool had = !slash || !s->enabled;
			for (int k = 0; k < count && !had; k++)
				had = strlen(texts[k]) == length &&
				      memcmp(texts[k], files[f], length) == 0;
			if (had)
				continue;
			if (count == max || length >= ROLE_SECRET_PATH)
				return -1;
			memcpy(texts[count], files[f], length);
			texts[count][length] = '\0';
			folders[count] = texts[count];
			count++;
		}
	}
	return count;
}

static int
start(struct role_context *context, char reason[ROLE_REASON])
{
	context->state = poller_service_open(context->loop, context->hub, context->control_socket);
	if (context->state)
		return 0;
	(void)snprintf(reason, ROLE_REASON, "no memory");
	return -1;
}

/* The sandbox was closed around the old picture's folders: for others the process begins anew. */
static bool
same_folders(const struct hub *a, const struct hub *b)
{
	char of_a[ROLE_POLLER_READABLE][ROLE_SECRET_PATH];
	const char *folders[ROLE_POLLER_READABLE];
	int count = role_poller_readable(a, folders, ROLE_POLLER_READABLE);
	for (int i = 0; i < count; i++)
		strcpy(of_a[i], folders[i]);
	if (role_poller_readable(b, folders, ROLE_POLLER_READABLE) != count)
		return false;
	for (int i = 0; i < count; i++)
		if (strcmp(of_a[i], folders[i]) != 0)
			return false;
	return true;
}

static int
apply(struct role_context *context, const struct hub *old)
{
	if (!same_folders(old, context->hub))
		return -1;
	return poller_service_apply(context->state, context->hub);
}

static void
answer(void *context, const struct control_request *request, struct control_answer *answer)
{
	const struct role_context *role = context;
	const struct poller_service *service = role->state;
	struct view_poller view = {.count = poller_service_count(service),
				   .outbox = poller_service_counts(service)};
	struct view_complaint complaint;
	struct poller_device_report *devices = calloc(view.count + 1, sizeof(*devices));
	if (!devices) {
		control_error(answer, 503, "no memory");
		return;
	}
	for (size_t i = 0; i < view.count; i++)
		devices[i] = poller_service_report(service, i);
	view.devices = devices;
	if (view_poller_answer(&answer->body, &view, (enum view_form)request->form, request->words,
			       request->count, &complaint) < 0)
		control_error(answer, complaint.status, "%s", complaint.text);
	free(devices);
}

static void
stop(struct role_context *context)
{
	poller_service_close(context->state);
	context->state = NULL;
}

const struct role role_poller = {
	.name = "poller",
	.start = start,
	.apply = apply,
	.answer = answer,
	.stop = stop,
	.listens = true,
};

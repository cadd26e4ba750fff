/* A line for each session: its id. */
#include "exchange/exchange_held_io.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf_io.h"
#include "base/log.h"

enum { PATH_MAX_OCTETS = 4096 };

static void
path_of(char path[PATH_MAX_OCTETS], const char *directory, const char *end)
{
	(void)snprintf(path, PATH_MAX_OCTETS, "%s/sessions.down%s", directory, end);
}

int
exchange_held_save(const struct exchange *x, const char *directory)
{
	char path[PATH_MAX_OCTETS], aside[PATH_MAX_OCTETS];
	const struct hub *hub = exchange_hub(x);
	struct buf text = {0};
	path_of(path, directory, "");
	path_of(aside, directory, ".new");
	for (uint32_t i = 0; i < hub->session_count; i++) {
		int slot = exchange_slot_of(x, i);
		if (slot >= 0 && exchange_peer_is_held(x, (unsigned)slot))
			buf_printf(&text, "%s\n", hub->sessions[i].id);
	}
	FILE *file = text.failed ? NULL : fopen(aside, "we");
	int result = -1;
	if (file) {
		buf_write(&text, file);
		bool failed = ferror(file);
		failed |= fclose(file) != 0;
		result = failed ? -1 : rename(aside, path);
	}
	buf_fini(&text);
	return result;
}

void
exchange_held_load(struct exchange *x, const char *directory, struct mono_us now)
{
	char path[PATH_MAX_OCTETS], line[256];
	path_of(path, directory, "");
	FILE *file = fopen(path, "re");
	if (!file) {
		if (errno != ENOENT)
			log_warn("%s: %s", path, strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		uint32_t session = hub_session_by_id(exchange_hub(x), line);
		int slot = session == HUB_NONE ? -1 : exchange_slot_of(x, session);
		if (slot < 0)
			continue;
		exchange_peer_down(x, (unsigned)slot, NULL, now);
		log_info("session %s: stays down, as the operator said", line);
	}
	(void)fclose(file);
}

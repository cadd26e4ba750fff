/* Lines to the corridor. */
#include "net/heard_io.h"

#include <unistd.h>

#include "net/control.h"

enum { LINE_MAX_OCTETS = 128 };

void
heard_init(struct heard *heard, const char *control_socket)
{
	*heard = (struct heard){.control_socket = control_socket, .asked = -1};
}

static void
hang_up(struct heard *heard)
{
	if (heard->asked >= 0)
		close(heard->asked);
	heard->asked = -1;
}

void
heard_fini(struct heard *heard)
{
	hang_up(heard);
	buf_fini(&heard->lines);
}

void
heard_add(struct heard *heard, const char *source, bool up)
{
	if (heard->lines.length + LINE_MAX_OCTETS > CONTROL_NOW_MAX)
		heard_send(heard);
	buf_printf(&heard->lines, "%s %s\n", source, up ? "up" : "down");
}

void
heard_send(struct heard *heard)
{
	static const char *const words[] = {"corridor", "hear"};
	if (heard->control_socket && heard->lines.length && !heard->lines.failed) {
		/* The answer to the one before has come long ago, or nobody reads. */
		hang_up(heard);
		heard->asked = control_ask_now(heard->control_socket, CONTROL_TEXT, words, 2,
					       &heard->lines);
	}
	buf_fini(&heard->lines);
}

/* The log: one line an event, to standard error, with UTC time, level and room. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"

static enum log_level limit = LOG_LEVEL_INFO;
static const char *room = "sarai";

void
log_set_level(enum log_level level)
{
	limit = level;
}

void
log_set_room(const char *name)
{
	room = name;
}

/* One write per line, so that lines of several processes never mix. Control characters from outside
 * must not reach a terminal: they become '?'. */
static void
line(enum log_level level, const char *format, va_list args)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};
	if (level > limit)
		return;
	char text[1024], when[CLOCK_TEXT];
	int head = snprintf(text, sizeof(text), "%s %-5s %s: ", utc_format(when, clock_utc()),
			    names[level], room);
	if (head < 0)
		return;
	(void)vsnprintf(text + head, sizeof(text) - (size_t)head - 1, format, args);
	size_t length = strlen(text);
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			text[i] = '?';
	text[length++] = '\n';
	/* Nobody is left to tell when standard error is gone. */
	ssize_t written = write(STDERR_FILENO, text, length);
	(void)written;
}

#define LOG_FUNCTION(name, level)                                                                  \
	void name(const char *format, ...)                                                         \
	{                                                                                          \
		va_list args;                                                                      \
		va_start(args, format);                                                            \
		line(level, format, args);                                                         \
		va_end(args);                                                                      \
	}

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warn, LOG_LEVEL_WARN)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)

void
fatal(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	line(LOG_LEVEL_ERROR, format, args);
	va_end(args);
	exit(1);
}

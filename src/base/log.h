/* The log: one line an event, to standard error, subject first: log_info("peer 192.0.2.1: up").
 * Start-up and changes of state are info, per-message remarks are debug. The only thing that may be
 * written from anywhere; never read back, so that logic stays pure. */
#pragma once

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* What is written from now on (default: info), and the word before each line (the room; kept, not
 * copied). */
void log_set_level(enum log_level level);
void log_set_room(const char *room);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* For start-up only: writes the line and ends the process with status 1. */
_Noreturn void fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));

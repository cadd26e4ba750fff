/* Passing a descriptor and a record over a SOCK_SEQPACKET socket pair (unix(7), SCM_RIGHTS). */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* Sends one record, with a copy of `fd` unless it is -1. Never waits: 0, or -1 and errno (EAGAIN:
 * the other side does not read). */
int control_channel_send(int channel, const void *record, size_t length, int fd);

/* Receives one record; *fd is the descriptor that came with it (owned by the caller, close on exec)
 * or -1. Returns its length, 0 at the end, or -1 and errno; EMSGSIZE if the record was longer than
 * `size`. Never waits. */
ssize_t control_channel_receive(int channel, void *record, size_t size, int *fd);

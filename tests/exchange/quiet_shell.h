/* A shell that connects to nobody, for tests of what an exchange shows. */
#pragma once

#include "exchange/exchange.h"

static void
quiet_connect(void *context, unsigned slot, const struct exchange_target *target)
{
	(void)context, (void)slot, (void)target;
}

static void
quiet_close(void *context, unsigned slot, enum session_conn conn, struct cursor words)
{
	(void)context, (void)slot, (void)conn, (void)words;
}

static const struct exchange_shell quiet_shell = {.connect = quiet_connect, .close = quiet_close};

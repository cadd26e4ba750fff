/* All machines that the picture has asked by SNMP, and the way of their readings to the meter. */
#pragma once

#include "hub/hub.h"
#include "net/loop.h"
#include "poller/poller_device_io.h"
#include "poller/poller_outbox_io.h"

struct poller_service;

/* The picture must stay until the next poller_service_apply or the end; the loop and the path of the
 * control socket always. NULL if there is no memory. */
struct poller_service *poller_service_open(struct loop *loop, const struct hub *hub,
					   const char *control_socket);
void poller_service_close(struct poller_service *s);
/* Another picture: machines are asked anew, readings on their way stay. 0, or -1 without memory. */
int poller_service_apply(struct poller_service *s, const struct hub *hub);

/* How many machines are asked; what became of each, by `index` below that; and of readings on
 * their way. */
size_t poller_service_count(const struct poller_service *s);
struct poller_device_report poller_service_report(const struct poller_service *s, size_t index);
struct poller_outbox_counts poller_service_counts(const struct poller_service *s);

/* An engine's ports by name. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Ports by name: number n is names[n - 1]; slots is a hash table of numbers. */
struct ledger_port_names {
	char **names;
	uint32_t count, capacity;
	uint32_t *slots;
	uint32_t slot_count;
};

/* The number of a port, 0 if it is not there. */
uint32_t ledger_port_names_find(const struct ledger_port_names *ports, const char *name);
/* Gives the next number to a name that is not there; false if there is no memory. */
bool ledger_port_names_add(struct ledger_port_names *ports, const char *name);
/* Forgets the names above `count`. */
void ledger_port_names_cut(struct ledger_port_names *ports, uint32_t count);
void ledger_port_names_fini(struct ledger_port_names *ports);

/* The store's ports by name: numbers from 1 in the order of arrival, found by hashing. Ports are
 * never dropped, so the numbers have no gaps. */
#include "ledger/ledger_port_names.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

static uint32_t
slot_of(const struct ledger_port_names *ports, const char *name)
{
	return (uint32_t)hash_bytes(name, strlen(name)) & (ports->slot_count - 1);
}

static void
enter(struct ledger_port_names *ports, uint32_t number)
{
	uint32_t slot = slot_of(ports, ports->names[number - 1]);
	while (ports->slots[slot])
		slot = (slot + 1) & (ports->slot_count - 1);
	ports->slots[slot] = number;
}

static bool
make_room(struct ledger_port_names *ports)
{
	if (ports->count < ports->capacity)
		return true;
	uint32_t capacity = ports->capacity ? ports->capacity * 2 : 64;
	char **names = realloc(ports->names, capacity * sizeof(*names));
	if (!names)
		return false;
	ports->names = names;
	uint32_t *slots = calloc((size_t)capacity * 2, sizeof(*slots));
	if (!slots)
		return false;
	free(ports->slots);
	ports->slots = slots;
	ports->slot_count = capacity * 2;
	ports->capacity = capacity;
	for (uint32_t number = 1; number <= ports->count; number++)
		enter(ports, number);
	return true;
}

uint32_t
ledger_port_names_find(const struct ledger_port_names *ports, const char *name)
{
	if (!ports->slot_count)
		return 0;
	uint32_t slot = slot_of(ports, name);
	for (; ports->slots[slot]; slot = (slot + 1) & (ports->slot_count - 1))
		if (strcmp(ports->names[ports->slots[slot] - 1], name) == 0)
			return ports->slots[slot];
	return 0;
}

bool
ledger_port_names_add(struct ledger_port_names *ports, const char *name)
{
	assert(!ledger_port_names_find(ports, name));
	char *copy = strdup(name);
	if (!copy || !make_room(ports)) {
		free(copy);
		return false;
	}
	ports->names[ports->count++] = copy;
	enter(ports, ports->count);
	return true;
}

void
ledger_port_names_cut(struct ledger_port_names *ports, uint32_t count)
{
	if (count >= ports->count)
		return;
	while (ports->count > count)
		free(ports->names[--ports->count]);
	memset(ports->slots, 0, ports->slot_count * sizeof(*ports->slots));
	for (uint32_t number = 1; number <= ports->count; number++)
		enter(ports, number);
}

void
ledger_port_names_fini(struct ledger_port_names *ports)
{
	ledger_port_names_cut(ports, 0);
	free(ports->names);
	free(ports->slots);
	*ports = (struct ledger_port_names){0};
}

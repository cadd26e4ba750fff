/* Prefixes and their origins from the whois data of registries that hand these out in one piece: what
 * holders of addresses told ARIN and Registro.br, without making route objects. Pure.
 *
 *   ARIN          JSON {"whois_records":{"v4":[{"prefix":"192.0.2.0/24","originas":"AS64500"}],"v6":[...]}}
 *   Registro.br   lines AS64500|holder|number|192.0.2.0/24|2001:db8::/32
 *
 * What was believed stays in force until something better is there; an answer with less than half of the
 * records is no better. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "hub/hub.h"
#include "hub/registry.h"
#include "registry/registry_plan.h"

enum registry_dump_kind { REGISTRY_DUMP_ARIN, REGISTRY_DUMP_REGISTRO_BR, REGISTRY_DUMPS };

/* Zeroed: none. */
struct registry_records {
	struct registry_record *list;
	size_t count, capacity;
};

void registry_records_fini(struct registry_records *records);
/* Adds those of a dump; prefixes of more than 56 bits are left out. `octets` may be packed with bzip2. 0; -1
 * when it is no such dump, -2 without memory or when it is too large; then some may have been added. */
int registry_records_read(struct registry_records *records, enum registry_dump_kind kind,
			  const void *octets, size_t length);
/* Adds those of a registry file (our cache). 0, or -2 without memory. */
int registry_records_copy(struct registry_records *records, const struct registry *registry);

/* What is known of one of them. */
struct registry_dump {
	struct registry_records known;
	bool there;
	struct utc_s fetched;
	bool asking;
	unsigned failures;        /* in a row */
	char error[REGISTRY_WHY]; /* of the last; "" */
	struct utc_s failed;
	struct mono_us due;
};

/* "ARIN", "Registro.br". */
const char *registry_dump_name(enum registry_dump_kind kind);
/* Where the picture has it from: a file or a URL; NULL: not used. */
const char *registry_dump_source(const struct hub *hub, enum registry_dump_kind kind);

/* Takes over a whole new answer, or finds it implausible and counts a failure; *records is empty
 * afterwards. True if it is in force. */
bool registry_dump_answered(struct registry_dump *dump, struct registry_records *records,
			    uint32_t refresh_s, struct registry_moment now);
void registry_dump_failed(struct registry_dump *dump, const char *why, uint32_t refresh_s,
			  struct registry_moment now);

/* The schema of the hub file: a row an item. Reading, defaults, unknown keys, writing and the
 * manual all follow these rows, so none of them can know an item that another does not.
 *
 * The order of rows is the order of reading and of writing; what is referred to stands before what
 * refers to it. Offsets are into the struct that the table describes (struct hub for the outermost
 * ones). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/hub_lookup.h"
#include "hub/hub_node.h"

struct hub_reader;

enum hub_type {
	HUB_TYPE_TEXT,   /* min and max octets */
	HUB_TYPE_HOST,   /* an address or the name of a machine */
	HUB_TYPE_AS_SET, /* fit to be asked for: it cannot be taken for an option */
	HUB_TYPE_ID,     /* a word of letters, digits and . _ : / - */
	HUB_TYPE_SECRET, /* text that no message shows */
	HUB_TYPE_BOOL,
	HUB_TYPE_COUNT,   /* uint8_t, uint16_t or uint32_t, by the size of the field */
	HUB_TYPE_DECIMAL, /* double; NAN when absent */
	HUB_TYPE_SPEED,   /* uint64_t, bit/s */
	HUB_TYPE_WORD,    /* an enum, one of `words` */
	HUB_TYPE_ASN,
	HUB_TYPE_IP,
	HUB_TYPE_IPV4,
	HUB_TYPE_IPV6,
	HUB_TYPE_PREFIX,
	HUB_TYPE_PREFIX_IPV4,
	HUB_TYPE_PREFIX_IPV6,
	HUB_TYPE_MAC,
	HUB_TYPE_ENDPOINT,
	HUB_TYPE_COUNTRY,
	HUB_TYPE_CURRENCY,
	HUB_TYPE_DATE,
	HUB_TYPE_MOMENT,  /* the same; written to the second */
	HUB_TYPE_PRICE,   /* the currency is filled in later */
	HUB_TYPE_AMOUNT,  /* uint64_t, whole units of a currency */
	HUB_TYPE_PERCENT, /* uint32_t, hundredths of a percent */
	HUB_TYPE_PPM,     /* uint32_t, millionths of the whole; written in percent */
	HUB_TYPE_ASN_RANGE,
	HUB_TYPE_PREFIX_RULE,
	HUB_TYPE_COMMUNITY, /* form, extended and fields of struct hub_community, side by side */
	HUB_TYPE_ATTACHED,  /* struct hub_community without P */
	HUB_TYPE_FAMILIES,  /* two bools side by side: ipv4, ipv6 */
	HUB_TYPE_PEER,      /* struct asn of a member, which may stand further down; 0: any */
	HUB_TYPE_PLACE,     /* struct hub_place */
	HUB_TYPE_LAN,       /* references: uint32_t index */
	HUB_TYPE_SITE,
	HUB_TYPE_SEGMENT,
	HUB_TYPE_EXPORTER,
	HUB_TYPE_MEMBER,
	HUB_TYPE_PORT,
	HUB_TYPE_PARTY,
	HUB_TYPE_CONTRACT,
	HUB_TYPE_FILE,  /* read by the loader; nothing of it stays in the picture */
	HUB_TYPE_TABLE, /* a mapping, or a list of them */
	HUB_TYPE_TYPES,
};

/* How an item of another table's default values is used. */
struct hub_item {
	const char *key;
	enum hub_type type;
	bool required;
	bool list;   /* of the type; `at` is a pointer, `count_at` a size_t */
	bool span;   /* a list whose elements stand in one array of the hub for all parents:
			   `at` is the first (uint32_t), `count_at` how many (uint32_t) */
	bool append; /* where inherited: added to what is inherited, instead of replacing it */
	/* A table that starts as a copy of the hub's, at `inherit_at`, with the tables in it. */
	bool inherited;
	uint16_t at, size, count_at;
	uint16_t pool_at, pool_count_at; /* of a span: pointer and size_t in struct hub */
	uint16_t inherit_at;
	enum hub_index unique;     /* no two elements of the hub may have the same; 0: they may */
	int64_t min, max;          /* of a number or a length; a list: of each */
	size_t limit;              /* elements of a list; 0: HUB_LIST_MAX */
	const char *fallback;      /* what stands for it when it is not written; as text */
	const char *fallback_help; /* said in the manual when the default is worked out */
	const char *const *words;  /* HUB_TYPE_WORD: by value, NULL at the end */
	const struct hub_table *table;
	const char *help;
};

enum { HUB_LIST_MAX = 1 << 20 };

/* What one mapping may hold, and what is worked out from it. */
struct hub_table {
	const char *name; /* "port": for messages */
	const struct hub_item *items;
	size_t count;
	size_t size; /* of the struct */
	bool csv;    /* its elements can come from a file of CSV */
	/* Before the items are read, e.g. to say whose element this is. */
	void (*begin)(struct hub_reader *r, void *element, uint32_t index);
	/* After: values worked out from others. Runs even if some were wrong. */
	void (*fill)(struct hub_reader *r, void *element, const struct hub_node *map);
	/* After: what must hold between items. Only if all of them were right. */
	void (*check)(struct hub_reader *r, void *element, const struct hub_node *map);
};

/* The whole file. */
extern const struct hub_table hub_schema_root;
/* The tables whose elements can come from CSV, and that of ports, which have further keys. */
extern const struct hub_table hub_schema_site, hub_schema_segment, hub_schema_port;
/* Further tables that stand in files of their own. */
extern const struct hub_table hub_schema_policy, hub_schema_communities, hub_schema_blackhole,
	hub_schema_member, hub_schema_rpki, hub_schema_validation, hub_schema_irr,
	hub_schema_peeringdb, hub_schema_station, hub_schema_dumps, hub_schema_watch,
	hub_schema_samples, hub_schema_flow_records, hub_schema_party, hub_schema_settlement,
	hub_schema_billing, hub_schema_bill_to, hub_schema_plan, hub_schema_contract,
	hub_schema_interface, hub_schema_metering, hub_schema_snmp, hub_schema_push,
	hub_schema_store, hub_schema_page, hub_schema_cable, hub_schema_risk,
	hub_schema_failure_rate, hub_schema_corridor_price, hub_schema_demand, hub_schema_candidate,
	hub_schema_incident, hub_schema_corridor, hub_schema_reach, hub_schema_optics,
	hub_schema_sr_policy, hub_schema_pcep, hub_schema_transit, hub_schema_content,
	hub_schema_steering, hub_schema_segment_source, hub_schema_sr_color;
/* By enum hub_service, enum hub_counters. */
extern const char *const hub_service_words[], *const hub_counters_words[];

enum { HUB_ITEMS_MAX = 48 }; /* rows of one table */

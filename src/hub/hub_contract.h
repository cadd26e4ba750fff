/* What a contract says: how the rate of a month is found, and what is charged. Part of the picture
 * (hub.h), read by the ledger. Prices are millionths of the contract's currency per unit; rates are
 * bit/s; percentages are hundredths of a percent; days and months are those of the contract's zone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/money.h"
#include "base/zone.h"

struct hub_member;

/* flat and commit are shorthand for the commonest contracts, with prices of their own; items has
 * the list of charges. */
enum hub_contract_kind { HUB_FLAT, HUB_COMMIT, HUB_ITEMS };

/* Which octets of a bin, or of a month, count. */
enum hub_direction {
	HUB_DIRECTION_LARGER,     /* in and out each by itself to the end; then the larger */
	HUB_DIRECTION_BIN_LARGER, /* in each bin the larger of in and out */
	HUB_DIRECTION_SUM,        /* in each bin in + out */
	HUB_DIRECTION_IN,
	HUB_DIRECTION_OUT,
};

/* How the billed rate of a period is found from its bins, in this order: missing bins, valid days,
 * ports and direction, method, baseline, rounding up. */
struct hub_percentile {
	uint32_t rank; /* 9500: of n rates the n - floor(n * (10000 - rank) / 10000)th, rising */
	enum hub_direction direction;
	enum hub_ports_order {
		HUB_PORTS_SUM_FIRST, /* the ports' octets are added up bin by bin */
		HUB_PORTS_SUM_AFTER, /* each port has its own result; those are added up */
	} ports;
	enum hub_missing {
		HUB_MISSING_LEFT_OUT,    /* of n */
		HUB_MISSING_ZERO,        /* counts as a bin without octets */
		HUB_MISSING_OTHER_PARTY, /* the other party's octets; where it has none: left out */
	} missing;
	enum hub_method {
		HUB_METHOD_MONTH,
		HUB_METHOD_DAILY_MEAN, /* the rank of each day's bins; the mean over the days */
		HUB_METHOD_DAILY_MAX,  /* the same; the highest of the days */
		HUB_METHOD_TOP_DAYS,   /* a day's peak is its `peak_bin`th highest bin; the mean of
					  the `top_days` highest of those */
	} method;
	uint8_t top_days, peak_bin;
	/* Only days with traffic count: bins of others leave n, and rates are paid for the valid
	 * days over the days of the month. */
	bool valid_days;
	uint32_t baseline; /* at least this part, of: ; 0: none */
	enum hub_baseline {
		HUB_BASELINE_PORTS, /* the speeds of the contract's ports, added up */
		HUB_BASELINE_PEAK,  /* the highest bin */
	} baseline_of;
	uint64_t round_up_bps; /* the result is rounded up to a multiple; 0: it is not */
};

/* The price of one Mbit/s up to a rate, that rate included. */
struct hub_tier {
	uint64_t up_to_bps; /* 0: without end; the last one only */
	struct price price;
};

/* The credit for an outage of so many minutes and more. */
struct hub_outage_step {
	uint32_t minutes, percent;
};

enum hub_charge_kind {
	HUB_CHARGE_ONCE,          /* on the day of `starts` */
	HUB_CHARGE_MONTHLY,       /* by days in force */
	HUB_CHARGE_PORT,          /* each port (of a speed), or each Gbit/s of it; by days */
	HUB_CHARGE_COMMIT,        /* commit and overage */
	HUB_CHARGE_TIERS,         /* the whole rate at the price of the tier that it reaches */
	HUB_CHARGE_SLABS,         /* each slab of the rate at its own price */
	HUB_CHARGE_TRANSIT,       /* as commit, sold out of a blend of upstreams */
	HUB_CHARGE_VOLUME,        /* octets, whatever their rate */
	HUB_CHARGE_BURST,         /* a premium above the commit, by rate or by hours */
	HUB_CHARGE_MINIMUM,       /* of the invoice, or of its usage; by days */
	HUB_CHARGE_MAXIMUM,       /* likewise */
	HUB_CHARGE_CROSS_CONNECT, /* each; by days */
	HUB_CHARGE_CLOUD,         /* each connection; by days */
	HUB_CHARGE_IRU,           /* capital, at once or in instalments; upkeep */
	HUB_CHARGE_UPKEEP,        /* a share of a year's cost, by days of the year */
	HUB_CHARGE_CREDIT,        /* an amount, a percentage, or by an outage */
};

/* One item of a contract. Fields that a kind does not have are zero. */
struct hub_charge {
	const char *id; /* unique in the contract */
	enum hub_charge_kind kind;
	const char *text;          /* what the line says; NULL: the kind's own words */
	struct utc_s starts, ends; /* first second; first second after; 0: as the contract */
	bool tax_exempt;
	/* once, minimum, maximum, credit: the amount; monthly: a month; port, cross-connect, cloud:
	 * a month of one; commit, tiers.. , transit, burst by rate: a month of one Mbit/s; burst by
	 * hours: an hour; volume: one `unit`; iru: the capital; upkeep: a year. -1: not given. */
	struct price price;
	uint32_t count;     /* once, monthly, cross-connect, cloud: how many */
	uint64_t speed_bps; /* port: those of this speed only; cross-connect, cloud: printed */
	enum { HUB_PER_EACH, HUB_PER_GIGABIT } per; /* port: the price is of a port, or a Gbit/s */
	/* commit, tiers, slabs, transit: */
	uint64_t commit_bps;
	bool per_port;            /* the commit is of each port */
	struct price overage;     /* of one Mbit/s above the commit, a month */
	uint32_t overage_percent; /* another way to write that; 0 in a picture that was read */
	struct hub_tier *tiers;   /* rising */
	size_t tier_count;
	const char *blend; /* transit: sold out of which; see hub_contract.blend */
	/* volume: */
	enum hub_direction direction;           /* not HUB_DIRECTION_BIN_LARGER */
	enum { HUB_UNIT_TB, HUB_UNIT_GB } unit; /* 10^12, 10^9 octets */
	uint32_t included;                      /* units that cost nothing */
	/* burst: */
	enum { HUB_BURST_RATE, HUB_BURST_HOURS } by;
	uint32_t above_percent; /* of the commit of the usage item in force */
	uint32_t free_hours;
	/* minimum, maximum: "invoice" or "usage"; credit: those, or the id of an item */
	const char *of;
	/* credit: */
	uint32_t percent;
	bool every_month; /* else only in the month of `starts` */
	uint32_t outage_minutes;
	uint32_t availability;         /* promised, in millionths; 0: the outage is told */
	struct hub_outage_step *steps; /* rising */
	size_t step_count;
	/* iru: */
	uint32_t months; /* of its term */
	enum { HUB_IRU_AT_ONCE, HUB_IRU_INSTALMENTS } payment;
	struct price upkeep;    /* iru: of a year, whole */
	uint32_t share_percent; /* iru, upkeep: the part of the upkeep that is paid */
};

struct hub_contract {
	const char *id; /* unique */
	/* Who pays (purchase: whom the hub pays): a member; or, member HUB_NONE, a party. What is
	 * due to owners of cables for transit is settled, without a contract. */
	uint32_t member, party;
	struct hub_member *stand_in; /* the party in the form of a member, without an AS number */
	enum hub_contract_kind kind;
	bool purchase;     /* the hub buys: the invoice is what it expects to be asked for */
	const char *blend; /* purchase: one of the upstreams of that blend; NULL: none */
	struct currency currency;
	struct price monthly; /* flat: a month; commit: price of one Mbit/s committed, a month */
	struct price overage; /* commit: price of one Mbit/s above, a month */
	uint64_t commit_bps;
	uint32_t tax_basis_points; /* 1800: 18 % */
	const char *tax_name;      /* "Tax", "VAT" */
	bool reverse_charge;  /* no tax is added: the customer owes it, and the invoice says so */
	const char *tax_note; /* a sentence about the tax; NULL: none */
	struct utc_s starts, ends; /* first second; first second after; 0: open */
	const char *time_zone;     /* IANA name */
	const struct zone *zone;   /* of it; NULL: UTC */
	struct hub_percentile percentile;
	/* When the price of the usage changes inside a month: the rate of the whole period is paid
	 * at each price for its days; or each part of the period has its own rate. */
	enum hub_price_change { HUB_CHANGE_BY_DAYS, HUB_CHANGE_APART } price_change;
	enum money_rounding rounding; /* of each line */
	/* The total is told in another currency too, at a rate that the contract fixes. */
	struct hub_exchange {
		struct currency currency; /* "": not */
		struct price rate;        /* units of it for one unit of the contract's currency */
		const char *source;       /* where the rate comes from */
	} exchange;
	struct hub_charge *charges; /* kind items */
	size_t charge_count;
	uint32_t *ports; /* index; all ports of the member when not written; of a party none */
	size_t port_count;
	uint32_t *segments; /* of the corridor, in order: where this member's transit runs */
	size_t segment_count;
};

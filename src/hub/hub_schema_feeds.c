/* The rows of what comes to the exchange from outside besides routes, and of what it hands out:
 * RPKI, registries, PeeringDB, BMP stations, MRT files. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

static const struct hub_item rpki_rows[] = {
	{"name", HUB_TYPE_ID, .required = true, FIELD(hub_rpki_cache, name), .unique = HUB_BY_RPKI,
	 .min = 1, .max = 64, .help = "What it is called."},
	{"host", HUB_TYPE_HOST, .required = true, FIELD(hub_rpki_cache, host), .min = 1, .max = 253,
	 .help = "Its address or host name."},
	{"port", HUB_TYPE_COUNT, FIELD(hub_rpki_cache, port), .min = 1, .max = 65535,
	 .fallback = "323", .help = "Its TCP port."},
	{"preference", HUB_TYPE_COUNT, FIELD(hub_rpki_cache, preference), .max = 65535,
	 .fallback = "100", .help = "The lowest is asked first."},
	{"version_max", HUB_TYPE_COUNT, FIELD(hub_rpki_cache, version_max), .max = 2,
	 .fallback = "2",
	 .help = "Highest version of the protocol that is tried: 0 (RFC 6810), 1 (RFC 8210) or 2, "
		 "which brings ASPA."},
};

const struct hub_table hub_schema_rpki = {"RPKI cache", ROWS(rpki_rows),
					  .size = sizeof(struct hub_rpki_cache)};

static const struct hub_item validation_rows[] = {
	{"vrp_files", HUB_TYPE_TEXT, LIST(hub_validation, vrp_files, vrp_file_count), .min = 1,
	 .max = 4000, .limit = 7,
	 .help = "Validated ROA payloads as JSON, as rpki-client and routinator write them; used "
		 "besides the caches."},
	{"slurm_files", HUB_TYPE_TEXT, LIST(hub_validation, slurm_files, slurm_file_count),
	 .min = 1, .max = 4000, .limit = 64,
	 .help = "Local exceptions (RFC 8416). Files whose addresses overlap are not put in "
		 "force."},
	{"expire_s", HUB_TYPE_COUNT, FIELD(hub_validation, expire_s), .max = 172800,
	 .fallback = "0",
	 .help = "How long the data of a cache holds after its loss, at least 600, and how old a "
		 "file of VRPs may be; 0: as the cache says, and any age."},
};

const struct hub_table hub_schema_validation = {"set of validation values", ROWS(validation_rows),
						.size = sizeof(struct hub_validation)};

static const struct hub_item irr_rows[] = {
	{"enabled", HUB_TYPE_BOOL, FIELD(hub_irr, enabled),
	 .fallback_help = "yes when there is an irr at all",
	 .help = "Whether registered routes are asked for."},
	{"host", HUB_TYPE_HOST, FIELD(hub_irr, host), .min = 1, .max = 253,
	 .fallback = "rr.ntt.net", .help = "A mirror of the registries that speaks as IRRd does."},
	{"port", HUB_TYPE_COUNT, FIELD(hub_irr, port), .min = 1, .max = 65535, .fallback = "43",
	 .help = "Its TCP port."},
	{"sources", HUB_TYPE_TEXT, FIELD(hub_irr, sources), .min = 1, .max = 1000,
	 .fallback_help = "those that the host asks by itself",
	 .help = "The registries to be asked, in order, with commas: RIPE,APNIC,RADB."},
	{"bgpq4", HUB_TYPE_TEXT, FIELD(hub_irr, bgpq4), .min = 1, .max = 4000, .fallback = "bgpq4",
	 .help = "The program that asks."},
	{"refresh_s", HUB_TYPE_COUNT, FIELD(hub_irr, refresh_s), .min = 60, .max = 2592000,
	 .fallback = "21600", .help = "How often each member's routes are asked for."},
	{"timeout_s", HUB_TYPE_COUNT, FIELD(hub_irr, timeout_s), .min = 1, .max = 86400,
	 .fallback = "300", .help = "How long one answer may take."},
	{"shrink_percent", HUB_TYPE_COUNT, FIELD(hub_irr, shrink_percent), .max = 100,
	 .fallback = "50",
	 .help = "An answer smaller than the last one by more than this is held, and the last one "
		 "stays; 100: none is."},
	{"at_once", HUB_TYPE_COUNT, FIELD(hub_irr, at_once), .min = 1, .max = 64, .fallback = "4",
	 .help = "Questions at the same time."},
	{"prefixes_max", HUB_TYPE_COUNT, FIELD(hub_irr, prefixes_max), .min = 1, .max = 16777216,
	 .fallback = "1000000",
	 .help = "An answer with more prefixes than this, of one member and family, is held."},
	{"arin", HUB_TYPE_TEXT, FIELD(hub_irr, arin), .min = 1, .max = 4000,
	 .fallback_help = "not used",
	 .help = "The origins that ARIN's whois data has: a file or a URL of JSON, as it is or "
		 "packed "
		 "with bzip2."},
	{"registro_br", HUB_TYPE_TEXT, FIELD(hub_irr, registro_br), .min = 1, .max = 4000,
	 .fallback_help = "not used",
	 .help = "Those that Registro.br has: a file or a URL of its list of AS numbers and "
		 "blocks."},
};

const struct hub_table hub_schema_irr = {"registry", ROWS(irr_rows), .size = sizeof(struct hub_irr),
					 .fill = hub_fill_irr, .check = hub_check_irr};

static const struct hub_item peeringdb_rows[] = {
	{"source", HUB_TYPE_TEXT, FIELD(hub_peeringdb, source), .min = 1, .max = 4000,
	 .fallback_help = "PeeringDB is not used",
	 .help = "Where its JSON is: a folder, a file, or a URL such as "
		 "https://www.peeringdb.com/api."},
	{"key", HUB_TYPE_SECRET, FIELD(hub_peeringdb, key), .min = 1, .max = 200,
	 .help = "Key of the API."},
	{"refresh_s", HUB_TYPE_COUNT, FIELD(hub_peeringdb, refresh_s), .min = 3600, .max = 2592000,
	 .fallback = "86400", .help = "How often it is read."},
};

const struct hub_table hub_schema_peeringdb = {"set of PeeringDB values", ROWS(peeringdb_rows),
					       .size = sizeof(struct hub_peeringdb),
					       .check = hub_check_peeringdb};

static const struct hub_item station_rows[] = {
	{"name", HUB_TYPE_ID, .required = true, FIELD(hub_station, name), .unique = HUB_BY_STATION,
	 .min = 1, .max = 64, .help = "What it is called."},
	{"host", HUB_TYPE_HOST, .required = true, FIELD(hub_station, host), .min = 1, .max = 253,
	 .help = "Its address or host name."},
	{"port", HUB_TYPE_COUNT, FIELD(hub_station, port), .min = 1, .max = 65535,
	 .fallback = "11019", .help = "Its TCP port; the hub connects."},
	{"pre_policy", HUB_TYPE_BOOL, FIELD(hub_station, pre_policy), .fallback = "true",
	 .help = "It hears all that members sent."},
	{"post_policy", HUB_TYPE_BOOL, FIELD(hub_station, post_policy), .fallback = "false",
	 .help = "It hears what of that was accepted."},
	{"out_pre_policy", HUB_TYPE_BOOL, FIELD(hub_station, out_pre_policy), .fallback = "false",
	 .help = "It hears what there would be for each member (RFC 8671)."},
	{"out_post_policy", HUB_TYPE_BOOL, FIELD(hub_station, out_post_policy), .fallback = "false",
	 .help = "It hears what each member is sent (RFC 8671)."},
	{"loc_rib", HUB_TYPE_BOOL, FIELD(hub_station, loc_rib), .fallback = "false",
	 .help = "It hears the best routes (RFC 9069)."},
	{"statistics_s", HUB_TYPE_COUNT, FIELD(hub_station, statistics_s), .max = 86400,
	 .fallback = "60", .help = "How often it hears statistics; 0: never."},
};

const struct hub_table hub_schema_station = {"station", ROWS(station_rows),
					     .size = sizeof(struct hub_station)};

static const struct hub_item dumps_rows[] = {
	{"directory", HUB_TYPE_TEXT, FIELD(hub_dumps, directory), .min = 1, .max = 4000,
	 .fallback_help = "no files are written",
	 .help = "Where MRT files (RFC 6396) are written."},
	{"table_every_s", HUB_TYPE_COUNT, FIELD(hub_dumps, table_every_s), .max = 604800,
	 .fallback = "7200", .help = "How often the whole table is written; 0: never."},
	{"updates_every_s", HUB_TYPE_COUNT, FIELD(hub_dumps, updates_every_s), .max = 86400,
	 .fallback = "900", .help = "How long one file of updates goes on; 0: there are none."},
	{"keep_days", HUB_TYPE_COUNT, FIELD(hub_dumps, keep_days), .max = 36500, .fallback = "30",
	 .help = "Files are deleted after so many days; 0: never."},
	{"compress", HUB_TYPE_BOOL, FIELD(hub_dumps, compress), .fallback = "true",
	 .help = "They are compressed with gzip."},
};

const struct hub_table hub_schema_dumps = {"set of dump values", ROWS(dumps_rows),
					   .size = sizeof(struct hub_dumps),
					   .check = hub_check_dumps};

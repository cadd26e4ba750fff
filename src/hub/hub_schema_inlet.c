/* The rows of counters that come from outside: SNMP, pushes. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

static const char *const version_words[] = {"2c", "3", NULL};
static const char *const auth_words[] = {"sha256", "sha512", "sha", "md5", NULL};
static const char *const privacy_words[] = {"aes", "aes256", "des", NULL};

static const struct hub_item snmp_rows[] = {
	{"enabled", HUB_TYPE_BOOL, FIELD(hub_snmp, enabled),
	 .fallback_help = "yes when there is an snmp at all", .help = "Whether it is asked."},
	{"version", HUB_TYPE_WORD, FIELD(hub_snmp, version), .words = version_words,
	 .fallback = "2c", .help = "2c, or 3 with authentication and privacy."},
	{"community", HUB_TYPE_SECRET, FIELD(hub_snmp, community), .min = 1, .max = 255,
	 .help = "2c: the word that lets us read."},
	{"community_file", HUB_TYPE_TEXT, FIELD(hub_snmp, community_file), .min = 1, .max = 4000,
	 .help = "The file whose first line it is, instead."},
	{"user", HUB_TYPE_TEXT, FIELD(hub_snmp, user), .min = 1, .max = 32,
	 .help = "3: the user's name."},
	{"auth", HUB_TYPE_WORD, FIELD(hub_snmp, auth), .words = auth_words, .fallback = "sha256",
	 .help = "3: what its authentication hashes with."},
	{"auth_password", HUB_TYPE_SECRET, FIELD(hub_snmp, auth_password), .min = 8, .max = 255,
	 .help = "3: its password for that."},
	{"auth_password_file", HUB_TYPE_TEXT, FIELD(hub_snmp, auth_password_file), .min = 1,
	 .max = 4000, .help = "The file whose first line it is, instead."},
	{"privacy", HUB_TYPE_WORD, FIELD(hub_snmp, privacy), .words = privacy_words,
	 .fallback = "aes", .help = "3: what it encrypts with."},
	{"privacy_password", HUB_TYPE_SECRET, FIELD(hub_snmp, privacy_password), .min = 8,
	 .max = 255, .help = "3: its password for that."},
	{"privacy_password_file", HUB_TYPE_TEXT, FIELD(hub_snmp, privacy_password_file), .min = 1,
	 .max = 4000, .help = "The file whose first line it is, instead."},
	{"address", HUB_TYPE_IP, FIELD(hub_snmp, address), .fallback_help = "the exporter's",
	 .help = "Where it answers."},
	{"port", HUB_TYPE_COUNT, FIELD(hub_snmp, port), .min = 1, .max = 65535, .fallback = "161",
	 .help = "Its UDP port."},
	{"every_s", HUB_TYPE_COUNT, FIELD(hub_snmp, every_s), .min = 10, .max = 3600,
	 .fallback = "60", .help = "How often it is asked."},
	{"timeout_s", HUB_TYPE_COUNT, FIELD(hub_snmp, timeout_s), .min = 1, .max = 60,
	 .fallback = "3", .help = "How long one answer may take."},
	{"retries", HUB_TYPE_COUNT, FIELD(hub_snmp, retries), .max = 10, .fallback = "2",
	 .help = "How often a question that was not answered is put again."},
};

const struct hub_table hub_schema_snmp = {"set of SNMP values", ROWS(snmp_rows),
					  .size = sizeof(struct hub_snmp), .fill = hub_fill_snmp,
					  .check = hub_check_snmp};

static const struct hub_item push_rows[] = {
	{"token", HUB_TYPE_SECRET, FIELD(hub_push, token), .min = 16, .max = 255,
	 .fallback_help = "nobody may",
	 .help = "What who pushes counters shows: Authorization: Bearer TOKEN."},
	{"token_file", HUB_TYPE_TEXT, FIELD(hub_push, token_file), .min = 1, .max = 4000,
	 .help = "The file whose first line it is, instead."},
};

const struct hub_table hub_schema_push = {"set of push values", ROWS(push_rows),
					  .size = sizeof(struct hub_push), .check = hub_check_push};

/* The hub file of a year: members with a contract of each kind, and the corridor whose transit is shared. */
#include "scenario/year.h"

/* One of each kind; the text after id and member. */
static const char *const contracts[YEAR_MEMBERS] = {
	"'kind': 'flat', 'currency': 'USD', 'monthly': '9800', 'tax_percent': '18', 'starts': "
	"'2026-01-17'",
	"'kind': 'commit', 'currency': 'USD', 'monthly': '0.32', 'overage': '0.45', 'commit': "
	"'400M', 'tax_percent': "
	"'19.5', 'segments': ['S1', 'S2']",
	"'kind': 'items', 'currency': 'PKR', 'time_zone': 'Asia/Karachi', 'tax_percent': '16', "
	"'items': [{'kind': "
	"'tiers', 'tiers': [{'up_to': '1G', 'price': '250'}, {'up_to': '10G', 'price': '190.5'}, "
	"{'price': '120'}]}, "
	"{'kind': 'port', 'price': '1200', 'per': 'gigabit'}]",
	"'kind': 'items', 'currency': 'EUR', 'segments': ['S1', 'S2', 'S3'], 'time_zone': "
	"'Europe/Berlin', 'percentile': "
	"{'direction': "
	"'each-bin-larger'}, 'items': [{'kind': 'slabs', 'tiers': [{'up_to': '500M', 'price': "
	"'0.9'}, {'up_to': '5G', "
	"'price': '0.61'}, {'price': '0.335'}]}, {'kind': 'minimum', 'price': '700', 'of': "
	"'invoice'}]",
	"'kind': 'items', 'currency': 'USD', 'segments': ['S2', 'S3'], 'percentile': {'direction': "
	"'sum', 'ports': "
	"'sum-after'}, 'items': [{'kind': "
	"'transit', 'price': '0.27', 'commit': '2G', 'overage': '0.31'}], 'price_change': 'apart'",
	"'kind': 'items', 'currency': 'KWD', 'percentile': {'missing': 'zero'}, 'items': [{'kind': "
	"'volume', 'price': "
	"'0.65', 'unit': 'TB', 'direction': 'sum', 'included': 5}, {'kind': 'cloud', 'price': "
	"'75.5', 'count': 2}]",
	"'kind': 'items', 'currency': 'JPY', 'percentile': {'method': 'top-days', 'top_days': 5, "
	"'peak_bin': 5}, 'items': "
	"[{'kind': 'commit', 'price': '33.3', 'commit': '100M', 'id': 'use'}, {'kind': 'once', "
	"'price': '90000', "
	"'starts': '2026-03-05'}, {'kind': 'credit', 'of': 'use', 'percent': '10', 'every_month': "
	"true, 'starts': "
	"'2026-04-01', 'ends': '2026-09-16'}]",
	"'kind': 'items', 'currency': 'KZT', 'segments': ['S3', 'S2'], 'time_zone': 'Asia/Almaty', "
	"'tax_percent': '12', "
	"'items': [{'kind': 'commit', "
	"'price': '210', 'commit': '300M', 'ends': '2026-08-10'}, {'kind': 'commit', 'price': "
	"'195', 'commit': '500M', "
	"'starts': '2026-08-10'}, {'kind': 'burst', 'by': 'rate', 'above_percent': '150', 'price': "
	"'99'}]",
	"'kind': 'items', 'currency': 'USD', 'percentile': {'method': 'daily-mean'}, 'items': "
	"[{'kind': 'transit', 'price': "
	"'0.4'}, {'kind': 'iru', 'price': '1200000', 'months': 180, 'payment': 'instalments', "
	"'starts': '2026-02-10', "
	"'upkeep': '36000', 'share_percent': '12.5'}, {'kind': 'maximum', 'price': '25000', 'of': "
	"'usage'}]",
	"'kind': 'commit', 'currency': 'USD', 'monthly': '0.5', 'commit': '1G', 'starts': "
	"'2026-05-11', 'ends': "
	"'2026-11-20', 'percentile': {'valid_days': true, 'round_up': '1M', 'rank': '90'}",
};

/* Who owns the cables, and how what transit earns is shared. */
static const char corridor[] =
	",'sites': [{'id': 'KHI', 'name': 'Karachi'}, {'id': 'KHE', 'name': 'Khunjerab'},"
	" {'id': 'URC', 'name': 'Urumqi'}, {'id': 'ALA', 'name': 'Almaty'}],"
	"'segments': [{'id': 'S1', 'a': 'KHI', 'b': 'KHE', 'length_km': 2100, 'status': 'in "
	"service'},"
	" {'id': 'S2', 'a': 'KHE', 'b': 'URC', 'length_km': 1830.5, 'status': 'in service'},"
	" {'id': 'S3', 'a': 'URC', 'b': 'ALA', 'length_km': 1077, 'status': 'in service'}],"
	"'parties': [{'id': 'indus', 'name': 'Indus', 'segments': ['S1']},"
	" {'id': 'tarim', 'name': 'Tarim', 'segments': ['S2']},"
	" {'id': 'steppe', 'name': 'Steppe', 'segments': ['S3']}],"
	"'settlements': [{'id': 'dollars', 'currency': 'USD', 'by': 'km', 'hub_percent': '10',"
	" 'terms': [{'segment': 'S1', 'kind': 'fixed', 'amount': '120.35'}],"
	" 'dues': [{'from': 'tarim', 'to': 'indus', 'amount': '400', 'text': 'upkeep'}]},"
	" {'id': 'euros', 'currency': 'EUR', 'by': 'equal', 'starts': '2026-02-01'},"
	" {'id': 'tenge', 'currency': 'KZT', 'terms': [{'segment': 'S3', 'kind': 'percent',"
	" 'percent': '33.3'}, {'segment': 'S2', 'kind': 'iru'}]}]";

static void
put_quoted(struct buf *out, const char *text)
{
	for (; *text; text++)
		buf_u8(out, *text == '\'' ? '"' : (uint8_t)*text);
}

static void
put_contracts(struct buf *out)
{
	buf_str(out, "],\n\"contracts\": [");
	for (unsigned m = 0; m < YEAR_MEMBERS; m++) {
		buf_printf(out, "%s{\"id\": \"c%u\", \"member\": %u, ", m ? ",\n" : "", m,
			   64601 + m);
		put_quoted(out, contracts[m]);
		buf_str(out, "}");
	}
	buf_str(out, "]");
}

void
year_hub_text(const struct year_world *w, struct buf *out)
{
	buf_str(out, "{\"hub\": {\"name\": \"Year Hub\", \"short_name\": \"YH\", \"asn\": 64500, "
		     "\"router_id\": "
		     "\"192.0.2.1\", \"country\": \"PK\"},\n"
		     "\"lans\": [{\"name\": \"peering\", \"ipv4\": "
		     "\"203.0.113.0/24\"}],\n\"exporters\": [");
	for (unsigned s = 0; s < YEAR_SWITCHES; s++)
		buf_printf(out, "%s{\"id\": \"sw%u\", \"address\": \"198.51.100.%u\"}",
			   s ? ", " : "", s, s + 1);
	buf_str(out, "],\n\"members\": [");
	for (unsigned m = 0; m < YEAR_MEMBERS; m++) {
		buf_printf(out,
			   "%s{\"asn\": %u, \"name\": \"Member %u\", \"kind\": \"carrier\", "
			   "\"ports\": [",
			   m ? ",\n" : "", 64601 + m, m);
		for (unsigned i = m; i < YEAR_PORTS; i += YEAR_MEMBERS)
			buf_printf(out,
				   "%s{\"id\": \"%s\", \"speed\": \"%lluM\", \"ipv4\": "
				   "\"203.0.113.%u\", "
				   "\"exporter\": \"sw%u\", \"if_index\": %u, \"macs\": "
				   "[\"00:00:5e:00:53:%02x\"]}",
				   i == m ? "" : ", ", w->ports[i].id,
				   (unsigned long long)(w->ports[i].speed_bps / 1000000), 10 + i,
				   w->ports[i].host, w->ports[i].if_index, i + 1);
		buf_str(out, "]}");
	}
	put_contracts(out);
	put_quoted(out, corridor);
	buf_str(out, "}\n");
}

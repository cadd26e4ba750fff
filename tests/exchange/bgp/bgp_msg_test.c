/* Headers, NOTIFICATION and ROUTE-REFRESH. */
#include "exchange/bgp/bgp_msg.h"

#include "hex.h"
#include "tap.h"

#define MARKER "ffffffffffffffffffffffffffffffff"

static void
headers(void)
{
	static const struct {
		const char *name, *hex;
		uint16_t max;
		const char *expected; /* "type length", or "code.subcode data" */
	} cases[] = {
		{"4271 4.1: KEEPALIVE", MARKER "001304", BGP_MAX, "4 19"},
		{"4271 6.1: KEEPALIVE of 20 octets", MARKER "001404", BGP_MAX, "1.2 0014"},
		{"8654 4: KEEPALIVE never becomes long", MARKER "100104", BGP_MAX_EXTENDED,
		 "1.2 1001"},
		{"4271 6.1: a marker with a zero bit", "fffffffffffffffffffffffffffffffe001304",
		 BGP_MAX, "1.1 "},
		{"4271 6.1: length 18", MARKER "001204", BGP_MAX, "1.2 0012"},
		{"4271 6.1: length 0", MARKER "000004", BGP_MAX, "1.2 0000"},
		{"4271 6.1: UPDATE of 22 octets", MARKER "001602", BGP_MAX, "1.2 0016"},
		{"4271 6.1: UPDATE of 23 octets", MARKER "001702", BGP_MAX, "2 23"},
		{"4271 6.1: UPDATE of 4096 octets", MARKER "100002", BGP_MAX, "2 4096"},
		{"4271 6.1: UPDATE of 4097 octets", MARKER "100102", BGP_MAX, "1.2 1001"},
		{"8654 4: UPDATE of 65535 octets, when agreed on", MARKER "ffff02",
		 BGP_MAX_EXTENDED, "2 65535"},
		{"4271 6.1: OPEN of 28 octets", MARKER "001c01", BGP_MAX, "1.2 001c"},
		{"8654 4: OPEN never becomes long", MARKER "100101", BGP_MAX_EXTENDED, "1.2 1001"},
		{"4271 6.1: type 0", MARKER "001300", BGP_MAX, "1.3 00"},
		{"4271 6.1: type 6", MARKER "001306", BGP_MAX, "1.3 06"},
		{"4271 6.4: a NOTIFICATION too short is read all the same", MARKER "001403",
		 BGP_MAX, "3 20"},
		{"2918 3: ROUTE-REFRESH", MARKER "001705", BGP_MAX, "5 23"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf octets = {0}, data = {0};
		struct bgp_header header;
		struct bgp_error error;
		char got[64];
		hex_put(&octets, cases[i].hex);
		struct cursor head = cursor_of(octets.data, octets.length);
		if (bgp_header_read(&header, &error, head, cases[i].max) == 0)
			snprintf(got, sizeof(got), "%u %u", header.type, header.length);
		else
			snprintf(got, sizeof(got), "%u.%u %s", error.code, error.subcode,
				 hex_text(&data, error.data));
		is_str(got, cases[i].expected, cases[i].name);
		buf_fini(&octets);
		buf_fini(&data);
	}
}

static void
notifications(void)
{
	static const struct {
		const char *name, *hex, *expected; /* "code.subcode text", "hard ..." */
	} cases[] = {
		{"4271 4.5: without data", "0400", "4.0 "},
		{"9003 2: administrative shutdown with a text", "0602 05 68656c6c6f", "6.2 hello"},
		{"9003 2: reset with a text", "0604 02 6f6b", "6.4 ok"},
		{"9003 2: a letter that is cut is replaced", "0602 04 c3a9e282ac",
		 "6.2 \xc3\xa9??"},
		{"9003 2: letters beyond ASCII", "0602 05 c3a9e282ac", "6.2 \xc3\xa9\xe2\x82\xac"},
		{"9003 2: what is no UTF-8 and what could steer a terminal is replaced",
		 "0602 06 fffe00410a1b", "6.2 ???A??"},
		{"9003 2: overlong and surrogate forms are replaced", "0602 05 c080eda080",
		 "6.2 ?????"},
		{"9003 2: C1 control characters are replaced", "0602 03 41c29b", "6.2 A?"},
		{"9003 2: a length beyond the message: no text", "0602 ff 41", "6.2 "},
		{"9003 2: an empty text", "0602 00", "6.2 "},
		{"4486: the bound of Cease/1 is told", "0601 0001010000000a",
		 "6.1 at most 10 IPv4 prefixes"},
		{"4486: of another length it is none", "0601 00010100000a", "6.1 "},
		{"4486: nor of another family", "0601 0019460000000a", "6.1 "},
		{"4486: data of another subcode are no text", "0608 0001010000000a", "6.8 "},
		{"4271 6.4: one octet only", "06", "0.0 "},
		{"4271 6.4: no octet", "", "0.0 "},
		{"8538 3.1: a Hard Reset tells what is inside", "0609 0602 05 68656c6c6f",
		 "hard 6.2 hello"},
		{"8538 3.1: with any other error inside", "0609 0301 400101", "hard 3.1 "},
		{"8538 3.1: a Hard Reset with nothing inside", "0609", "hard 6.9 "},
		{"8538 3.1: a Hard Reset with half of a code", "0609 06", "hard 6.9 "},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf octets = {0};
		struct bgp_notification n;
		char got[300];
		hex_put(&octets, cases[i].hex);
		bgp_notification_read(&n, cursor_of(octets.data, octets.length));
		snprintf(got, sizeof(got), "%s%u.%u %s", n.hard ? "hard " : "", n.code, n.subcode,
			 n.text);
		is_str(got, cases[i].expected, cases[i].name);
		buf_fini(&octets);
	}
}

static void
cease(void)
{
	struct buf out = {0};
	struct bgp_notification n;
	char longer[400];
	bgp_cease_write(&out, BGP_CEASE_SHUTDOWN, "maintenance until 04:00 UTC");
	bgp_notification_read(&n, cursor_of(out.data + BGP_HEADER, out.length - BGP_HEADER));
	is_str(n.text, "maintenance until 04:00 UTC", "9003 2: our text can be read again");
	buf_clear(&out);
	/* 254 letters and one of two octets: it does not fit in 255. */
	memset(longer, 'a', sizeof(longer));
	memcpy(longer + 254, "\xc3\xa9\xc3\xa9", 5);
	bgp_cease_write(&out, BGP_CEASE_RESET, longer);
	bgp_notification_read(&n, cursor_of(out.data + BGP_HEADER, out.length - BGP_HEADER));
	is_int((long long)strlen(n.text), 254, "9003 2: a long text is cut between letters");
	buf_clear(&out);
	bgp_cease_write(&out, BGP_CEASE_MAX_PREFIXES, "too many");
	is_int((long long)out.length, BGP_HEADER + 2,
	       "4486: no text where the data means something else");
	buf_clear(&out);
	bgp_hard_reset_write(&out, BGP_CEASE_SHUTDOWN, "moving");
	bgp_notification_read(&n, cursor_of(out.data + BGP_HEADER, out.length - BGP_HEADER));
	ok(n.hard && n.code == BGP_ERR_CEASE && n.subcode == BGP_CEASE_SHUTDOWN &&
		   strcmp(n.text, "moving") == 0 && out.data[17] == out.length,
	   "8538 3.1: our Hard Reset can be read again");
	uint8_t octets[] = {0, 2, 1, 0, 0, 0x27, 0x10};
	struct buf data = {0};
	bgp_max_prefixes_put(&data, IP_V6, 10000);
	ok(data.length == sizeof(octets) && memcmp(data.data, octets, sizeof(octets)) == 0,
	   "4486 4: the data of Cease/1 are AFI, SAFI and the bound");
	struct bgp_error over = {BGP_ERR_CEASE, BGP_CEASE_MAX_PREFIXES,
				 cursor_of(data.data, data.length)};
	buf_clear(&out);
	bgp_notification_write(&out, over);
	bgp_notification_read(&n, cursor_of(out.data + BGP_HEADER, out.length - BGP_HEADER));
	is_str(n.text, "at most 10000 IPv6 prefixes", "and can be read");
	buf_clear(&out);
	bgp_hard_reset_wrap(&out, over);
	bgp_notification_read(&n, cursor_of(out.data + BGP_HEADER, out.length - BGP_HEADER));
	ok(n.hard && n.subcode == BGP_CEASE_MAX_PREFIXES && n.text[0] == 'a' &&
		   out.length == BGP_HEADER + 4 + sizeof(octets),
	   "8538 3.1: in a Hard Reset too");
	buf_fini(&data);
	buf_clear(&out);
	bgp_error_text(&out, BGP_ERR_UPDATE, 11);
	buf_u8(&out, 0);
	is_str((char *)out.data, "UPDATE message error: malformed AS_PATH", "errors have words");
	buf_clear(&out);
	bgp_error_text(&out, 99, 7);
	buf_u8(&out, 0);
	is_str((char *)out.data, "error 99: subcode 7", "unknown ones their numbers");
	buf_fini(&out);
}

static void
refreshes(void)
{
	static const struct {
		const char *name, *hex;
		int family, kind; /* -1: ignored */
	} cases[] = {
		{"2918 3: IPv4 unicast", "00010001", IP_V4, BGP_REFRESH_ASK},
		{"2918 3: IPv6 unicast", "00020001", IP_V6, BGP_REFRESH_ASK},
		{"7313 3: begin of a refresh", "00020101", IP_V6, BGP_REFRESH_BEGIN},
		{"7313 3: end of a refresh", "00020201", IP_V6, BGP_REFRESH_END},
		{"7313 5: unknown subtype is ignored", "00010301", -1, 0},
		{"7313 5: subtype 255 is ignored", "0001ff01", -1, 0},
		{"2918 4: another SAFI is ignored", "00010002", -1, 0},
		{"2918 4: another AFI is ignored", "00190046", -1, 0},
		{"three octets are ignored", "000100", -1, 0},
		{"5291: five octets (ORF) are ignored", "0001000101", -1, 0},
		{"no octet is ignored", "", -1, 0},
		{"7313 5: a begin of three octets is malformed", "000101", IP_NONE,
		 BGP_REFRESH_MALFORMED},
		{"7313 5: an end of five octets is malformed", "0001020101", IP_NONE,
		 BGP_REFRESH_MALFORMED},
		{"7313 5: an unknown subtype is ignored, whatever its length", "000103", -1, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf octets = {0};
		struct bgp_refresh refresh = {0};
		hex_put(&octets, cases[i].hex);
		bool read = bgp_refresh_read(&refresh, cursor_of(octets.data, octets.length)) == 0;
		ok(cases[i].family < 0 ? !read
				       : read && (int)refresh.family == cases[i].family &&
						 (int)refresh.kind == cases[i].kind,
		   "%s", cases[i].name);
		buf_fini(&octets);
	}
	static const struct {
		const char *name;
		enum ip_family family;
		enum bgp_refresh_kind kind;
		const char *hex;
	} ours[] = {
		{"2918 3: our request", IP_V6, BGP_REFRESH_ASK, MARKER "00170500020001"},
		{"7313 4: our begin", IP_V4, BGP_REFRESH_BEGIN, MARKER "00170500010101"},
		{"7313 4: our end", IP_V6, BGP_REFRESH_END, MARKER "00170500020201"},
	};
	struct buf out = {0}, text = {0};
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		buf_clear(&out);
		bgp_refresh_write(&out, ours[i].family, ours[i].kind);
		is_str(hex_text(&text, cursor_of(out.data, out.length)), ours[i].hex, ours[i].name);
	}
	buf_fini(&out);
	buf_fini(&text);
}

int
main(void)
{
	headers();
	notifications();
	cease();
	refreshes();
	return done_testing();
}

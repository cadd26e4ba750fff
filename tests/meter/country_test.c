/* Countries by address and by AS number; the table that the program is built with. */
#include "meter/country.h"

#include "tap.h"

static const char *
text_of(uint16_t code)
{
	static char text[3];
	country_text(text, code);
	return text;
}

static uint16_t
of(const struct countries *c, const char *address)
{
	struct ip ip = {0};
	(void)ip_parse(&ip, address);
	return countries_of_ip(c, ip);
}

static void
small(void)
{
	static const char table[] = "# a remark\n"
				    "192.0.2.0/24\tPK\n"
				    "192.0.2.128/25\tKZ\n"
				    "2001:db8::/32\tGE\n"
				    "AS64500\tAZ\n"
				    "not a prefix\tPK\n"
				    "198.51.100.0/24\tpk\n"
				    "198.51.100.0/24\n"
				    "\n"
				    "203.0.113.0/24\tNO";
	size_t bad;
	struct countries *c = countries_new(table, sizeof(table) - 1, &bad);
	is_str(text_of(of(c, "192.0.2.1")), "PK", "an address has the country of its prefix");
	is_str(text_of(of(c, "192.0.2.200")), "KZ", "of the longest one");
	is_str(text_of(of(c, "2001:db8::1")), "GE", "IPv6 too");
	is_str(text_of(of(c, "203.0.113.9")), "NO",
	       "a last line without newline counts, and NO is Norway");
	is_str(text_of(of(c, "198.51.100.1")), "--", "an address that is in no prefix has none");
	is_str(text_of(countries_of_asn(c, 64500)), "AZ", "an AS number has one");
	is_int((long long)bad, 3, "lines that make no sense are counted");
	(void)countries_add_asn(c, (struct asn){64501}, country_code("TM"));
	(void)countries_add_asn(c, (struct asn){64500}, country_code("TM"));
	ok(countries_of_asn(c, 64501) == country_code("TM") &&
		   countries_of_asn(c, 64500) == country_code("AZ"),
	   "AS numbers are added, and the table goes first");
	countries_forget_asns(c);
	ok(countries_of_asn(c, 64501) == 0 && countries_of_asn(c, 64500) == country_code("AZ"),
	   "and forgotten again");
	ok(country_code("Pk") == 0 && country_code("--") == 0 && country_code("ZZ") < COUNTRY_CODES,
	   "only two capitals are a code");
	countries_free(c);
}

int
main(void)
{
	size_t length, bad;
	const char *text = countries_built_in(&length);
	struct countries *c = countries_new(text, length, &bad);
	ok(c && bad == 0, "every line of the built-in table is sound");
	is_str(text_of(of(c, "39.32.0.1")), "PK", "an address of Pakistan");
	is_str(text_of(of(c, "2.132.0.1")), "KZ", "one of Kazakhstan");
	is_str(text_of(of(c, "2a05:2180::1")), "TM", "and one of Turkmenistan, IPv6");
	countries_free(c);
	small();
	return done_testing();
}

/* Countries and the numbers that communities name them by. */
#include "hub/hub_country.h"

#include <string.h>

#include "tap.h"

int
main(void)
{
	static const struct {
		const char *name;
		struct country country;
		bool known;
		unsigned number, continent;
	} cases[] = {
		{"Pakistan is in Asia", {"PK"}, true, 586, 142},
		{"so is Turkey", {"TR"}, true, 792, 142},
		{"and Georgia", {"GE"}, true, 268, 142},
		{"Russia is in Europe", {"RU"}, true, 643, 150},
		{"the first of the alphabet", {"AD"}, true, 20, 150},
		{"the last", {"ZW"}, true, 716, 2},
		{"Brazil is in the Americas", {"BR"}, true, 76, 19},
		{"Fiji is in Oceania", {"FJ"}, true, 242, 9},
		{"Antarctica is in none", {"AQ"}, true, 10, 0},
		{"Kosovo has no number", {"XK"}, true, 0, 150},
		{"UK is no country", {"UK"}, false, 0, 0},
		{"nor is nothing", {""}, false, 0, 0},
		{"nor are small letters", {"pk"}, false, 0, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct country c = cases[i].country;
		ok(hub_country_known(c) == cases[i].known &&
			   hub_country_number(c) == cases[i].number &&
			   hub_country_continent(c) == cases[i].continent,
		   "%s", cases[i].name);
	}
	unsigned known = 0, named = 0, found = 0;
	for (char a = 'A'; a <= 'Z'; a++) {
		for (char b = 'A'; b <= 'Z'; b++) {
			struct country c = {{a, b, 0}};
			const char *name = hub_country_name(c);
			known += hub_country_known(c);
			named += name != NULL;
			found += name && strcmp(hub_country_of_name(name).code, c.code) == 0;
		}
	}
	is_int(known, 250, "there are 249 countries and Kosovo");
	is_int(named, 250, "each has a name");
	is_int(found, 250, "by which it is found");
	is_str(hub_country_name((struct country){"IR"}), "Iran", "IR is Iran");
	is_str(hub_country_of_name("south KOREA").code, "KR", "case does not matter in a name");
	is_str(hub_country_of_name("Atlantis").code, "", "no country is called Atlantis");
	return done_testing();
}

/* Countries and the numbers that communities name them by. */
#include "hub/hub_country.h"
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
	unsigned known = 0;
	for (char a = 'A'; a <= 'Z'; a++)
		for (char b = 'A'; b <= 'Z'; b++)
			known += hub_country_known((struct country){{a, b, 0}});
	is_int(known, 250, "there are 249 countries and Kosovo");
	unsigned named = 0;
	for (char a = 'A'; a <= 'Z'; a++)
		for (char b = 'A'; b <= 'Z'; b++) {
			struct country c = {{a, b, 0}};
			named += (hub_country_name(c.code) != NULL) == hub_country_known(c);
		}
	is_int(named, 26 * 26, "each has a name, and nothing else has");
	is_str(hub_country_name("PK"), "Pakistan", "Pakistan's is found");
	return done_testing();
}

/* The countries of ISO 3166-1: an unknown code is nearly always a slip (UK for GB), and a country
 * that is to be avoided must not be missed for one. */
#include "hub/hub_country.h"

#include <stdlib.h>
#include <string.h>

/* UN M49 numbers of its regions; Antarctica is in none. */
enum { NOWHERE = 0, AFRICA = 2, OCEANIA = 9, AMERICAS = 19, ASIA = 142, EUROPE = 150 };

/* By alphabet. The numbers are those of UN M49, which are those of ISO 3166-1. */
static const struct entry {
	char code[3];
	uint16_t number, continent;
} countries[] = {
	{"AD", 20, EUROPE},    {"AE", 784, ASIA},     {"AF", 4, ASIA},       {"AG", 28, AMERICAS},
	{"AI", 660, AMERICAS}, {"AL", 8, EUROPE},     {"AM", 51, ASIA},      {"AO", 24, AFRICA},
	{"AQ", 10, NOWHERE},   {"AR", 32, AMERICAS},  {"AS", 16, OCEANIA},   {"AT", 40, EUROPE},
	{"AU", 36, OCEANIA},   {"AW", 533, AMERICAS}, {"AX", 248, EUROPE},   {"AZ", 31, ASIA},
	{"BA", 70, EUROPE},    {"BB", 52, AMERICAS},  {"BD", 50, ASIA},      {"BE", 56, EUROPE},
	{"BF", 854, AFRICA},   {"BG", 100, EUROPE},   {"BH", 48, ASIA},      {"BI", 108, AFRICA},
	{"BJ", 204, AFRICA},   {"BL", 652, AMERICAS}, {"BM", 60, AMERICAS},  {"BN", 96, ASIA},
	{"BO", 68, AMERICAS},  {"BQ", 535, AMERICAS}, {"BR", 76, AMERICAS},  {"BS", 44, AMERICAS},
	{"BT", 64, ASIA},      {"BV", 74, AMERICAS},  {"BW", 72, AFRICA},    {"BY", 112, EUROPE},
	{"BZ", 84, AMERICAS},  {"CA", 124, AMERICAS}, {"CC", 166, OCEANIA},  {"CD", 180, AFRICA},
	{"CF", 140, AFRICA},   {"CG", 178, AFRICA},   {"CH", 756, EUROPE},   {"CI", 384, AFRICA},
	{"CK", 184, OCEANIA},  {"CL", 152, AMERICAS}, {"CM", 120, AFRICA},   {"CN", 156, ASIA},
	{"CO", 170, AMERICAS}, {"CR", 188, AMERICAS}, {"CU", 192, AMERICAS}, {"CV", 132, AFRICA},
	{"CW", 531, AMERICAS}, {"CX", 162, OCEANIA},  {"CY", 196, ASIA},     {"CZ", 203, EUROPE},
	{"DE", 276, EUROPE},   {"DJ", 262, AFRICA},   {"DK", 208, EUROPE},   {"DM", 212, AMERICAS},
	{"DO", 214, AMERICAS}, {"DZ", 12, AFRICA},    {"EC", 218, AMERICAS}, {"EE", 233, EUROPE},
	{"EG", 818, AFRICA},   {"EH", 732, AFRICA},   {"ER", 232, AFRICA},   {"ES", 724, EUROPE},
	{"ET", 231, AFRICA},   {"FI", 246, EUROPE},   {"FJ", 242, OCEANIA},  {"FK", 238, AMERICAS},
	{"FM", 583, OCEANIA},  {"FO", 234, EUROPE},   {"FR", 250, EUROPE},   {"GA", 266, AFRICA},
	{"GB", 826, EUROPE},   {"GD", 308, AMERICAS}, {"GE", 268, ASIA},     {"GF", 254, AMERICAS},
	{"GG", 831, EUROPE},   {"GH", 288, AFRICA},   {"GI", 292, EUROPE},   {"GL", 304, AMERICAS},
	{"GM", 270, AFRICA},   {"GN", 324, AFRICA},   {"GP", 312, AMERICAS}, {"GQ", 226, AFRICA},
	{"GR", 300, EUROPE},   {"GS", 239, AMERICAS}, {"GT", 320, AMERICAS}, {"GU", 316, OCEANIA},
	{"GW", 624, AFRICA},   {"GY", 328, AMERICAS}, {"HK", 344, ASIA},     {"HM", 334, OCEANIA},
	{"HN", 340, AMERICAS}, {"HR", 191, EUROPE},   {"HT", 332, AMERICAS}, {"HU", 348, EUROPE},
	{"ID", 360, ASIA},     {"IE", 372, EUROPE},   {"IL", 376, ASIA},     {"IM", 833, EUROPE},
	{"IN", 356, ASIA},     {"IO", 86, AFRICA},    {"IQ", 368, ASIA},     {"IR", 364, ASIA},
	{"IS", 352, EUROPE},   {"IT", 380, EUROPE},   {"JE", 832, EUROPE},   {"JM", 388, AMERICAS},
	{"JO", 400, ASIA},     {"JP", 392, ASIA},     {"KE", 404, AFRICA},   {"KG", 417, ASIA},
	{"KH", 116, ASIA},     {"KI", 296, OCEANIA},  {"KM", 174, AFRICA},   {"KN", 659, AMERICAS},
	{"KP", 408, ASIA},     {"KR", 410, ASIA},     {"KW", 414, ASIA},     {"KY", 136, AMERICAS},
	{"KZ", 398, ASIA},     {"LA", 418, ASIA},     {"LB", 422, ASIA},     {"LC", 662, AMERICAS},
	{"LI", 438, EUROPE},   {"LK", 144, ASIA},     {"LR", 430, AFRICA},   {"LS", 426, AFRICA},
	{"LT", 440, EUROPE},   {"LU", 442, EUROPE},   {"LV", 428, EUROPE},   {"LY", 434, AFRICA},
	{"MA", 504, AFRICA},   {"MC", 492, EUROPE},   {"MD", 498, EUROPE},   {"ME", 499, EUROPE},
	{"MF", 663, AMERICAS}, {"MG", 450, AFRICA},   {"MH", 584, OCEANIA},  {"MK", 807, EUROPE},
	{"ML", 466, AFRICA},   {"MM", 104, ASIA},     {"MN", 496, ASIA},     {"MO", 446, ASIA},
	{"MP", 580, OCEANIA},  {"MQ", 474, AMERICAS}, {"MR", 478, AFRICA},   {"MS", 500, AMERICAS},
	{"MT", 470, EUROPE},   {"MU", 480, AFRICA},   {"MV", 462, ASIA},     {"MW", 454, AFRICA},
	{"MX", 484, AMERICAS}, {"MY", 458, ASIA},     {"MZ", 508, AFRICA},   {"NA", 516, AFRICA},
	{"NC", 540, OCEANIA},  {"NE", 562, AFRICA},   {"NF", 574, OCEANIA},  {"NG", 566, AFRICA},
	{"NI", 558, AMERICAS}, {"NL", 528, EUROPE},   {"NO", 578, EUROPE},   {"NP", 524, ASIA},
	{"NR", 520, OCEANIA},  {"NU", 570, OCEANIA},  {"NZ", 554, OCEANIA},  {"OM", 512, ASIA},
	{"PA", 591, AMERICAS}, {"PE", 604, AMERICAS}, {"PF", 258, OCEANIA},  {"PG", 598, OCEANIA},
	{"PH", 608, ASIA},     {"PK", 586, ASIA},     {"PL", 616, EUROPE},   {"PM", 666, AMERICAS},
	{"PN", 612, OCEANIA},  {"PR", 630, AMERICAS}, {"PS", 275, ASIA},     {"PT", 620, EUROPE},
	{"PW", 585, OCEANIA},  {"PY", 600, AMERICAS}, {"QA", 634, ASIA},     {"RE", 638, AFRICA},
	{"RO", 642, EUROPE},   {"RS", 688, EUROPE},   {"RU", 643, EUROPE},   {"RW", 646, AFRICA},
	{"SA", 682, ASIA},     {"SB", 90, OCEANIA},   {"SC", 690, AFRICA},   {"SD", 729, AFRICA},
	{"SE", 752, EUROPE},   {"SG", 702, ASIA},     {"SH", 654, AFRICA},   {"SI", 705, EUROPE},
	{"SJ", 744, EUROPE},   {"SK", 703, EUROPE},   {"SL", 694, AFRICA},   {"SM", 674, EUROPE},
	{"SN", 686, AFRICA},   {"SO", 706, AFRICA},   {"SR", 740, AMERICAS}, {"SS", 728, AFRICA},
	{"ST", 678, AFRICA},   {"SV", 222, AMERICAS}, {"SX", 534, AMERICAS}, {"SY", 760, ASIA},
	{"SZ", 748, AFRICA},   {"TC", 796, AMERICAS}, {"TD", 148, AFRICA},   {"TF", 260, AFRICA},
	{"TG", 768, AFRICA},   {"TH", 764, ASIA},     {"TJ", 762, ASIA},     {"TK", 772, OCEANIA},
	{"TL", 626, ASIA},     {"TM", 795, ASIA},     {"TN", 788, AFRICA},   {"TO", 776, OCEANIA},
	{"TR", 792, ASIA},     {"TT", 780, AMERICAS}, {"TV", 798, OCEANIA},  {"TW", 158, ASIA},
	{"TZ", 834, AFRICA},   {"UA", 804, EUROPE},   {"UG", 800, AFRICA},   {"UM", 581, OCEANIA},
	{"US", 840, AMERICAS}, {"UY", 858, AMERICAS}, {"UZ", 860, ASIA},     {"VA", 336, EUROPE},
	{"VC", 670, AMERICAS}, {"VE", 862, AMERICAS}, {"VG", 92, AMERICAS},  {"VI", 850, AMERICAS},
	{"VN", 704, ASIA},     {"VU", 548, OCEANIA},  {"WF", 876, OCEANIA},  {"WS", 882, OCEANIA},
	{"XK", 0, EUROPE},     {"YE", 887, ASIA},     {"YT", 175, AFRICA},   {"ZA", 710, AFRICA},
	{"ZM", 894, AFRICA},   {"ZW", 716, AFRICA},
};

static int
compare(const void *key, const void *element)
{
	const struct country *country = key;
	const struct entry *entry = element;
	return memcmp(country->code, entry->code, 2);
}

static const struct entry *
find(struct country country)
{
	return bsearch(&country, countries, sizeof(countries) / sizeof(countries[0]),
		       sizeof(countries[0]), compare);
}

bool
hub_country_known(struct country country)
{
	return find(country) != NULL;
}

uint16_t
hub_country_number(struct country country)
{
	const struct entry *entry = find(country);
	return entry ? entry->number : 0;
}

uint16_t
hub_country_continent(struct country country)
{
	const struct entry *entry = find(country);
	return entry ? entry->continent : 0;
}

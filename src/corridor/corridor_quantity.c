/* Numbers with units: a table of what each unit is in the quantity's own. */
#include "corridor/corridor_quantity.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { UNITS_MAX = 10, NUMBER_MAX = 63 };

enum unit_kind {
	UNIT_TIMES, /* so many of the own */
	UNIT_LEVEL, /* so many mW, of a level in decibel above one */
	UNIT_OVER,  /* a wavelength of so many metres, of a frequency */
};

static const double light_m_per_s = 299792458;

struct unit {
	const char *word;
	double of_own;
	enum unit_kind kind;
};

/* The first of each is its own. */
static const struct unit units[CORRIDOR_QUANTITIES][UNITS_MAX] = {
	[CORRIDOR_A_LENGTH] = {{"km", 1, 0}, {"m", 1e-3, 0}},
	[CORRIDOR_A_DEGREE] = {{"deg", 1, 0}},
	[CORRIDOR_A_POWER] = {{"dBm", 1, 0}, {"mW", 1, UNIT_LEVEL}, {"W", 1000, UNIT_LEVEL}},
	[CORRIDOR_A_RATIO] = {{"dB", 1, 0}},
	[CORRIDOR_A_LIGHT] = {{"THz", 1, 0}, {"GHz", 1e-3, 0}, {"nm", 1e-9, UNIT_OVER}},
	[CORRIDOR_A_WIDTH] = {{"GHz", 1, 0}, {"THz", 1e3, 0}, {"MHz", 1e-3, 0}},
	[CORRIDOR_A_BAUD] = {{"GBd", 1, 0}, {"Gbaud", 1, 0}, {"MBd", 1e-3, 0}},
	[CORRIDOR_AN_AREA] = {{"um2", 1, 0}, {"m2", 1e12, 0}},
	[CORRIDOR_A_KERR] = {{"m2/W", 1, 0}},
	[CORRIDOR_A_LOSS] = {{"dB/km", 1, 0}},
	[CORRIDOR_A_DISPERSION] = {{"ps/nm/km", 1, 0}, {"ps/(nm km)", 1, 0}, {"s/m2", 1e6, 0}},
	[CORRIDOR_A_PMD] = {{"ps/sqrt(km)", 1, 0}},
	[CORRIDOR_A_TRAFFIC] = {{"Gbit/s", 1, 0},
				{"Tbit/s", 1e3, 0},
				{"Mbit/s", 1e-3, 0},
				{"Gbps", 1, 0},
				{"Tbps", 1e3, 0},
				{"Mbps", 1e-3, 0}},
	[CORRIDOR_A_FAILURE] = {{"/1000km/y", 1, 0},
				{"/1000km/year", 1, 0},
				{"/km/y", 1e3, 0},
				{"/km/year", 1e3, 0}},
	[CORRIDOR_AN_EVENT] = {{"/y", 1, 0}, {"/year", 1, 0}, {"/month", 12, 0}},
	[CORRIDOR_A_DURATION] = {{"h", 1, 0}, {"d", 24, 0}, {"min", 1.0 / 60, 0}},
	[CORRIDOR_A_TIME] = {{"y", 1, 0}, {"years", 1, 0}, {"months", 1.0 / 12, 0}},
	[CORRIDOR_A_SHARE] = {{"", 1, 0}, {"%", 0.01, 0}},
	[CORRIDOR_A_YEARLY] = {{"/y", 1, 0}, {"%", 0.01, 0}, {"%/y", 0.01, 0}, {"%/year", 0.01, 0}},
	[CORRIDOR_A_SUM] = {{"MUSD", 1, 0}, {"USD", 1e-6, 0}, {"kUSD", 1e-3, 0}, {"GUSD", 1e3, 0}},
	[CORRIDOR_AN_INCOME] = {{"MUSD/y", 1, 0},
				{"USD/y", 1e-6, 0},
				{"kUSD/y", 1e-3, 0},
				{"GUSD/y", 1e3, 0},
				{"MUSD/year", 1, 0},
				{"USD/year", 1e-6, 0}},
	[CORRIDOR_A_RENT] = {{"MUSD/month", 1, 0}, {"USD/month", 1e-6, 0}, {"kUSD/month", 1e-3, 0}},
	[CORRIDOR_A_PRICE] = {{"USD/Mbit/s/month", 1, 0},
			      {"USD/Mbps/month", 1, 0},
			      {"USD/Gbit/s/month", 1e-3, 0},
			      {"USD/Gbps/month", 1e-3, 0},
			      {"USD", 1, 0}},
	[CORRIDOR_A_NUMBER] = {{"", 1, 0}},
};

const char *
corridor_quantity_unit(enum corridor_quantity quantity)
{
	assert(quantity < CORRIDOR_QUANTITIES);
	const char *word = units[quantity][0].word;
	return word ? word : "";
}

const char *
corridor_quantity_units(enum corridor_quantity quantity, struct arena *arena)
{
	const char *all = corridor_quantity_unit(quantity);
	for (int i = 1; i < UNITS_MAX && units[quantity][i].word && all; i++)
		all = arena_printf(arena, "%s, %s", *all ? all : "a plain number",
				   units[quantity][i].word);
	return all;
}

static double
in_own(double number, const struct unit *unit)
{
	switch (unit->kind) {
	case UNIT_LEVEL:
		return 10 * log10(number * unit->of_own);
	case UNIT_OVER:
		return light_m_per_s / (number * unit->of_own) / 1e12;
	case UNIT_TIMES:
		break;
	}
	return number * unit->of_own;
}

/* A decimal at the beginning of `text`; its end, or NULL. strtod would also take "inf" and hexadecimal. */
static const char *
take_decimal(double *out, const char *text)
{
	const char *at = text + (*text == '-' || *text == '+');
	size_t whole = strspn(at, "0123456789");
	size_t part = at[whole] == '.' ? strspn(at + whole + 1, "0123456789") : 0;
	char *end;
	if (whole + part == 0 || (whole == 1 && *at == '0' && (at[1] == 'x' || at[1] == 'X')))
		return NULL;
	*out = strtod(text, &end);
	return isfinite(*out) ? end : NULL;
}

int
corridor_quantity_read(double *out, enum corridor_quantity quantity, const char *text,
		       size_t length)
{
	char number[NUMBER_MAX + 1];
	double value, below;
	assert(out && text && quantity < CORRIDOR_A_TEXT);
	if (length == 0 || length > NUMBER_MAX)
		return -1;
	memcpy(number, text, length);
	number[length] = '\0';
	if (strcmp(number, "any") == 0) {
		*out = INFINITY;
		return 0;
	}
	const char *unit = take_decimal(&value, number);
	while (unit) {
		if (!*unit) {
			*out = value;
			return 0;
		}
		for (int i = 0; i < UNITS_MAX && units[quantity][i].word; i++) {
			if (strcmp(units[quantity][i].word, unit) != 0)
				continue;
			*out = in_own(value, &units[quantity][i]);
			return isnan(*out) ? -1 : 0;
		}
		/* A unit may begin with a stroke and a number, so what is none is a fraction. */
		unit = *unit == '/' ? take_decimal(&below, unit + 1) : NULL;
		if (unit && below == 0)
			return -1;
		value /= unit ? below : 1;
	}
	return -1;
}

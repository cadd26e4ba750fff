/* What demands bring that stay on their ways while the numbers change, reckoned by hand. */
#include <math.h>
#include <stdlib.h>

#include "corridor/corridor_lanes.h"
#include "corridor/corridor_money.h"
#include "corridor/corridor_plan.h"
#include "corridor/corridor_reckonings.h"
#include "tap.h"
#include "triangle.h"

enum { AB, BC, AC };

/* A world of the triangle: what is asked of each demand, what AC may carry, and its price. */
struct case_of {
	const char *name;
	double gbps[2], most, price;
	double carried[2];
};

static const struct case_of cases[] = {
	{"as told", {150, 100}, 300, 3, {150, 100}},
	{"half of it brings half", {75, 50}, 300, 3, {75, 50}},
	{"a price that no contract tells is the segment's", {150, 100}, 300, 5, {150, 100}},
	{"what just fits is all sold", {180, 120}, 300, 3, {180, 120}},
	{"what is asked beyond the capacity is not sold, of each the same part",
	 {450, 150},
	 300,
	 3,
	 {225, 75}},
	{"and what the capacity loses, neither", {150, 100}, 125, 3, {75, 50}},
	{"who asks for nothing brings nothing", {0, 100}, 300, 3, {0, 100}},
};

int
main(void)
{
	struct hub hub = triangle();
	hub.demands[0].gbps = 150;
	hub.demands[0].price = 2;
	hub.demands[1].gbps = 100;
	hub.demands[1].price = NAN;
	struct corridor_plan *plan = corridor_plan_new(&hub, (struct corridor_day){0});
	struct corridor_reckon_laid *laid =
		corridor_reckon_revenue_new(&(struct corridor_flow_ask){.plan = plan});
	if (!ok(plan && laid, "demands are laid once"))
		return done_testing();
	const bool *used = corridor_reckon_laid_used(laid);
	ok(used[AC] && !used[AB] && !used[BC], "all of them on the direct segment");

	struct corridor_world worlds[CORRIDOR_LANES];
	double gbps[CORRIDOR_LANES][2], most[CORRIDOR_LANES][3], price[CORRIDOR_LANES][3];
	double got[CORRIDOR_LANES];
	size_t count = sizeof(cases) / sizeof(cases[0]);
	for (size_t lane = 0; lane < CORRIDOR_LANES; lane++) {
		const struct case_of *c = &cases[lane % count];
		for (size_t s = 0; s < 3; s++) {
			most[lane][s] = s == AC ? c->most : 1;
			price[lane][s] = s == AC ? c->price : 99;
		}
		gbps[lane][0] = c->gbps[0];
		gbps[lane][1] = c->gbps[1];
		worlds[lane] = (struct corridor_world){
			.gbps = gbps[lane], .price = price[lane], .most_gbps = most[lane]};
	}
	ok(corridor_reckon_revenue(got, laid, worlds) == 0, "in as many worlds as there are lanes");
	for (size_t lane = 0; lane < count; lane++) {
		const struct case_of *c = &cases[lane];
		double expected = corridor_money_a_year(c->carried[0], 2) +
				  corridor_money_a_year(c->carried[1], c->price);
		if (!ok(fabs(got[lane] - expected) <= 1e-9 * (1 + expected), "%s", c->name))
			printf("# got %.10g, expected %.10g\n", got[lane], expected);
	}
	unsigned same = 0;
	for (size_t lane = count; lane < CORRIDOR_LANES; lane++)
		same += got[lane] == got[lane % count];
	is_int(same, (long)(CORRIDOR_LANES - count), "and in every lane alike");
	corridor_reckon_laid_free(laid);
	corridor_reckon_laid_free(NULL);
	corridor_plan_free(plan);
	return done_testing();
}

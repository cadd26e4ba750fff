/* Loss by sequence numbers: gaps are loss, the late takes it back, restarts are not loss. */
#include "meter/numbering.h"
#include "meter/sequence.h"

#include "tap.h"

struct step {
	uint32_t first, count;
	int64_t at_s, newer_ms;
};

static struct sequence
play(const struct step *steps, size_t count)
{
	struct sequence s = {0};
	for (size_t i = 0; i < count; i++)
		(void)sequence_take(
			&s,
			(struct sequence_step){steps[i].first, steps[i].count, steps[i].newer_ms},
			(struct utc_s){1000 + steps[i].at_s});
	return s;
}

#define PLAY(...)                                                                                  \
	play((const struct step[]){__VA_ARGS__},                                                   \
	     sizeof((const struct step[]){__VA_ARGS__}) / sizeof(struct step))

static long long
lost(const struct sequence *s)
{
	return (long long)sequence_lost(s);
}

static void
cases(void)
{
	struct sequence s = PLAY({7, 1, 0, 0}, {8, 1, 0, 0}, {9, 1, 0, 0});
	ok(lost(&s) == 0 && s.received == 3, "numbers in order lose nothing, wherever they begin");
	s = PLAY({100, 30, 0, 0}, {160, 30, 0, 0});
	is_int(lost(&s), 30, "a gap is lost in units: 30 records of one message");
	s = PLAY({4294967290u, 4, 0, 0}, {4294967294u, 4, 0, 0}, {4, 4, 0, 0});
	is_int(lost(&s), 2, "numbers wrap at 2^32, and so does a gap");
	s = PLAY({1, 1, 0, 0}, {3, 1, 0, 0}, {2, 1, 0, 0}, {4, 1, 0, 0});
	ok(lost(&s) == 0 && s.restarts == 0,
	   "what overtook is not lost: the late one takes it back");
	s = PLAY({0, 10, 0, 0}, {100, 10, 0, 0}, {40, 10, 0, 0}, {10, 10, 0, 0}, {90, 10, 0, 0});
	is_int(lost(&s), 60, "a gap is filled in its middle, at its beginning and its end");
	s = PLAY({50, 1, 0, 0}, {48, 1, 0, 0}, {49, 1, 0, 0}, {51, 1, 0, 0});
	ok(lost(&s) == 0 && s.restarts == 0, "what was under way when we began is no restart");
	s = PLAY({1000000, 1, 0, 0}, {1000001, 1, 0, 0}, {5, 1, 0, 0}, {6, 1, 0, 0});
	ok(lost(&s) == 0 && s.restarts == 1, "far back is a restart, not loss");
	s = PLAY({5, 1, 0, 0}, {6, 1, 0, 0}, {3000000000u, 1, 0, 0}, {3000000001u, 1, 0, 0});
	ok(lost(&s) == 0 && s.restarts == 1, "so is a jump that nothing explains");
	s = PLAY({5, 1, 0, 0}, {6, 1, 0, 0}, {2000000, 1, 1, 0}, {2000001, 1, 1, 0});
	ok(lost(&s) == 0 && s.restarts == 1, "two million in a second, at one a second, is a jump");
	s = PLAY({0, 14, 0, 0}, {14, 14, 0, 0}, {42, 14, 0, 0}, {0, 0, 1, 2000}, {0, 14, 1, 2000});
	ok(lost(&s) == 14 && s.restarts == 1,
	   "a small number of a later time is a restart, though something is missing: no late one");
	s = PLAY({0, 14, 0, 0}, {14, 14, 0, 0}, {0, 0, 0, 0}, {28, 14, 0, 0});
	ok(lost(&s) == 0 && s.restarts == 0, "templates that come late change nothing");
	s = PLAY({0, 1000, 0, 0}, {1000, 1000, 1, 0}, {2000, 1000, 2, 0}, {603000, 1000, 602, 0});
	is_int(lost(&s), 600000, "ten minutes of silence at a known rate are loss");
	s = PLAY({100, 14, 0, 0}, {113, 14, 0, 0}, {126, 14, 0, 0});
	is_int(lost(&s), 0, "an exporter that counts one record less than we do is not lossy");
	s = PLAY({0, 10, 0, 0}, {0, 0, 0, 0}, {10, 10, 0, 0});
	is_int(lost(&s), 0, "a message without records has no place in the numbers");
}

static void
unread(void)
{
	struct sequence s = PLAY({0, 10, 0, 0}, {10, 4, 0, 0}, {20, 10, 0, 0});
	is_int(lost(&s), 6, "records that could not be read are missing by the next number");
	sequence_fill(&s, 6);
	ok(lost(&s) == 0 && s.received == 30, "until they can be");
	s = PLAY({0, 10, 0, 0}, {10, 4, 0, 0});
	sequence_fill(&s, 6);
	(void)sequence_take(&s, (struct sequence_step){20, 10, 0}, (struct utc_s){1000});
	is_int(lost(&s), 0, "they may be read before the next number is seen");
	(void)sequence_take(&s, (struct sequence_step){40, 10, 0}, (struct utc_s){1000});
	is_int(lost(&s), 10, "and the next gap is seen again");
	sequence_restart(&s);
	(void)sequence_take(&s, (struct sequence_step){0, 10, 0}, (struct utc_s){1000});
	ok(lost(&s) == 10 && s.restarts == 1,
	   "a restart keeps what was lost before, and adds none");
	sequence_relearn(&s);
	is_int(lost(&s), 0, "numbers that were misunderstood have lost nothing");
}

/* Plays messages of 10, 3, 12, ... records, numbered by a rule, the `lost`th left out. */
static struct sequence
numbered_by(struct numbering *n, enum numbering_rule rule, int left_out)
{
	struct sequence s = {0};
	uint32_t records = 0, flows = 0;
	for (int i = 0; i < 40; i++) {
		uint32_t f = 3 + (uint32_t)(i * 7 % 11), r = f + (i % 4 == 0);
		const uint32_t number[NUMBERING_RULES] = {
			[NUMBERING_RECORDS] = records,
			[NUMBERING_FLOWS] = flows,
			[NUMBERING_FLOWS_AFTER] = flows + f,
			[NUMBERING_MESSAGES] = (uint32_t)i,
			[NUMBERING_NONE] = 7,
		};
		struct numbered m = {number[rule], r, f};
		records += r;
		flows += f;
		if (i == left_out)
			continue;
		if (numbering_learn(n, m))
			sequence_relearn(&s);
		struct sequence_step step = {0};
		step.first = numbering_units(n->rule, m, &step.count);
		if (n->rule != NUMBERING_NONE)
			(void)sequence_take(&s, step, (struct utc_s){1000 + i});
	}
	return s;
}

static void
numbering(void)
{
	static const char *const names[NUMBERING_RULES] = {
		"records",  "flows",   "flows, this message's too",
		"messages", "nothing", "records of all domains"};
	for (int told = 0; told < NUMBERING_RULES; told++) {
		for (int i = 0; i < NUMBERING_RULES; i++) {
			enum numbering_rule rule = (enum numbering_rule)i;
			if (rule == NUMBERING_TOGETHER) /* not learnt from one domain */
				continue;
			struct numbering n = {.rule = (enum numbering_rule)told};
			struct sequence s = numbered_by(&n, rule, -1);
			ok(n.rule == rule && lost(&s) == 0,
			   "numbers that count %s, where %s are expected: understood, no loss",
			   names[i], names[told]);
			n = (struct numbering){.rule = (enum numbering_rule)told};
			s = numbered_by(&n, rule, 30);
			int missing = rule == NUMBERING_NONE       ? 0
				      : rule == NUMBERING_MESSAGES ? 1
								   : 3 + 30 * 7 % 11;
			is_int(lost(&s), missing,
			       "and the one message that is lost is found to the record");
		}
	}
}

int
main(void)
{
	cases();
	unread();
	numbering();
	return done_testing();
}

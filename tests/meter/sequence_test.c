/* Loss by sequence numbers: gaps are loss, the late takes it back, restarts are not loss. */
#include "meter/numbering.h"
#include "meter/sequence.h"

#include "tap.h"

struct step {
	uint32_t first, count;
	int64_t at_s;
};

static struct sequence
play(const struct step *steps, size_t count)
{
	struct sequence s = {0};
	for (size_t i = 0; i < count; i++)
		(void)sequence_take(&s, steps[i].first, steps[i].count,
				    (struct utc_s){1000 + steps[i].at_s});
	return s;
}

#define PLAY(...)                                                                                  \
	play((const struct step[]){__VA_ARGS__},                                                   \
	     sizeof((const struct step[]){__VA_ARGS__}) / sizeof(struct step))

static void
cases(void)
{
	struct sequence s = PLAY({7, 1, 0}, {8, 1, 0}, {9, 1, 0});
	ok(s.lost == 0 && s.received == 3, "numbers in order lose nothing, wherever they begin");
	s = PLAY({100, 30, 0}, {160, 30, 0});
	is_int((long long)s.lost, 30, "a gap is lost in units: 30 records of one message");
	s = PLAY({4294967290u, 4, 0}, {4294967294u, 4, 0}, {4, 4, 0});
	is_int((long long)s.lost, 2, "numbers wrap at 2^32, and so does a gap");
	s = PLAY({1, 1, 0}, {3, 1, 0}, {2, 1, 0}, {4, 1, 0});
	ok(s.lost == 0 && s.repeated == 0, "what overtook is not lost: the late one takes it back");
	s = PLAY({1, 1, 0}, {3, 1, 0}, {2, 1, 0}, {2, 1, 0}, {4, 1, 0});
	ok(s.lost == 0 && s.repeated == 1,
	   "a second copy of it is repeated, not less than no loss");
	s = PLAY({0, 10, 0}, {100, 10, 0}, {40, 10, 0}, {10, 10, 0}, {90, 10, 0});
	is_int((long long)s.lost, 60,
	       "a hole is filled in the middle, at its beginning and its end");
	s = PLAY({1, 1, 0}, {2, 1, 0}, {2, 1, 0}, {3, 1, 0});
	ok(s.lost == 0 && s.repeated == 1, "a datagram that comes twice loses nothing");
	s = PLAY({1000000, 1, 0}, {1000001, 1, 0}, {5, 1, 0}, {6, 1, 0});
	ok(s.lost == 0 && s.restarts == 1, "far back is a restart, not loss");
	s = PLAY({5, 1, 0}, {6, 1, 0}, {3000000000u, 1, 0}, {3000000001u, 1, 0});
	ok(s.lost == 0 && s.restarts == 1, "so is a jump that nothing explains");
	s = PLAY({5, 1, 0}, {6, 1, 0}, {2000000, 1, 1}, {2000001, 1, 1});
	ok(s.lost == 0 && s.restarts == 1, "two million in a second, at one a second, is a jump");
	s = PLAY({0, 1000, 0}, {1000, 1000, 1}, {2000, 1000, 2}, {603000, 1000, 602});
	is_int((long long)s.lost, 600000, "ten minutes of silence at a known rate are loss");
	s = PLAY({100, 14, 0}, {113, 14, 0}, {126, 14, 0});
	ok(s.lost == 0 && s.repeated == 2,
	   "an exporter that counts one record less than we do is not lossy");
	s = PLAY({0, 10, 0}, {0, 0, 0}, {10, 10, 0});
	is_int((long long)s.lost, 0, "a message without records has no place in the numbers");
}

static void
forgetting(void)
{
	struct sequence s = PLAY({0, 10, 0});
	sequence_forget(&s);
	(void)sequence_take(&s, 500, 10, (struct utc_s){1000});
	is_int((long long)s.lost, 0, "after records that could not be counted no loss is claimed");
	(void)sequence_take(&s, 520, 10, (struct utc_s){1000});
	is_int((long long)s.lost, 10, "and the next gap is seen again");
	sequence_restart(&s);
	(void)sequence_take(&s, 0, 10, (struct utc_s){1000});
	ok(s.lost == 10 && s.restarts == 1, "a restart keeps what was lost before, and adds none");
}

/* Plays messages of 10, 3, 12, ... records, numbered by a rule, the `lost`th left out. */
static struct sequence
numbered_by(struct numbering *n, enum numbering_rule rule, int lost)
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
		};
		struct numbered m = {number[rule], r, f};
		records += r;
		flows += f;
		if (i == lost)
			continue;
		if (numbering_learn(n, m))
			s = (struct sequence){0};
		uint32_t count, first = numbering_units(n, m, &count);
		(void)sequence_take(&s, first, count, (struct utc_s){1000 + i});
	}
	return s;
}

static void
numbering(void)
{
	static const char *const names[NUMBERING_RULES] = {"records", "flows",
							   "flows, this message's too", "messages"};
	for (int told = 0; told < NUMBERING_RULES; told++) {
		for (int i = 0; i < NUMBERING_RULES; i++) {
			enum numbering_rule rule = (enum numbering_rule)i;
			struct numbering n = {.rule = (enum numbering_rule)told};
			struct sequence s = numbered_by(&n, rule, -1);
			ok(n.rule == rule && s.lost == 0,
			   "numbers that count %s, where %s are expected: understood, no loss",
			   names[i], names[told]);
			n = (struct numbering){.rule = (enum numbering_rule)told};
			s = numbered_by(&n, rule, 30);
			is_int((long long)s.lost, rule == NUMBERING_MESSAGES ? 1 : 3 + 30 * 7 % 11,
			       "and the one message that is lost is found to the record");
		}
	}
}

int
main(void)
{
	cases();
	forgetting();
	numbering();
	return done_testing();
}

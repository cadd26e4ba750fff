/* The Test Anything Protocol, for unit tests: ok(condition, "a sentence about behaviour"). */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

/* Reports one check; returns the condition, so that a test can stop when going on makes no sense.
 */
#define ok(condition, ...) tap_report((condition), #condition, __FILE__, __LINE__, __VA_ARGS__)

__attribute__((format(printf, 5, 6), unused)) static bool
tap_report(bool passed, const char *expression, const char *file, int line, const char *format, ...)
{
	__builtin_va_list args;
	printf("%sok %d - ", passed ? "" : "not ", ++tap_count);
	__builtin_va_start(args, format);
	vprintf(format, args);
	__builtin_va_end(args);
	printf("\n");
	if (!passed) {
		tap_failed++;
		printf("# %s:%d: %s\n", file, line, expression);
	}
	fflush(stdout);
	return passed;
}

/* Compares two strings and shows both when they differ. */
__attribute__((unused)) static bool
is_str(const char *got, const char *expected, const char *what)
{
	bool same = got && expected ? strcmp(got, expected) == 0 : got == expected;
	ok(same, "%s", what);
	if (!same)
		printf("#      got: %s\n# expected: %s\n", got ? got : "(null)",
		       expected ? expected : "(null)");
	return same;
}

/* Compares two integers and shows both when they differ. */
__attribute__((unused)) static bool
is_int(long long got, long long expected, const char *what)
{
	ok(got == expected, "%s", what);
	if (got != expected)
		printf("#      got: %lld\n# expected: %lld\n", got, expected);
	return got == expected;
}

/* Prints the plan; the value for main to return. */
__attribute__((unused)) static int
done_testing(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed ? 1 : 0;
}

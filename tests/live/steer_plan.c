/* Writes a plan as the corridor does, for tests with real routers. Reads lines from standard input (steer_words.h). */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "steer_words.h"

int
main(int argc, char **argv)
{
	static struct steer_words words;
	char line[1024], aside[4096];
	struct buf out = {0};
	steer_words_begin(&words);
	while (fgets(line, sizeof(line), stdin))
		steer_words_line(&words, line, time(NULL));
	const char *wrong = argc == 2 ? steer_check(&words.plan) : "usage: steer_plan FILE";
	if (wrong) {
		fprintf(stderr, "%s\n", wrong);
		return 1;
	}
	steer_encode(&words.plan, &out);
	(void)snprintf(aside, sizeof(aside), "%s.new", argv[1]);
	FILE *file = fopen(aside, "wb");
	if (!file || fwrite(out.data, 1, out.length, file) != out.length || fclose(file) != 0)
		return 1;
	return rename(aside, argv[1]) != 0;
}

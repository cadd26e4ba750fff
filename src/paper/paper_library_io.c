/* Loading Cairo and Pango. */
#include "paper/paper_library_io.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

struct paper_library paper;

/* It depends on all the others, so that theirs are found by it too. */
#define LIBRARY "libpangocairo-1.0.so.0"

int
paper_library_load(char reason[PAPER_REASON])
{
	static void *library;
	if (library)
		return 0;
	void *found = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!found) {
		(void)snprintf(reason, PAPER_REASON,
			       "PDF needs Cairo and Pango (Debian: libpangocairo-1.0-0): %.100s",
			       dlerror());
		return -1;
	}
	struct paper_library loaded;
	const char *missing = NULL;
	/* POSIX lets an object pointer hold a function's; C does not, hence the copies. */
#define PAPER_FIND(name)                                                                           \
	{                                                                                          \
		void *symbol = dlsym(found, #name);                                                \
		memcpy(&loaded.name, &symbol, sizeof(symbol));                                     \
		if (!symbol)                                                                       \
			missing = #name;                                                           \
	}
	PAPER_FUNCTIONS(PAPER_FIND)
#undef PAPER_FIND
	if (missing) {
		(void)snprintf(reason, PAPER_REASON, "Cairo or Pango is too old: no %s", missing);
		(void)dlclose(found);
		return -1;
	}
	paper = loaded;
	library = found;
	return 0;
}

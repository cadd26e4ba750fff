/* Loading CLP. */
#include "corridor/corridor_clp_io.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* It depends on the library that has the simplex itself. */
#define LIBRARY "libClp.so.1"

const struct corridor_clp *
corridor_clp_load(void)
{
	static struct corridor_clp clp;
	static bool there;
	if (there)
		return &clp;
	void *found = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!found)
		return NULL;
	bool missing = false;
	/* POSIX lets an object pointer hold a function's; C does not, hence the copies. */
#define CORRIDOR_CLP_FIND(name)                                                                    \
	{                                                                                          \
		void *symbol = dlsym(found, #name);                                                \
		memcpy(&clp.name, &symbol, sizeof(symbol));                                        \
		missing |= !symbol;                                                                \
	}
	CORRIDOR_CLP_FUNCTIONS(CORRIDOR_CLP_FIND)
#undef CORRIDOR_CLP_FIND
	if (missing) {
		(void)dlclose(found);
		return NULL;
	}
	there = true;
	return &clp;
}

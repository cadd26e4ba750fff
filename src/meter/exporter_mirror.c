/* An exporter that another thread hears. */
#include "meter/exporter_mirror.h"

#include <stdlib.h>

void
exporter_mirror_fini(struct exporter_mirror *mirror)
{
	free(mirror->domains);
	free(mirror->rates);
	*mirror = (struct exporter_mirror){0};
}

/* The program. */
#include <stdio.h>

int
main(void)
{
	puts("sarai");
	return 0;
}

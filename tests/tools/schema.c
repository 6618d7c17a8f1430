/* schema - writes the configuration's JSON Schema to standard output, for `make schema`. */
#include "conf/explain.h"

int main(void)
{
	conf_schema(stdout);
	return fflush(stdout) == 0 ? 0 : 1;
}

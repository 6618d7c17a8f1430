/* schema - writes the JSON Schema of the configuration to standard output; `make schema` keeps it in conf/. */
#include "conf/explain.h"

int main(void)
{
	conf_schema(stdout);
	return fflush(stdout) == 0 ? 0 : 1;
}

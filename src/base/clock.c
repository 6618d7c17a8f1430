#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#include "base/must.h"

static int64_t clock_read(clockid_t id)
{
	struct timespec ts;

	MUST(clock_gettime(id, &ts) == 0);
	return (int64_t)ts.tv_sec * NS_S + ts.tv_nsec;
}

mono_ns mono_now(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

wall_ns wall_now(void)
{
	return clock_read(CLOCK_REALTIME);
}

mono_ns mono_add(mono_ns at, span_ns span)
{
	MUST(at >= 0 && span >= 0);
	return span > MONO_NEVER - at ? MONO_NEVER : at + span;
}

mono_ns mono_min(mono_ns a, mono_ns b)
{
	return a < b ? a : b;
}

mono_ns mono_max(mono_ns a, mono_ns b)
{
	return a > b ? a : b;
}

char *wall_format(char buf[WALL_TEXT_SIZE], wall_ns at)
{
	time_t seconds = (time_t)(at / NS_S);
	struct tm tm;
	char day[24];

	MUST(gmtime_r(&seconds, &tm) != NULL);
	MUST(strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm) > 0);
	snprintf(buf, WALL_TEXT_SIZE, "%s.%03dZ", day, (int)(at % NS_S / NS_MS));
	return buf;
}

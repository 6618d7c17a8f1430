#include "policy/chance.h"

#include "base/must.h"

/*
 * splitmix64: one addition and three mixes; good enough to keep restarts apart, and its state is
 * one word.
 */
static uint64_t draw(uint64_t *chance)
{
	uint64_t z = *chance += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

span_ns chance_span(uint64_t *chance, span_ns max)
{
	MUST(max >= 0);
	return (span_ns)(draw(chance) % ((uint64_t)max + 1));
}

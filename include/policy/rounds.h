/*
 * rounds - who is asked how it is, and when.
 *
 * The workers' probes are asked one after the other with a gap between any two, the checks all at
 * once. An instance's probe that is due too soon after another takes its turn as soon as the gap
 * allows, and keeps that phase.
 */
#ifndef POLICY_ROUNDS_H
#define POLICY_ROUNDS_H

#include "policy/roster.h"

/* Start-up is over: the checks begin. */
void rounds_begin(struct fleet *fleet);

/* When rounds_ask is due; MONO_NEVER: never. */
mono_ns rounds_deadline(const struct fleet *fleet);

/* Ask the worker's probe whose turn it is. */
void rounds_ask(struct fleet *fleet, struct orders *out);

/* The check's deadline has come: ask it, or judge it by the time. */
void rounds_check(struct fleet *fleet, uint32_t check, struct orders *out);

/* FACT_PROBED and FACT_PROBE_NOW. Panics when the probe is out of range. */
void rounds_answer(struct fleet *fleet, const struct fact *fact, struct orders *out);
void rounds_hurry(struct fleet *fleet, uint32_t probe, struct orders *out);

#endif

/* engine_kit - a spec of a few plain workers, for tests of the engine's parts. */
#ifndef UNIT_ENGINE_KIT_H
#define UNIT_ENGINE_KIT_H

#include <check.h>

#include "model/spec.h"

enum { KIT_WORKERS = 2, KIT_WEB = 0, KIT_DB = 1 };

static const char *kit_argv[] = {"/bin/true", NULL};

/* web.0 ... web.N-1 and db; a test changes what it needs. */
static struct worker_spec kit_workers[KIT_WORKERS];
static struct spec kit_spec;

static inline void kit_worker(struct worker_spec *worker, const char *name, uint32_t first,
			      uint32_t replicas)
{
	*worker = (struct worker_spec){
		.name = name,
		.command = {.argv = kit_argv, .argc = 1},
		.replicas = replicas,
		.min_ready = replicas,
		.first_instance = first,
		.restart = RESTART_ALWAYS,
		.restart_delay = 100 * NS_MS,
		.restart_delay_max = NS_S,
		.restart_reset = 60 * NS_S,
		.critical = true,
		.stop_signal = 15,
		.stop_timeout = 10 * NS_S,
	};
}

static inline void kit_begin(uint32_t replicas)
{
	kit_worker(&kit_workers[KIT_WEB], "web", 0, replicas);
	kit_worker(&kit_workers[KIT_DB], "db", replicas, 1);
	kit_spec = (struct spec){
		.name = "kit",
		.drain_timeout = 30 * NS_S,
		.workers = kit_workers,
		.n_workers = KIT_WORKERS,
		.n_instances = replicas + 1,
		.runtime_dir = "/run/kit",
		.state_dir = "/var/lib/kit",
		.log_dir = "/var/log/kit",
		.host = "here",
	};
}

#endif

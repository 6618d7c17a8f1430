#include "conf/loader.h"

#include <libfyaml.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "conf/report.h"

void *loader_must(struct loader *loader, void *memory)
{
	if (memory == NULL)
		longjmp(loader->out_of_memory, 1);
	return memory;
}

void *loader_keep(struct loader *loader, size_t size)
{
	return loader_must(loader, arena_alloc(&loader->spec->arena, size));
}

void *loader_scratch(struct loader *loader, size_t size)
{
	return loader_must(loader, arena_alloc(&loader->scratch, size));
}

const char *loader_keep_text(struct loader *loader, const char *text)
{
	return loader_must(loader, arena_strdup(&loader->spec->arena, text));
}

void loader_error(struct loader *loader, struct place at, const char *hint, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report_add(loader->report, SEVERITY_ERROR, at, hint, format, args);
	va_end(args);
}

void loader_warning(struct loader *loader, struct place at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report_add(loader->report, SEVERITY_WARNING, at, NULL, format, args);
	va_end(args);
}

const char *loader_place_text(struct loader *loader, struct place at)
{
	struct position position = place_position(at);

	return loader_must(loader, arena_printf(&loader->scratch, "%s:%zu:%zu", at.source->name,
						position.line, position.column));
}

struct source *loader_source(struct loader *loader, const char *name)
{
	struct source *source = loader_scratch(loader, sizeof *source);

	*source = (struct source){.name = name, .order = loader->n_sources++};
	return source;
}

bool loader_guard(struct loader *loader, void (*work)(struct loader *loader, void *data),
		  void *data)
{
	/* loader_must comes back here. */
	if (setjmp(loader->out_of_memory) != 0) {
		report_out_of_memory(loader->report);
		return false;
	}
	work(loader, data);
	return true;
}

void loader_close_parser(struct loader *loader)
{
	if (loader->parser != NULL)
		fy_parser_destroy(loader->parser);
	if (loader->diag != NULL)
		fy_diag_destroy(loader->diag);
	loader->parser = NULL;
	loader->diag = NULL;
}

void loader_end(struct loader *loader)
{
	loader_close_parser(loader);
	spec_free(&loader->spec);
	arena_fini(&loader->scratch);
}

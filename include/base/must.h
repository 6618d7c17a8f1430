/* must - a broken promise inside fosterd ends it at once: abort, core, the line that noticed. */
#ifndef BASE_MUST_H
#define BASE_MUST_H

/*
 * Check a condition that only a bug in fosterd can make false. Never compiled out.
 * Values from outside (files, the network, children, the kernel) are never judged with it.
 */
#define MUST(cond) ((cond) ? (void)0 : must_fail(#cond, __FILE__, __LINE__))

/* Write "FILE:LINE: must: COND" to stderr with write(2) and abort. Does not return. */
_Noreturn void must_fail(const char *cond, const char *file, int line);

#endif

/* audit - everything that the parts of a fleet promise each other, looked through. For tests. */
#ifndef POLICY_AUDIT_H
#define POLICY_AUDIT_H

#include "policy/roster.h"

/* Panics unless every invariant holds. O(instances). */
void audit_fleet(const struct fleet *fleet);

#endif

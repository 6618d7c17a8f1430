#include "model/order.h"

#include "base/must.h"

void orders_add(struct orders *orders, struct order order)
{
	MUST(orders->count < orders->room);
	orders->list[orders->count++] = order;
}

const char *order_kind_name(enum order_kind kind)
{
	static const char *const names[] = {
#define X(name, text) [name] = text,
		ORDER_KINDS(X)
#undef X
	};

	MUST(kind < ORDER_KIND_COUNT);
	return names[kind];
}

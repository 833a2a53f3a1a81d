/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/call_end.h"

#include <stddef.h>

const char *call_end_words(const struct call *call, bool *red)
{
	*red = false;
	if (call->flags & CALL_ENTRY_UNSEEN)
		return call->flags & CALL_ENTRY_LOST ? "entry not seen" : "entered before tracing";
	switch (call->how) {
	case CALL_OPEN:
		return "still running";
	case CALL_TAIL:
		return "tail call";
	case CALL_UNWOUND:
		*red = !!(call->flags & CALL_PANIC);
		return call->flags & CALL_PANIC    ? "panic"
		       : call->flags & CALL_GOEXIT ? "Goexit"
						   : "unwound";
	case CALL_EXIT:
		*red = !!(call->flags & CALL_PANIC);
		return *red ? "panic, process exited" : "process exited";
	case CALL_LOST:
		*red = true;
		return "exit lost";
	default:
		return NULL;
	}
}

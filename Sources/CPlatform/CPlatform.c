#include "CPlatform.h"

/* Swift's calling convention passes a closure as two words, its code and its captured variables, and returns a pair in registers. */
struct closure { const void *function, *context; };

__attribute__((swiftcall)) struct closure pf_closure_words(const void *function, const void *context) {
  return (struct closure){function, context};
}

typedef __attribute__((swiftcall)) void swift_body(long part, long parts, __attribute__((swift_context)) const void *context);

void pf_closure_call(const void *function, const void *context, long part, long parts) {
  ((swift_body *)function)(part, parts, context);
}

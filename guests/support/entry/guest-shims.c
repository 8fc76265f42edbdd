// The shims are all inline; this file makes the target a C module.
#include "GuestEntry.h"

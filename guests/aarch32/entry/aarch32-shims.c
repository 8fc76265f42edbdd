// The shims are all inline; this file makes the target a C module.
#include "AArch32Entry.h"

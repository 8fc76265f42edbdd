#include "ArchShims.h"

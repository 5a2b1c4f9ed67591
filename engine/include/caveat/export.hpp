// What of the library is visible outside it.
#pragma once

#define CAVEAT_API __attribute__((visibility("default")))

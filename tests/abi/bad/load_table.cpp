// Says of itself something else than its file does.
#include "good.hpp"

static void change(caveat_plugin& table) { table.manifest = {"id = 1", 6}; }

BAD_TABLE(Good, change)

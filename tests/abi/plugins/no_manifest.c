int caveat_no_plugin(void) { return 0; }

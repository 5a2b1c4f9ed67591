/* The library that a bad plugin needs. */
int caveat_bad_helper(void);
int caveat_bad_helper(void) { return 1; }

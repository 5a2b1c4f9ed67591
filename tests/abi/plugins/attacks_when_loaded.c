/* Attacks when the library is loaded, before anybody has called anything. */
void caveat_test_attack(const char* what);
__attribute__((constructor)) static void when_loaded(void) { caveat_test_attack(CAVEAT_TEST_CONSTRUCTOR); }

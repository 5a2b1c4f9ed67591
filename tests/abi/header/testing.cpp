#include <caveat/testing.hpp>

int caveat_testing_header();
int caveat_testing_header() { return caveat::sdk::testing::result(); }

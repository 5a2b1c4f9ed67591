#include "base/hex.hpp"

#include "support/catch.hpp"

using caveat::from_hex;
using caveat::to_hex;

TEST_CASE("base.hex: every byte there and back") {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(to_hex(all).substr(0, 8) == "00010203");
  CHECK(to_hex(all).ends_with("fdfeff"));
  CHECK(from_hex(to_hex(all)) == all);
  CHECK(from_hex("0AfF") == std::string("\x0a\xff"));
  CHECK(from_hex("") == std::string());
}

TEST_CASE("base.hex: nothing else is read") {
  for (const char* bad : {"0", "0g", " 00", "0x00", "00 ", "ğ"}) {
    INFO(bad);
    CHECK_FALSE(from_hex(bad));
  }
}

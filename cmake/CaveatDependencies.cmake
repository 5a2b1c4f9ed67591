# All third-party libraries, in one place. tools/bootstrap installs each from Debian's packages.
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS headers json)  # Boost.DLL is header-only
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)
find_package(PkgConfig REQUIRED)
find_package(simdjson REQUIRED)
find_package(spdlog REQUIRED)
find_package(SQLiteCpp REQUIRED)  # looks for SQLite itself
find_package(tl-expected REQUIRED)
find_package(tomlplusplus REQUIRED)
pkg_check_modules(JOSE REQUIRED IMPORTED_TARGET jose)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)

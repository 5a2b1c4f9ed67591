# What `cmake --install` puts where; CaveatPackages.cmake says what the components are. Rules, plugins, programs and the SDK
# bring their own install rules; the library, its headers and what other build systems need to find them are here. Every
# path in an installed file is relative to the file itself, so that a prefix can be chosen at install time and moved
# afterwards.
include(CMakePackageConfigHelpers)

set(caveat_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/caveat)

install(TARGETS caveat EXPORT caveatTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libcaveat NAMELINK_COMPONENT libcaveat-dev
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${CMAKE_ARCHIVE_OUTPUT_DIRECTORY}/libcaveat.a
  DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libcaveat-dev)
# What libcaveat.a needs of the system: the test tests/install finds a library that is missing here.
set(caveat_system_libraries icui18n icuuc re2 simdjson crypto boost_json spdlog fmt tomlplusplus sqlite3 sodium seccomp dl stdc++ m)
list(TRANSFORM caveat_system_libraries PREPEND "-l" OUTPUT_VARIABLE caveat_pc_private)
list(JOIN caveat_pc_private " " caveat_pc_private)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/engine/include/caveat TYPE INCLUDE COMPONENT libcaveat-dev
  FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
install(EXPORT caveatTargets NAMESPACE caveat:: DESTINATION ${caveat_package_dir} COMPONENT libcaveat-dev)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/caveatConfig.cmake.in ${PROJECT_BINARY_DIR}/caveatConfig.cmake
  INSTALL_DESTINATION ${caveat_package_dir} PATH_VARS CMAKE_INSTALL_DATADIR CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
# Before 1.0 a new minor version may break what an older one offered.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/caveatConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/caveatConfig.cmake ${PROJECT_BINARY_DIR}/caveatConfigVersion.cmake
  DESTINATION ${caveat_package_dir} COMPONENT libcaveat-dev)

# From lib/pkgconfig up to the prefix: one `..` a folder.
string(REGEX REPLACE "[^/]+" ".." caveat_pc_to_prefix "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
configure_file(${CMAKE_CURRENT_LIST_DIR}/caveat.pc.in ${PROJECT_BINARY_DIR}/caveat.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/caveat.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT libcaveat-dev)

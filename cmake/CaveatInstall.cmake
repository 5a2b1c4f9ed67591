# What `cmake --install` puts where. Rules, plugins and the SDK bring their own install rules; the library, its headers,
# the command and what other build systems need to find them are here. Every path in an installed file is relative to the
# file itself, so that a prefix can be chosen at install time and moved afterwards.
include(CMakePackageConfigHelpers)

set(caveat_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/caveat)

install(TARGETS caveat EXPORT caveatTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/engine/include/caveat TYPE INCLUDE FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
install(EXPORT caveatTargets NAMESPACE caveat:: DESTINATION ${caveat_package_dir})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/caveatConfig.cmake.in ${PROJECT_BINARY_DIR}/caveatConfig.cmake
  INSTALL_DESTINATION ${caveat_package_dir} PATH_VARS CMAKE_INSTALL_DATADIR CMAKE_INSTALL_LIBDIR)
# Before 1.0 a new minor version may break what an older one offered.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/caveatConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/caveatConfig.cmake ${PROJECT_BINARY_DIR}/caveatConfigVersion.cmake
  DESTINATION ${caveat_package_dir})

# From lib/pkgconfig up to the prefix: one `..` a folder.
string(REGEX REPLACE "[^/]+" ".." caveat_pc_to_prefix "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
configure_file(${CMAKE_CURRENT_LIST_DIR}/caveat.pc.in ${PROJECT_BINARY_DIR}/caveat.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/caveat.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE TYPE DOC)

# Debian packages: `cpack` in the build folder writes four of them, one a component of the installation.
#   caveat          the command, with completions
#   libcaveat       what a program that embeds Caveat needs at run time: the library, the worker of isolated plugins,
#                   standard plugins and rules
#   libcaveat-dev   what building one needs: headers, the archive, CMake and pkg-config files
#   caveat-sdk      what a plugin's author needs; nothing of the engine
# Nothing is stripped: the engine knows the standard plugins by their bytes.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME caveat)
set(CPACK_PACKAGE_CONTACT "The Caveat authors <caveat@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES OFF)
set(CPACK_COMPONENTS_ALL caveat libcaveat libcaveat-dev sdk)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_DEBUGINFO_PACKAGE OFF)

# caveat_package(COMPONENT PACKAGE DEPENDS DESCRIPTION)
macro(caveat_package component package depends description)
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${package})
  set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "${depends}")
  set(CPACK_COMPONENT_${upper}_DESCRIPTION "${PROJECT_DESCRIPTION}\n${description}")
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} RENAME copyright COMPONENT ${component})
endmacro()
set(same "(= ${PROJECT_VERSION})")
caveat_package(caveat caveat "libcaveat ${same}" "The command, which evaluates profiles against rule packs.")
caveat_package(libcaveat libcaveat "" "The library, with the standard plugins and rules.")
caveat_package(libcaveat-dev libcaveat-dev "libcaveat ${same}, libexpected-dev" "Headers and all else that embedding it needs.")
caveat_package(sdk caveat-sdk "" "All that a plugin's author needs.")
# Who links the archive needs what it is made with; who does not need it, needs none of it.
set(CPACK_DEBIAN_LIBCAVEAT-DEV_PACKAGE_SUGGESTS "libicu-dev, libre2-dev, libsimdjson-dev, libssl-dev, \
libboost-json1.81-dev, libspdlog-dev, libfmt-dev, libtomlplusplus-dev, libsqlite3-dev, libsodium-dev, \
libseccomp-dev")
set(CPACK_DEBIAN_SDK_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_SDK_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_LIBCAVEAT-DEV_PACKAGE_SHLIBDEPS OFF)
include(CPack)

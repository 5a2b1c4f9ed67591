# caveat_add_plugin(TARGET
#   SOURCES file…                the plugin's C or C++ files
#   MANIFEST plugin.toml         what it declares of itself; checked when it is loaded
#   [OUTPUT_NAME name]           the library's name without `.so`; the target's name where it is absent
#   [OUTPUT_DIRECTORY folder])   where it is built; the current binary folder where it is absent
#
# A plugin exports one function and nothing else, keeps no unresolved symbol, and holds its manifest in the section
# `.caveat.manifest`, which the host reads without loading the library.
function(caveat_add_plugin target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "MANIFEST;OUTPUT_NAME;OUTPUT_DIRECTORY" "SOURCES")
  if(NOT arg_SOURCES OR NOT arg_MANIFEST)
    message(FATAL_ERROR "caveat_add_plugin(${target}): SOURCES and MANIFEST are needed")
  endif()
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "caveat_add_plugin(${target}): not understood: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_OUTPUT_NAME)
    set(arg_OUTPUT_NAME ${target})
  endif()
  if(NOT arg_OUTPUT_DIRECTORY)
    set(arg_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  endif()
  get_filename_component(manifest ${arg_MANIFEST} ABSOLUTE)

  # The assembler embeds the bytes as they are. In a source file, because a project need not have enabled ASM.
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if("C" IN_LIST languages)
    set(extension c)
  else()
    set(extension cpp)
  endif()
  set(embedding ${CMAKE_CURRENT_BINARY_DIR}/${target}_manifest.${extension})
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/manifest.c.in ${embedding} @ONLY)
  set_source_files_properties(${embedding} PROPERTIES OBJECT_DEPENDS ${manifest} SKIP_UNITY_BUILD_INCLUSION ON)

  add_library(${target} MODULE ${arg_SOURCES} ${embedding})
  target_link_libraries(${target} PRIVATE Caveat::sdk)
  if("CXX" IN_LIST languages)
    target_compile_features(${target} PRIVATE cxx_std_17)
  endif()
  set_target_properties(${target} PROPERTIES
    PREFIX "" SUFFIX ".so" OUTPUT_NAME ${arg_OUTPUT_NAME} LIBRARY_OUTPUT_DIRECTORY ${arg_OUTPUT_DIRECTORY}
    POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  # A library with GNU-unique symbols stays mapped for ever, and shares its static variables with other plugins.
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${target} PRIVATE -Wl,-z,defs -Wl,-z,relro -Wl,-z,now
    -Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/caveat_plugin.map)
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/caveat_plugin.map)
endfunction()

# caveat_add_plugin_test(TARGET
#   PLUGIN plugin                the target that caveat_add_plugin() made
#   SOURCES file…)               C++ files, one with a main() that returns 0 when all is well
#
# A test of a plugin's own, with <caveat/testing.hpp>: CAVEAT_PLUGIN_FILE is the built library's path.
function(caveat_add_plugin_test target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PLUGIN" "SOURCES")
  if(NOT arg_SOURCES OR NOT arg_PLUGIN)
    message(FATAL_ERROR "caveat_add_plugin_test(${target}): PLUGIN and SOURCES are needed")
  endif()
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE Caveat::sdk ${CMAKE_DL_LIBS})
  target_compile_features(${target} PRIVATE cxx_std_17)
  target_compile_definitions(${target} PRIVATE "CAVEAT_PLUGIN_FILE=\"$<TARGET_FILE:${arg_PLUGIN}>\"")
  add_dependencies(${target} ${arg_PLUGIN})
  add_test(NAME ${target} COMMAND ${target})
endfunction()

# caveat_add_plugin_checks(
#   PLUGIN plugin                the target that caveat_add_plugin() made
#   [RULES folder])              rule packs that use it
#
# Tests that ask the `caveat` command, where there is one (in the path, beside the SDK, or -DCAVEAT_COMMAND=…): the
# validator, and the packs' own cases.
function(caveat_add_plugin_checks)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "PLUGIN;RULES" "")
  find_program(CAVEAT_COMMAND caveat HINTS ${CAVEAT_SDK_PREFIX}/bin DOC "the command that checks plugins")
  if(NOT CAVEAT_COMMAND)
    message(STATUS "no `caveat` command: the plugin ${arg_PLUGIN} is not checked by one")
    return()
  endif()
  set(rules)
  if(arg_RULES)
    get_filename_component(rules ${arg_RULES} ABSOLUTE)
    add_test(NAME ${arg_PLUGIN}_rules
      COMMAND ${CAVEAT_COMMAND} rules test ${rules} --plugins $<TARGET_FILE_DIR:${arg_PLUGIN}>)
    set(rules --rules ${rules})
  endif()
  add_test(NAME ${arg_PLUGIN}_check COMMAND ${CAVEAT_COMMAND} plugin check $<TARGET_FILE:${arg_PLUGIN}> ${rules})
endfunction()

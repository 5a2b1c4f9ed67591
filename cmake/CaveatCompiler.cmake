# Warnings, sanitizers, and the tools that make builds faster where they are installed.
add_library(caveat_compiler INTERFACE)
target_compile_options(caveat_compiler INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>)

# gcc 12 sees overlaps, overflows and uninitialised members in its own std::string and std::variant once it optimises
# (gcc bugs 105329, 105562, 105651). These warnings come from the optimiser and are wrong here; the sanitizers look for what
# they mean.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  target_compile_options(caveat_compiler INTERFACE
    -Wno-maybe-uninitialized -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
endif()

# The standard library checks its own preconditions in quick and in sanitized builds.
add_compile_definitions($<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)

if(CAVEAT_SANITIZE)
  add_compile_options(-fsanitize=${CAVEAT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CAVEAT_SANITIZE})
endif()

find_program(CAVEAT_CCACHE ccache)
if(CAVEAT_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CAVEAT_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CAVEAT_CCACHE})
endif()
find_program(CAVEAT_MOLD mold)
if(CAVEAT_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

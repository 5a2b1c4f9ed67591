# cmake -D OUTPUT=FILE -D PLUGINS=FILE;… -P CaveatBuiltin.cmake
# Writes the SHA-256 of each file as a C++ string literal, a line each: what is part of Caveat is known by its bytes.
set(text "")
foreach(plugin IN LISTS PLUGINS)
  file(SHA256 ${plugin} digest)
  get_filename_component(name ${plugin} NAME)
  string(APPEND text "\"sha256:${digest}\",  // ${name}\n")
endforeach()
file(WRITE ${OUTPUT} "${text}")

# Writes the digest of the engine's sources, as a C++ string literal. Run by the build, whenever one of them changed:
#   cmake -D ROOT=… -D OUTPUT=… -D "FILES=…;…" -P CaveatEngineDigest.cmake
set(lines)
foreach(file IN LISTS FILES)
  file(SHA256 ${file} digest)
  cmake_path(RELATIVE_PATH file BASE_DIRECTORY ${ROOT})
  string(APPEND lines "${file} ${digest}\n")
endforeach()
string(SHA256 digest "${lines}")
file(WRITE ${OUTPUT} "\"sha256:${digest}\"\n")

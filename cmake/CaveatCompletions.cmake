# Completion scripts for the three shells, written by the command itself and installed where each shell looks.
set(folder ${PROJECT_BINARY_DIR}/share/completions)
file(MAKE_DIRECTORY ${folder})
set(scripts)

# caveat_completion(SHELL NAME DESTINATION)
function(caveat_completion shell name destination)
  add_custom_command(OUTPUT ${folder}/${name}
    COMMAND caveat_cli completion ${shell} > ${folder}/${name} DEPENDS caveat_cli VERBATIM)
  install(FILES ${folder}/${name} DESTINATION ${CMAKE_INSTALL_DATADIR}/${destination} COMPONENT caveat)
  set(scripts ${scripts} ${folder}/${name} PARENT_SCOPE)
endfunction()

caveat_completion(bash caveat bash-completion/completions)
caveat_completion(zsh _caveat zsh/site-functions)
caveat_completion(fish caveat.fish fish/vendor_completions.d)
add_custom_target(completions ALL DEPENDS ${scripts})
add_dependencies(product completions)

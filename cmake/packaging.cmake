# What is installed, and where: `cmake --install build/release --strip`. The manual, the completions
# and the configuration file are what the program itself prints, so that they are about this one.
set(generated ${PROJECT_BINARY_DIR}/packaging)

# print(FILE ARGUMENT…): the file is what `hallmark ARGUMENT…` prints.
function(print file)
  list(JOIN ARGN " " arguments)
  add_custom_command(OUTPUT ${generated}/${file} DEPENDS hallmark VERBATIM
    COMMAND ${CMAKE_COMMAND} -E make_directory ${generated}
    COMMAND sh -c "\"$1\" ${arguments} > \"$2\"" sh $<TARGET_FILE:hallmark> ${generated}/${file})
  set_property(GLOBAL APPEND PROPERTY HALLMARK_PRINTED ${generated}/${file})
endfunction()
print(hallmark.1 manual hallmark)
print(hallmark.toml.5 manual hallmark.toml)
print(hallmark.bash completion bash)
print(_hallmark completion zsh)
print(hallmark.toml configuration)
get_property(printed GLOBAL PROPERTY HALLMARK_PRINTED)
add_custom_target(printed ALL DEPENDS ${printed})

include(GNUInstallDirs)
set(packaging ${PROJECT_SOURCE_DIR}/packaging)
install(TARGETS hallmark RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${generated}/hallmark.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${generated}/hallmark.toml.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES ${generated}/hallmark.bash RENAME hallmark
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${generated}/_hallmark DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${generated}/hallmark.toml DESTINATION /etc/hallmark)  # where the unit looks
install(FILES ${packaging}/hallmark.service DESTINATION lib/systemd/system)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/SECURITY.md
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION ${CMAKE_INSTALL_DOCDIR}
  FILES_MATCHING PATTERN *.md)
install(DIRECTORY ${packaging}/grafana ${packaging}/prometheus
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

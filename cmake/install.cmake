# Installs headers, libraries and the package that find_package(cubicasa) reads.
include(CMakePackageConfigHelpers)

set(cubicasa_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/cubicasa)

set(cubicasa_targets cubicasa)
set(cubicasa_unbuilt_headers "testing/" "mirror/")
if(CUBICASA_BUILD_TESTING_LIBRARY)
    list(APPEND cubicasa_targets cubicasa_testing)
    list(REMOVE_ITEM cubicasa_unbuilt_headers "testing/")
endif()
set_target_properties(${cubicasa_targets} PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})

install(TARGETS ${cubicasa_targets} EXPORT cubicasa-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
list(JOIN cubicasa_unbuilt_headers "|" unbuilt)
install(DIRECTORY include/cubicasa DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp"
        REGEX "/cubicasa/(${unbuilt})" EXCLUDE)
install(EXPORT cubicasa-targets NAMESPACE cubicasa:: DESTINATION ${cubicasa_package_dir})

if(CUBICASA_BUILD_CLI)
    install(TARGETS cubicasa_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(FILES ${cubicasa_cli_texts}/cubicasa.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
    install(FILES ${cubicasa_cli_texts}/bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME cubicasa)
    install(FILES ${cubicasa_cli_texts}/zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _cubicasa)
    install(FILES ${cubicasa_cli_texts}/fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
            RENAME cubicasa.fish)
endif()

configure_package_config_file(cmake/cubicasa-config.cmake.in cubicasa-config.cmake INSTALL_DESTINATION ${cubicasa_package_dir}
                              NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(cubicasa-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cubicasa-config.cmake ${PROJECT_BINARY_DIR}/cubicasa-config-version.cmake
        DESTINATION ${cubicasa_package_dir})

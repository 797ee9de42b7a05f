# The package files for find_package(event-sourcing). The components are those that event_sourcing_library() made.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

get_property(components GLOBAL PROPERTY EVENT_SOURCING_COMPONENTS)
set(COMPONENT_TABLE "")
foreach(component IN LISTS components)
    foreach(fact IN ITEMS LIBRARY REQUIRES PACKAGES)
        get_property(value GLOBAL PROPERTY EVENT_SOURCING_${component}_${fact})
        string(APPEND COMPONENT_TABLE "set(_event_sourcing_${component}_${fact} \"${value}\")\n")
    endforeach()
endforeach()

configure_package_config_file(
    "${CMAKE_CURRENT_LIST_DIR}/event-sourcing-config.cmake.in"
    "${PROJECT_BINARY_DIR}/package/event-sourcing-config.cmake"
    INSTALL_DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/event-sourcing"
    NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)

set(architecture ARCH_INDEPENDENT)
if(EVENT_SOURCING_POSTGRES OR EVENT_SOURCING_KAFKA)
    set(architecture "")
endif()
write_basic_package_version_file(
    "${PROJECT_BINARY_DIR}/package/event-sourcing-config-version.cmake"
    VERSION ${PROJECT_VERSION}
    COMPATIBILITY SameMinorVersion ${architecture})

install(FILES "${PROJECT_BINARY_DIR}/package/event-sourcing-config.cmake"
              "${PROJECT_BINARY_DIR}/package/event-sourcing-config-version.cmake"
        DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/event-sourcing")
if(EVENT_SOURCING_POSTGRES)
    install(FILES "${CMAKE_CURRENT_LIST_DIR}/FindPqxx.cmake" DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/event-sourcing")
endif()
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

include_guard(DIRECTORY)

# event_sourcing_library(<name>
#     [COMPONENT <short name>]     name in find_package(event-sourcing COMPONENTS ...); default: <name>
#     [INCLUDE <directory>]        what users put on their include path; default: include
#     [HEADERS <directory>...]     where the public headers are, below INCLUDE; default: all of it
#     [SOURCES <file>...]          makes a static library; without: a header-only one
#     [LINK <target>...]           what users of the library need as well
#     [LINK_PRIVATE <target>...]   drivers that users never see
#     [PACKAGES <"name version">...]  what find_package(event-sourcing) has to find before this component's targets)
#
# Makes the target <name>, the alias event-sourcing::<name>, and event-sourcing::<short name> where that differs. It
# sets no flags and no standard beyond "at least C++20": those belong to the project that uses us.
function(event_sourcing_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "COMPONENT;INCLUDE" "HEADERS;SOURCES;LINK;LINK_PRIVATE;PACKAGES")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "event_sourcing_library(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT arg_COMPONENT)
        set(arg_COMPONENT ${name})
    endif()
    if(NOT arg_INCLUDE)
        set(arg_INCLUDE include)
    endif()
    if(NOT arg_HEADERS)
        set(arg_HEADERS ${arg_INCLUDE})
    endif()

    if(arg_SOURCES)
        set(usage PUBLIC)
        add_library(${name} STATIC ${arg_SOURCES})
    else()
        set(usage INTERFACE)
        add_library(${name} INTERFACE)
    endif()
    add_library(event-sourcing::${name} ALIAS ${name})
    if(NOT arg_COMPONENT STREQUAL name)
        add_library(event-sourcing::${arg_COMPONENT} ALIAS ${name})
    endif()

    list(TRANSFORM arg_HEADERS PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
    list(TRANSFORM arg_HEADERS APPEND "/*.hpp" OUTPUT_VARIABLE patterns)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${patterns})
    target_sources(
        ${name} ${usage}
        FILE_SET HEADERS
        BASE_DIRS "${CMAKE_CURRENT_SOURCE_DIR}/${arg_INCLUDE}"
        FILES ${headers})
    target_compile_features(${name} ${usage} cxx_std_20)
    target_link_libraries(${name} ${usage} ${arg_LINK})
    if(arg_LINK_PRIVATE)
        target_link_libraries(${name} PRIVATE ${arg_LINK_PRIVATE})
    endif()

    if(EVENT_SOURCING_INSTALL)
        include(GNUInstallDirs)
        install(
            TARGETS ${name}
            EXPORT event-sourcing-${arg_COMPONENT}
            ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
            FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
        install(
            EXPORT event-sourcing-${arg_COMPONENT}
            FILE event-sourcing-${arg_COMPONENT}-targets.cmake
            NAMESPACE event-sourcing::
            DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/event-sourcing")

        # For the package's config file: what each component is called and what it needs.
        set(requires ${arg_LINK})
        list(FILTER requires INCLUDE REGEX "^event-sourcing::")
        list(TRANSFORM requires REPLACE "^event-sourcing::" "")
        set_property(GLOBAL APPEND PROPERTY EVENT_SOURCING_COMPONENTS ${arg_COMPONENT})
        set_property(GLOBAL PROPERTY EVENT_SOURCING_${arg_COMPONENT}_LIBRARY ${name})
        set_property(GLOBAL PROPERTY EVENT_SOURCING_${arg_COMPONENT}_REQUIRES ${requires})
        set_property(GLOBAL PROPERTY EVENT_SOURCING_${arg_COMPONENT}_PACKAGES ${arg_PACKAGES})
    endif()
endfunction()

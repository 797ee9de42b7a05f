# Notes what the parent project has before the library is added, and refuses what the library then left behind.
set(watched_properties COMPILE_OPTIONS COMPILE_DEFINITIONS INCLUDE_DIRECTORIES LINK_OPTIONS LINK_LIBRARIES
                       BUILDSYSTEM_TARGETS TESTS)

macro(watch_begin)
    get_cmake_property(watch_variables VARIABLES)
    foreach(variable IN LISTS watch_variables)
        set(watch_before_${variable} "${${variable}}")
    endforeach()
    get_cmake_property(watch_cache CACHE_VARIABLES)
    foreach(property IN LISTS watched_properties)
        get_property(watch_property_${property} DIRECTORY PROPERTY ${property})
    endforeach()
endmacro()

macro(watch_end)
    # Variables of the parent: neither changed nor added.
    get_cmake_property(after VARIABLES)
    list(FILTER after EXCLUDE REGEX "^(watch.*|after|property|variable|target|ARG[CNV0-9]*)$")
    get_cmake_property(cache CACHE_VARIABLES)
    foreach(variable IN LISTS after)
        if(NOT variable IN_LIST watch_variables AND NOT variable IN_LIST cache)
            message(SEND_ERROR "The library left the variable ${variable} behind.")
        elseif(variable IN_LIST watch_variables AND NOT "${${variable}}" STREQUAL "${watch_before_${variable}}")
            message(SEND_ERROR "The library changed ${variable} from '${watch_before_${variable}}' "
                               "to '${${variable}}'.")
        endif()
    endforeach()

    # The cache: only entries under our own prefix, those of FetchContent, and where find_package() found a package.
    list(REMOVE_ITEM cache ${watch_cache})
    list(FILTER cache EXCLUDE REGEX "^(EVENT_SOURCING_|event-sourcing_|FETCHCONTENT_|nlohmann_json_DIR$|GTest_DIR$)")
    list(FILTER cache EXCLUDE REGEX "^(CMAKE_HAVE_LIBC_PTHREAD|FIND_PACKAGE_MESSAGE_DETAILS_.*|libpqxx_DIR)$")
    # Those of CMake's own pkg-config module.
    list(FILTER cache EXCLUDE REGEX "^(PKG_CONFIG_(ARGN|EXECUTABLE)|prefix_result|(__pkg_config_.*|pkgcfg_lib)_EVENT_SOURCING_PQXX.*)$")
    if(cache)
        message(SEND_ERROR "The library left these cache entries behind: ${cache}")
    endif()

    foreach(property IN LISTS watched_properties)
        get_property(after DIRECTORY PROPERTY ${property})
        if(NOT "${after}" STREQUAL "${watch_property_${property}}")
            message(SEND_ERROR "The library changed the directory's ${property} from "
                               "'${watch_property_${property}}' to '${after}'.")
        endif()
    endforeach()

    # Its own directories: targets with its own names only, and no tests.
    watch_directory("${event_sourcing_checkout}")
endmacro()

function(watch_directory directory)
    get_property(targets DIRECTORY "${directory}" PROPERTY BUILDSYSTEM_TARGETS)
    list(FILTER targets EXCLUDE REGEX "^(event-sourcing|event-store-inmemory|event-store-postgres)")
    if(targets)
        message(SEND_ERROR "The library made the targets ${targets} in ${directory}.")
    endif()
    get_property(tests DIRECTORY "${directory}" PROPERTY TESTS)
    if(tests)
        message(SEND_ERROR "The library made the tests ${tests} in ${directory}.")
    endif()
    get_property(subdirectories DIRECTORY "${directory}" PROPERTY SUBDIRECTORIES)
    foreach(subdirectory IN LISTS subdirectories)
        watch_directory("${subdirectory}")
    endforeach()
endfunction()

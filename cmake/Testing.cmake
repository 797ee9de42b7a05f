include_guard(GLOBAL)
include(GoogleTest)

# event_sourcing_add_gtest(<target>
#     PREFIX <unit|conformance.inmemory|example|...>   CTest names are <prefix>.<Suite>.<Name>
#     SOURCES <file>...
#     [LINK <target>...]            beside GoogleTest
#     [NO_MAIN]                     the sources bring their own main()
#     [TIMEOUT <seconds>]           of one case; default: 120
#     [PROPERTIES <name> <value>...]  further properties of every case, for example LABELS long or ENVIRONMENT ...)
#
# A GoogleTest program whose every case is one CTest case; a case that calls GTEST_SKIP() is reported as skipped. The
# program belongs to the target event-sourcing-tests-<first word of the prefix>, which builds all programs of that kind.
function(event_sourcing_add_gtest name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "NO_MAIN" "PREFIX;TIMEOUT" "SOURCES;LINK;PROPERTIES")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_PREFIX OR NOT arg_SOURCES)
        message(FATAL_ERROR "event_sourcing_add_gtest(${name}): wants PREFIX and SOURCES; not ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()

    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gtest)
    if(NOT arg_NO_MAIN)
        target_link_libraries(${name} PRIVATE GTest::gtest_main)
    endif()
    gtest_discover_tests(
        ${name}
        TEST_PREFIX "${arg_PREFIX}."
        DISCOVERY_MODE PRE_TEST
        DISCOVERY_TIMEOUT 60
        PROPERTIES TIMEOUT ${arg_TIMEOUT} ${arg_PROPERTIES})

    string(REGEX REPLACE "\\..*$" "" kind "${arg_PREFIX}")
    if(NOT TARGET event-sourcing-tests-${kind})
        add_custom_target(event-sourcing-tests-${kind})
    endif()
    add_dependencies(event-sourcing-tests-${kind} ${name})
endfunction()

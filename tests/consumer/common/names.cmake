# Every name under which a library can be linked, in each of the three ways of use. Included by the consumers.
set(names
    event-sourcing
    event-sourcing::event-sourcing
    event-store-inmemory
    event-sourcing::event-store-inmemory
    event-sourcing-testing
    event-sourcing::event-sourcing-testing
    event-sourcing::testing
    event-sourcing-conformance
    event-sourcing::event-sourcing-conformance
    event-sourcing::conformance)

foreach(name IN LISTS names)
    if(NOT TARGET ${name})
        message(FATAL_ERROR "There is no target ${name}.")
    endif()
    string(MAKE_C_IDENTIFIER "links_${name}" program)
    add_executable(${program} "${CMAKE_CURRENT_LIST_DIR}/names.cpp")
    target_link_libraries(${program} PRIVATE ${name})
    add_test(NAME ${program} COMMAND ${program})
endforeach()

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
if(TARGET event-store-postgres)
    list(APPEND names event-store-postgres event-sourcing::event-store-postgres)

    # Its headers, without those of the driver, and linked as a user links it.
    add_executable(uses_postgres "${CMAKE_CURRENT_LIST_DIR}/postgres.cpp")
    target_link_libraries(uses_postgres PRIVATE event-store-postgres)
    add_test(NAME uses_postgres COMMAND uses_postgres)
    foreach(property IN ITEMS INTERFACE_INCLUDE_DIRECTORIES INTERFACE_COMPILE_DEFINITIONS INTERFACE_COMPILE_OPTIONS)
        get_target_property(value event-store-postgres ${property})
        if(value MATCHES "pqxx|postgresql|-W|-f|PQXX")
            message(FATAL_ERROR "event-store-postgres gives its users ${property} '${value}'.")
        endif()
    endforeach()
endif()

foreach(name IN LISTS names)
    if(NOT TARGET ${name})
        message(FATAL_ERROR "There is no target ${name}.")
    endif()
    string(MAKE_C_IDENTIFIER "links_${name}" program)
    add_executable(${program} "${CMAKE_CURRENT_LIST_DIR}/names.cpp")
    target_link_libraries(${program} PRIVATE ${name})
    add_test(NAME ${program} COMMAND ${program})
endforeach()
